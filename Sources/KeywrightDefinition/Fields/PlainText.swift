extension String: FieldValue {
  /// The text as it is; what the field `text` allows is checked where a field is filled.
  public var fieldText: String { self }
}

extension Secret: FieldValue {
  /// The secret's own text, for the engine.
  public var fieldText: String { reveal() }
}
