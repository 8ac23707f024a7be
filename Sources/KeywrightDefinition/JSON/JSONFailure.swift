/// Why some bytes are no JSON text.
package struct JSONFailure: Error, Hashable, CustomStringConvertible {
  /// What was wrong, without any of the text that was read: an answer may hold secrets.
  package let reason: String

  /// Where, in bytes from the start.
  package let offset: Int

  /// Reason and place.
  package var description: String { "\(reason) at byte \(offset)" }
}
