extension XMLReader {
  /// Reads one character of an element's text.
  mutating func characterData(into text: inout [UInt8]) throws(XMLFailure) {
    if begins("&") { return try reference(into: &text) }
    if begins("]]>") { throw failure("the end of a CDATA section that did not begin") }
    text.append(character())
  }

  /// Reads a CDATA section from after its mark, with its end.
  mutating func characterDataSection(into text: inout [UInt8]) throws(XMLFailure) {
    while position < bytes.count {
      if take("]]>") { return }
      text.append(character())
    }
    throw failure("a CDATA section that does not end")
  }

  /// Reads an attribute's value with its quotes.
  ///
  /// White space that stands there as itself becomes spaces (XML 1.0 §3.3.3).
  mutating func attributeValue() throws(XMLFailure) -> String {
    guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw failure("the value of an attribute without quotes")
    }
    position += 1
    var value: [UInt8] = []
    while let byte = next {
      switch byte {
      case quote:
        position += 1
        return String(decoding: value, as: UTF8.self)
      case UInt8(ascii: "<"): throw failure("'<' in the value of an attribute")
      case UInt8(ascii: "&"): try reference(into: &value)
      default:
        let character = character()
        value.append(character.isXMLSpace ? 0x20 : character)
      }
    }
    throw failure("the value of an attribute that does not end")
  }

  /// Takes one byte; every line end is a line feed (XML 1.0 §2.11).
  private mutating func character() -> UInt8 {
    let byte = bytes[position]
    position += 1
    guard byte == 0x0D else { return byte }
    if next == 0x0A { position += 1 }
    return 0x0A
  }

  /// Reads a reference from its `&`: one of the five predefined entities, or a character by its number.
  private mutating func reference(into text: inout [UInt8]) throws(XMLFailure) {
    if take("&lt;") {
      text.append(UInt8(ascii: "<"))
    } else if take("&gt;") {
      text.append(UInt8(ascii: ">"))
    } else if take("&amp;") {
      text.append(UInt8(ascii: "&"))
    } else if take("&quot;") {
      text.append(UInt8(ascii: "\""))
    } else if take("&apos;") {
      text.append(UInt8(ascii: "'"))
    } else if begins("&#") {
      text.append(contentsOf: try numberedCharacter().utf8)
    } else {
      throw failure("a reference to no predefined entity")
    }
  }

  private mutating func numberedCharacter() throws(XMLFailure) -> String {
    let start = position
    let radix: UInt32 = take("&#x") ? 16 : 10
    if radix == 10 { position += 2 }
    var code: UInt32 = 0
    while let digit = next?.digitValue, digit < radix {
      // Held at its bound: more digits can't bring the number back, and must not overflow it.
      code = min(code * radix + digit, 0x110000)
      position += 1
    }
    // Without a digit it is U+0000, which is no character either.
    guard take(";"), let scalar = Unicode.Scalar(code), scalar.isXMLCharacter else {
      throw XMLFailure(reason: "a reference to no character", offset: start)
    }
    return String(scalar)
  }
}

extension UInt8 {
  /// What this is worth as a hexadecimal digit; nil for anything else.
  fileprivate var digitValue: UInt32? {
    guard isHexDigit else { return nil }
    return UInt32(isDigit ? self - 0x30 : lowered - 0x57)
  }
}
