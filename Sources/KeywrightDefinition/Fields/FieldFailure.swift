/// Why a text is no value of a field's type.
///
/// It says what is wanted, never what was given: a person may have pasted a secret into the wrong field.
public struct FieldFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The field's type in the spec language, such as `host_label`.
  public let type: String

  /// What was found and what is wanted, in one sentence.
  public let reason: String

  /// Joins a reason to the type that gives it.
  package init(type: String, reason: String) {
    self.type = type
    self.reason = reason
  }

  /// The reason.
  public var description: String { reason }
}
