import KeywrightDefinition

/// What a compilation knows besides its text.
package struct CompilerContext: Sendable {
  /// Where a spec that another extends is found, by its id.
  package var load: @Sendable (String) -> SourceText? = { _ in nil }

  /// Shared suffixes that belong to one provider, by its id.
  package var ownSuffixes: [String: [String]] = [:]

  /// What a spec's `categories` may name; nil where any word will do.
  package var categories: Set<String>?

  /// A compilation that knows nothing else.
  package init() {}

  /// Whether anybody can have a host under a suffix, as far as one provider is concerned.
  ///
  /// A company's shared suffix is its own provider's, where `own-suffixes.txt` says so.
  func isShared(_ suffix: String, for provider: String) -> Bool {
    let name = suffix.asciiLowered
    if PublicSuffix.isRegistrys(name) { return true }
    return PublicSuffix.isCompanys(name) && ownSuffixes[provider]?.contains(name) != true
  }
}
