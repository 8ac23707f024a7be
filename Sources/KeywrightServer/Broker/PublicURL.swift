internal import Keywright
internal import KeywrightDefinition

/// Where the world reaches the server: told by its operator, and never taken from a request's headers.
package struct PublicURL: Sendable, Hashable {
  /// Without a slash at its end, such as `https://connect.example.com/kw`.
  package let text: String
  /// What its paths begin with: empty, or `/kw`.
  let prefix: String
  /// Scheme, host and port.
  let origin: String

  /// Reads an absolute URL.
  /// - Throws: what does not fit.
  package init(_ given: String) throws(APIError) {
    var text = given
    while text.hasSuffix("/") { text.removeLast() }
    guard let parts = try? URLParts(reading: text), parts.query == nil, parts.fragment == nil,
      parts.origin.scheme == .https || parts.origin.isLoopback
    else {
      throw APIError.invalidBody(
        "the public URL is an absolute https URL without '?' and '#' (http on this machine alone), not '\(given)'"
      )
    }
    self.text = text
    origin = parts.origin.description
    prefix = parts.path == "/" ? "" : parts.path
  }

  /// Whether browsers keep a cookie for it that comes back from another site.
  var isSecure: Bool { text.hasPrefix("https:") }

  /// Where a provider sends the browser for one integration.
  func callback(for integration: String) -> String { "\(text)/oauth/callback/\(integration)" }
}
