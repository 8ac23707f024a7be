import CPublicSuffix
import KeywrightDefinition

/// Suffixes under which anybody can have a domain: the names of the public suffix list, in ASCII.
///
/// Its rules are kept sorted, one a line: a name, `*.` and a name, or `!` and a name; those of registries (ICANN)
/// apart from those that companies added.
enum PublicSuffix {
  /// Whether a suffix is one of a registry's, or no domain at all.
  static func isRegistrys(_ suffix: String) -> Bool {
    let labels = suffix.split(separator: ".", omittingEmptySubsequences: false)
    if labels.count < 2 || labels.contains(where: \.isEmpty) { return true }
    return registries.contains(suffix, labels)
  }

  /// Whether a company lets others have hosts under a suffix.
  static func isCompanys(_ suffix: String) -> Bool {
    companies.contains(
      suffix, suffix.split(separator: ".", omittingEmptySubsequences: false))
  }

  private static let registries = SuffixRules(
    start: keywright_icann_suffixes_start(), size: keywright_icann_suffixes_size())
  private static let companies = SuffixRules(
    start: keywright_private_suffixes_start(), size: keywright_private_suffixes_size())
}

/// Sorted lines, searched by halving.
private struct SuffixRules: Sendable {
  private let lines: [Substring]

  init(start: UnsafePointer<UInt8>?, size: Int) {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: size), as: UTF8.self)
    lines = text.split(separator: "\n")
  }

  /// Whether a rule names the suffix itself.
  func contains(_ suffix: String, _ labels: [Substring]) -> Bool {
    if has("!" + suffix) { return false }
    return has(suffix) || has("*." + labels.dropFirst().joined(separator: "."))
  }

  private func has(_ rule: String) -> Bool {
    var low = 0
    var high = lines.count
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].utf8.lexicographicallyPrecedes(rule.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < lines.count && lines[low].utf8.elementsEqual(rule.utf8)
  }
}
