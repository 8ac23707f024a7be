/// A request of a flow and how it ended, secrets and all: whoever keeps it takes them out.
package struct ObservedExchange: Sendable, CustomStringConvertible, CustomReflectable {
  /// The stage that the request belongs to, such as `exchange`.
  package let stage: String
  /// The id of its step, where the spec gives it one.
  package let step: String?
  /// What was sent.
  package let request: OutgoingRequest
  /// What came, or why nothing did.
  package let ending: Result<TransportAnswer, TransportError>
  /// From the first byte to the last.
  package let duration: Duration

  /// Texts that are never shown, wherever they stand.
  package let secrets: [String]

  /// Stage and host alone.
  package var description: String { "\(stage): \(request)" }
  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
