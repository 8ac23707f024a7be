/// A UUID in its usual spelling: 8-4-4-4-12 hexadecimal digits, in lower case.
///
/// - Source: RFC 9562 §4
public struct UUIDText: FieldValue, Hashable, CustomStringConvertible {
  /// The UUID, in lower case.
  public let text: String

  /// Checks a UUID.
  /// - Throws: ``FieldFailure`` for any other text.
  public init(_ text: String) throws(FieldFailure) {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12],
      groups.allSatisfy({ $0.utf8.allSatisfy(\.isHexDigit) })
    else {
      throw FieldFailure(
        type: "uuid", reason: "wanted a UUID, such as '123e4567-e89b-12d3-a456-426614174000'")
    }
    self.text = text.asciiLowered
  }

  /// The UUID.
  public var fieldText: String { text }

  /// The UUID.
  public var description: String { text }
}
