/// The scheme, host and port of a URL: whom a request talks to.
///
/// - Source: RFC 6454 §4
public struct Origin: Sendable, Hashable, CustomStringConvertible {
  /// The schemes that are spoken at all.
  package enum Scheme: String, Sendable {
    case https, http

    /// The port where none is written.
    package var defaultPort: Int { self == .https ? 443 : 80 }
  }

  /// https, or http for loopback.
  package let scheme: Scheme

  /// A name in lower case, or an address of the loopback interface.
  package let host: String

  /// 1 to 65,535.
  package let port: Int

  /// Joins the three.
  package init(scheme: Scheme, host: String, port: Int) {
    self.scheme = scheme
    self.host = host
    self.port = port
  }

  /// `host`, with `:port` where that is not the scheme's own.
  package var authority: String { port == scheme.defaultPort ? host : "\(host):\(port)" }

  /// As in a URL: `https://example.com`.
  public var description: String { scheme.rawValue + "://" + authority }

  /// Whether the host is this machine itself.
  package var isLoopback: Bool {
    host == "localhost" || host == "127.0.0.1" || host == "[::1]"
  }
}

extension Origin: FieldValue {
  /// Takes the origin out of an address that a person typed or pasted; `https://` may be missing.
  /// - Throws: ``FieldFailure`` for an address with a path, a query, another scheme, or no name.
  public init(_ text: String) throws(FieldFailure) {
    let isAddress = text.utf8.contains(UInt8(ascii: ":")) && text.contains("://")
    guard let parts = try? URLParts(reading: isAddress ? text : "https://\(text)"),
      parts.origin.scheme == .https, !parts.origin.isLoopback, parts.path == "/",
      parts.query == nil, parts.fragment == nil
    else {
      throw FieldFailure(
        type: "origin",
        reason: "wanted an address without a path, such as 'https://acme.example.com'")
    }
    self = parts.origin
  }

  /// The origin, as in a URL.
  public var fieldText: String { description }
}
