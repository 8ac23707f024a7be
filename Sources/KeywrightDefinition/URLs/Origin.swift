/// The scheme, host and port of a URL: whom a request talks to.
///
/// - Source: RFC 6454 §4
package struct Origin: Sendable, Hashable, CustomStringConvertible {
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

  /// `host`, with `:port` where that is not the scheme's own.
  package var authority: String { port == scheme.defaultPort ? host : "\(host):\(port)" }

  /// As in a URL: `https://example.com`.
  package var description: String { "\(scheme.rawValue)://\(authority)" }

  /// Whether the host is this machine itself.
  package var isLoopback: Bool {
    host == "localhost" || host == "127.0.0.1" || host == "[::1]"
  }
}
