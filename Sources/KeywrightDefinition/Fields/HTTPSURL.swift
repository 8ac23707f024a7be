/// An `https` URL without user information and fragment, whose host is a name.
///
/// What people paste is taken and stored canonical: scheme and host in lower case, `:443` dropped.
public struct HTTPSURL: FieldValue, Hashable, CustomStringConvertible {
  /// The canonical text.
  public let text: String

  /// Its scheme, host and port.
  package let origin: Origin

  /// Checks a URL.
  /// - Throws: ``FieldFailure`` that says what an `https` URL may not have.
  public init(_ text: String) throws(FieldFailure) {
    let parts: URLParts
    do {
      parts = try URLParts(reading: text)
    } catch {
      throw FieldFailure(
        type: "url", reason: "\(error.reason); wanted an address that begins with 'https://'")
    }
    guard parts.origin.scheme == .https, parts.fragment == nil, !parts.origin.isLoopback else {
      throw FieldFailure(
        type: "url",
        reason: "wanted an address that begins with 'https://', names a host and has no '#'")
    }
    origin = parts.origin
    self.text = parts.description
  }

  /// The URL.
  public var fieldText: String { text }

  /// The URL.
  public var description: String { text }
}
