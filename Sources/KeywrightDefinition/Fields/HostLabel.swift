/// One label of a host name, such as the `acme` of `acme.example.com`: safe wherever it stands in a host.
///
/// Letters, digits and inner hyphens, 1 to 63 of them, in lower case; no internationalized (`xn--`) labels.
/// - Source: RFC 1123 §2.1, RFC 5891 §4.2.3.1
public struct HostLabel: FieldValue, Hashable, CustomStringConvertible {
  /// The label, in lower case.
  public let text: String

  /// Checks a label.
  /// - Throws: ``FieldFailure`` for anything but one label, such as a whole address.
  public init(_ text: String) throws(FieldFailure) {
    guard Self.isLabel(text) else {
      throw FieldFailure(
        type: "host_label",
        reason: "wanted one label of a host name, such as 'acme': "
          + "letters, digits and inner hyphens, at most 63")
    }
    self.text = text.asciiLowered
  }

  /// The label.
  public var fieldText: String { text }

  /// The label.
  public var description: String { text }

  /// Whether a text is one LDH label that is not reserved for an encoding of its own.
  static func isLabel(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard (1...63).contains(bytes.count), bytes.allSatisfy(\.isLetterDigitHyphen) else {
      return false
    }
    let hyphen = UInt8(ascii: "-")
    if bytes.first == hyphen || bytes.last == hyphen { return false }
    // Hyphens in places 3 and 4 announce an encoding, of which `xn--` is the only one in use.
    return !(bytes.count >= 4 && bytes[2] == hyphen && bytes[3] == hyphen)
  }
}
