/// `a=1&b=2`: the text of a query or of a form.
package enum FormText {
  /// Encodes pairs in their order.
  package static func text(
    _ pairs: [(name: String, value: String)], encode: (String) -> String
  ) -> String {
    pairs.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
  }

  /// Decodes pairs once, in their order; nil where a `%` stands alone or bytes are no UTF-8.
  package static func pairs(_ text: String) -> [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    for part in text.utf8.split(separator: UInt8(ascii: "&")) {
      let halves = part.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(halves[0]) else { return nil }
      guard let value = halves.count > 1 ? decoded(halves[1]) : "" else { return nil }
      pairs.append((name, value))
    }
    return pairs
  }

  private static func decoded(_ bytes: Substring.UTF8View) -> String? {
    var result: [UInt8] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): result.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst(), let low = rest.popFirst(), high.isHexDigit,
          low.isHexDigit,
          let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
        else { return nil }
        result.append(value)
      default: result.append(byte)
      }
    }
    return String(validating: result, as: UTF8.self)
  }
}
