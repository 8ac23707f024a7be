import CPublicSuffix
import KeywrightDefinition

/// Suffixes under which anybody can have a domain: the names of the public suffix list, in ASCII.
///
/// Its rules are kept sorted, one a line: a name, `*.` and a name, or `!` and a name; those of registries (ICANN)
/// apart from those that companies added.
enum PublicSuffix {
  /// Whether a suffix is one of a registry's, or no domain at all.
  static func isRegistrys(_ suffix: String) -> Bool {
    let labels = suffix.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count < 2 || labels.contains { $0.isEmpty } || registries.contains(suffix)
  }

  /// Whether a company lets others have hosts under a suffix.
  static func isCompanys(_ suffix: String) -> Bool {
    companies.contains(suffix)
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
  func contains(_ suffix: String) -> Bool {
    if has("!" + suffix) { return false }
    let rest = suffix.utf8.drop { $0 != UInt8(ascii: ".") }
    return has(suffix) || has("*" + (rest.isEmpty ? "." : String(decoding: rest, as: UTF8.self)))
  }

  private func has(_ rule: String) -> Bool {
    var rule = rule
    return rule.withUTF8 { rule in
      var low = 0
      var high = text.count
      while low < high {
        let start = start(ofLineAt: (low + high) / 2)
        var index = 0
        // The line and the rule are alike up to here.
        while index < rule.count, text[start + index] == rule[index], rule[index] != Self.end {
          index += 1
        }
        let next = text[start + index]
        if index == rule.count, next == Self.end { return true }
        if index < rule.count, next < rule[index] {
          low = end(ofLineAt: start + index) + 1
        } else {
          high = start
        }
      }
      return false
    }
  }

  private static let end = UInt8(ascii: "\n")

  private func start(ofLineAt index: Int) -> Int {
    var start = index
    while start > 0, text[start - 1] != Self.end { start -= 1 }
    return start
  }

  /// The line's end, which each line has.
  private func end(ofLineAt index: Int) -> Int {
    var end = index
    while text[end] != Self.end { end += 1 }
    return end
  }
}
