internal import KeywrightDefinition

/// Where the provider sends the browser back to: byte for byte as it is registered there.
///
/// `https`, `http` on loopback (RFC 8252 §7.3), or an application's own scheme with a dot in it (§7.1); without a
/// fragment (RFC 6749 §3.1.2). It is never rewritten.
public struct RedirectURI: Sendable, Hashable, CustomStringConvertible {
  /// The URI as it was given.
  public let text: String

  /// Checks a redirect URI.
  /// - Throws: ``AuthorizationError`` that says what it may not have.
  public init(_ text: String) throws(AuthorizationError) {
    guard Self.isFit(text) else {
      throw AuthorizationError(
        .invalidRedirectURI,
        "wanted an absolute URI without '#': https, http on 127.0.0.1, or an application's own scheme"
      )
    }
    self.text = text
  }

  private static func isFit(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.utf8.contains(UInt8(ascii: "#")),
      let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
    else { return false }
    let scheme = String(text[..<colon]).asciiLowered
    if scheme != "https", scheme != "http" {
      let isName = scheme.utf8.allSatisfy {
        $0.isLetter || $0.isDigit || "+-.".utf8.contains($0)
      }
      return scheme.utf8.contains(UInt8(ascii: ".")) && isName
        && scheme.utf8.first?.isLetter == true
    }
    guard let parts = try? URLParts(reading: text) else { return false }
    return scheme == "https" || parts.origin.isLoopback
  }

  /// The URI as it was given.
  public var description: String { text }
}
