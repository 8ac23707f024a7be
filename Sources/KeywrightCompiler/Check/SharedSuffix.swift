import KeywrightDefinition

/// Suffixes under which anybody can register a domain.
enum SharedSuffix {
  /// Whether no registrable domain is named: one label, or a well-known second level of a country.
  ///
  /// The whole public suffix list comes with the checks of issue 8; until then second levels that registries
  /// use everywhere are known, in any country.
  static func contains(_ suffix: String) -> Bool {
    let labels = suffix.asciiLowered.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }) else { return true }
    guard labels.count == 2, labels[1].utf8.count == 2 else { return false }
    return secondLevels.contains(String(labels[0]))
  }

  private static let secondLevels: Set<String> = [
    "ac", "co", "com", "edu", "gob", "gov", "gouv", "govt", "gv", "ltd", "me", "mil", "ne", "net",
    "nom", "or", "org", "plc", "sch",
  ]
}
