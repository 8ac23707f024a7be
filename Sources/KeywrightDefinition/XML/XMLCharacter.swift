extension Unicode.Scalar {
  /// Whether an XML document may hold this, as itself or as a reference.
  ///
  /// - Source: XML 1.0 §2.2, `Char`
  var isXMLCharacter: Bool {
    switch value {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}

extension UInt8 {
  /// Whether this is white space to XML: space, tab, line feed or carriage return.
  ///
  /// - Source: XML 1.0 §2.3, `S`
  var isXMLSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
