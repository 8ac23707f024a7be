extension UInt8 {
  /// Whether this is `0`–`9`.
  package var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  /// Whether this is `0`–`9`, `a`–`f` or `A`–`F`.
  package var isHexDigit: Bool {
    isDigit || (self | 0x20 >= 0x61 && self | 0x20 <= 0x66)
  }

  /// The value of a hexadecimal digit.
  var hexValue: UInt8 { isDigit ? self - 0x30 : (self | 0x20) - 0x61 + 10 }

  /// Whether this is `a`–`z` or `A`–`Z`.
  package var isLetter: Bool { self | 0x20 >= 0x61 && self | 0x20 <= 0x7A }

  /// Whether this may stand in an LDH label, dots and case aside.
  package var isLetterDigitHyphen: Bool { isLetter || isDigit || self == 0x2D }

  /// `A`–`Z` in lower case, all else as it is.
  package var lowered: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

  /// `a`–`z` in upper case, all else as it is.
  package var uppered: UInt8 { self >= 0x61 && self <= 0x7A ? self & 0xDF : self }
}

extension String {
  /// Whether a byte of the text is one of some kind. The bytes are looked at where they lie, which is far quicker than
  /// to step from index to index.
  @inlinable
  package func holds(_ isWanted: (UInt8) -> Bool) -> Bool {
    utf8.withContiguousStorageIfAvailable { $0.contains(where: isWanted) }
      ?? utf8.contains(where: isWanted)
  }

  /// Whether a byte stands in the text.
  package func holds(_ byte: UInt8) -> Bool { holdsAny { $0 == byte } }

  /// Whether each byte is a printing character of ASCII, or a space.
  package var isPrintableASCII: Bool { !holdsAny { $0 &- 0x20 >= 0x5F } }

  /// As ``holds(_:)``, of a test that costs next to nothing: all bytes are looked at, many in one instruction, where
  /// most texts have none of that kind.
  @inline(__always)
  func holdsAny(_ isWanted: (UInt8) -> Bool) -> Bool {
    utf8.withContiguousStorageIfAvailable { bytes in
      var found: UInt8 = 0
      for byte in bytes { found |= isWanted(byte) ? 1 : 0 }
      return found != 0
    } ?? utf8.contains(where: isWanted)
  }

  /// The text with `A`–`Z` in lower case and every other byte as it is.
  package var asciiLowered: String {
    holds { $0 >= 0x41 && $0 <= 0x5A } ? String(decoding: utf8.map(\.lowered), as: UTF8.self) : self
  }

  /// The text with `a`–`z` in upper case and every other byte as it is.
  package var asciiUppered: String {
    String(decoding: utf8.map(\.uppered), as: UTF8.self)
  }

  /// Whether the bytes of both are the same; `==` would also join what Unicode calls equivalent.
  ///
  /// What differs in length or by `==` has other bytes too, and both are seen by far quicker.
  package func isSameBytes(as other: String) -> Bool {
    guard utf8.count == other.utf8.count, self == other else { return false }
    // Equal to Unicode: of ASCII, that is equal; else the bytes decide.
    return !holds { $0 >= 0x80 } || utf8.elementsEqual(other.utf8)
  }

  /// Whether its first bytes are those of another text; `hasPrefix` would also look at what Unicode joins to the last.
  package func begins(with other: StaticString) -> Bool {
    utf8.count >= other.utf8CodeUnitCount
      && other.withUTF8Buffer { other in
        utf8.withContiguousStorageIfAvailable { $0.starts(with: other) } ?? utf8.starts(with: other)
      }
  }

  /// Whether the bytes of another text stand in it.
  package func holds(_ other: String) -> Bool {
    var (text, wanted) = (self, other)
    return text.withUTF8 { text in
      wanted.withUTF8 { wanted in
        guard let first = wanted.first else { return true }
        guard text.count >= wanted.count else { return false }
        return (0...text.count - wanted.count).contains { start in
          text[start] == first && text[start...].starts(with: wanted)
        }
      }
    }
  }

  /// Whether a control character or a line end of any kind stands in it.
  ///
  /// C0, DEL, C1, U+2028 and U+2029; found on scalars, since `"\r\n"` is one `Character`.
  package var hasControlCharacter: Bool {
    if isPrintableASCII { return false }
    return unicodeScalars.contains { scalar in
      scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || scalar.value == 0x2028 || scalar.value == 0x2029
    }
  }
}
