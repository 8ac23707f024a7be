/// The encodings that make a value safe in its place, and bytes text.
package enum Encoding {
  /// Percent-encodes one component of a URL: all but RFC 3986's unreserved characters (§2.3).
  package static func percent(_ text: String) -> String {
    encoded(text, space: "%20", isUnreserved)
  }

  /// Encodes one name or value of a form: as ``percent(_:)``, but a space is `+`.
  ///
  /// - Source: application/x-www-form-urlencoded, RFC 6749 appendix B
  package static func form(_ text: String) -> String {
    encoded(text, space: "+", isUnreserved)
  }

  /// Text of a page or of an attribute: what has a meaning in HTML is written out.
  package static func html(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// Base64 with padding (RFC 4648 §4).
  package static func base64(_ bytes: [UInt8]) -> String {
    var text = base64(bytes, alphabet: standardAlphabet)
    while text.utf8.count % 4 != 0 { text += "=" }
    return text
  }

  /// Base64 for URLs, without padding (RFC 4648 §5).
  package static func base64URL(_ bytes: [UInt8]) -> String {
    base64(bytes, alphabet: urlAlphabet)
  }

  /// Lower-case hexadecimal digits.
  package static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Reads base64 for URLs without padding; nil for any other character, and for bits left over.
  package static func bytes(base64URL text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text.utf8 {
      guard let value = urlAlphabet.firstIndex(of: byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        bits &= (1 << UInt32(count)) - 1
      }
    }
    return count >= 6 || bits != 0 ? nil : result
  }

  /// Reads base64 of either alphabet, with or without padding; nil for anything else.
  package static func bytes(anyBase64 text: String) -> [UInt8]? {
    var letters = text.utf8.map { byte in
      byte == UInt8(ascii: "+")
        ? UInt8(ascii: "-") : byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte
    }
    let isPadded = letters.last == UInt8(ascii: "=")
    if isPadded, letters.count % 4 != 0 { return nil }
    for _ in 0..<2 where letters.last == UInt8(ascii: "=") { letters.removeLast() }
    return bytes(base64URL: String(decoding: letters, as: UTF8.self))
  }

  /// A UUID of version 4 out of 16 random bytes; of any other number of bytes it is empty.
  ///
  /// - Source: RFC 9562 §5.4
  package static func uuid(_ chance: [UInt8]) -> String {
    var bytes = chance
    guard bytes.count == 16 else { return "" }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    var rest = hex(bytes)[...]
    return [8, 4, 4, 4, 12].map { count in
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }.joined(separator: "-")
  }

  /// Reads pairs of hexadecimal digits of either case; nil for anything else.
  package static func bytes(hex text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2), digits.allSatisfy(\.isHexDigit) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { index in
      digits[index].hexValue << 4 | digits[index + 1].hexValue
    }
  }

  /// Whether a byte stands for itself everywhere in a URL (RFC 3986 §2.3).
  package static func isUnreserved(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || "-._~".utf8.contains(byte)
  }

  private static let standardAlphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let urlAlphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func base64(_ bytes: [UInt8], alphabet: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits: UInt32 = 0
      for byte in group { bits = bits << 8 | UInt32(byte) }
      bits <<= UInt32(8 * (3 - group.count))
      for index in 0...group.count {
        text.append(alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func encoded(
    _ text: String, space: String, _ stays: (UInt8) -> Bool
  ) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      if stays(byte) {
        result.append(byte)
      } else if byte == 0x20 {
        result.append(contentsOf: space.utf8)
      } else {
        result.append(UInt8(ascii: "%"))
        result.append(contentsOf: hex([byte]).uppercased().utf8)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
