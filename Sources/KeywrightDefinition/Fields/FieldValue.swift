/// A type that a person's or an integrator's entry is read into, once, at the edge.
public protocol FieldValue: Sendable {
  /// Reads an entry and brings it into its canonical form.
  /// - Throws: ``FieldFailure``, which says what is wanted.
  init(_ text: String) throws(FieldFailure)

  /// The canonical text, which reads as the same value.
  var fieldText: String { get }
}
