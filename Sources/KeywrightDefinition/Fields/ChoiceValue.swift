/// One of the values that a field offers: generated enums conform.
public protocol ChoiceValue: FieldValue, RawRepresentable, CaseIterable, Hashable
where RawValue == String {}

extension ChoiceValue {
  /// Reads a value as the spec writes it.
  /// - Throws: ``FieldFailure`` that names the values.
  public init(_ text: String) throws(FieldFailure) {
    guard let value = Self(rawValue: text) else {
      let known = Self.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw FieldFailure(type: "choice", reason: "wanted one of \(known)")
    }
    self = value
  }

  /// The value as the spec writes it.
  public var fieldText: String { rawValue }
}
