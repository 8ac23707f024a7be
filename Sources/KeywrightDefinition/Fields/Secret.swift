/// A text that must not be seen: a key, a token, a password, a client secret.
///
/// It can't be printed, dumped, reflected, encoded or interpolated; ``reveal()`` is the one way to its text, so
/// every place that uses it can be found by name.
public struct Secret: Sendable {
  private let text: String

  /// Keeps a text from sight.
  public init(_ text: String) { self.text = text }

  /// The text itself, for the place that needs it: a header, a form, another program's interface.
  public func reveal() -> String { text }

  /// Whether nothing is in it.
  public var isEmpty: Bool { text.isEmpty }
}

extension Secret: Equatable {
  /// Compares in time that depends on the lengths alone.
  public static func == (one: Secret, other: Secret) -> Bool {
    let one = Array(one.text.utf8)
    let other = Array(other.text.utf8)
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// `<secret>`, whatever it is.
  public var description: String { "<secret>" }

  /// `<secret>`, whatever it is.
  public var debugDescription: String { "<secret>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension DefaultStringInterpolation {
  /// Adds `<secret>`, with a warning: a secret stands in no text by accident.
  ///
  /// Deprecated and not unavailable, since the compiler passes over an unavailable overload for a general one.
  @available(*, deprecated, message: "a Secret is not interpolated; reveal() gives its text")
  public mutating func appendInterpolation(_ secret: Secret) { appendLiteral(secret.description) }
}
