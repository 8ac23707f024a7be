/// An e-mail address of the kind that log-ins use: ASCII, one `@`, at most 254 characters.
///
/// - Source: the addr-spec of RFC 5321 §4.1.2, without quoted local parts and address literals
public struct EmailAddress: FieldValue, Hashable, CustomStringConvertible {
  /// The address, with its domain in lower case.
  public let text: String

  /// Checks an address.
  /// - Throws: ``FieldFailure`` for anything that could not be one.
  public init(_ text: String) throws(FieldFailure) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard text.utf8.count <= 254, parts.count == 2, Self.isLocalPart(parts[0]),
      Self.isDomain(parts[1])
    else {
      throw FieldFailure(
        type: "email", reason: "wanted an e-mail address, such as 'ada@example.com'")
    }
    self.text = "\(parts[0])@\(String(parts[1]).asciiLowered)"
  }

  /// The address.
  public var fieldText: String { text }

  /// The address.
  public var description: String { text }

  private static func isLocalPart(_ part: Substring) -> Bool {
    let atoms = part.split(separator: ".", omittingEmptySubsequences: false)
    return part.utf8.count <= 64
      && atoms.allSatisfy { atom in
        !atom.isEmpty
          && atom.utf8.allSatisfy {
            $0.isLetter || $0.isDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0)
          }
      }
  }

  private static func isDomain(_ part: Substring) -> Bool {
    let labels = part.split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2
      && labels.allSatisfy { label in
        let bytes = Array(label.utf8)
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(bytes.count) && bytes.allSatisfy(\.isLetterDigitHyphen)
          && bytes.first != hyphen && bytes.last != hyphen
      }
  }
}
