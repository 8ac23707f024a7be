/// Why some bytes are no XML document that is read here.
package struct XMLFailure: Error, Hashable, CustomStringConvertible {
  /// What was wrong, without any of the text that was read: an answer may hold secrets.
  package let reason: String

  /// Where, in bytes from the start, a byte-order mark counted.
  package let offset: Int

  /// Reason and place.
  package var description: String { "\(reason) at byte \(offset)" }
}
