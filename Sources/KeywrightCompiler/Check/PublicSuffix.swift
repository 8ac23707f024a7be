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

/// Sorted lines, searched by halving their bytes where they lie in the program.
private struct SuffixRules: @unchecked Sendable {
  private let text: UnsafeBufferPointer<UInt8>

  init(start: UnsafePointer<UInt8>?, size: Int) {
    text = UnsafeBufferPointer(start: start, count: size)
  }

  /// Whether a rule names the suffix itself.
  func contains(_ suffix: String, _ labels: [Substring]) -> Bool {
    if has("!" + suffix) { return false }
    return has(suffix) || has("*." + labels.dropFirst().joined(separator: "."))
  }

  private func has(_ rule: String) -> Bool {
    let rule = rule.utf8
    var low = 0
    var high = text.count
    while low < high {
      let line = line(at: (low + high) / 2)
      if line.elementsEqual(rule) { return true }
      if line.lexicographicallyPrecedes(rule) {
        low = line.endIndex + 1
      } else {
        high = line.startIndex
      }
    }
    return false
  }

  /// The line that a byte stands in, or that it ends.
  private func line(at index: Int) -> Slice<UnsafeBufferPointer<UInt8>> {
    let end = text[index...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
    let start = text[..<index].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return text[start..<end]
  }
}
