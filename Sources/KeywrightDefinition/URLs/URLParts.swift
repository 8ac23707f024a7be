/// Why a text is no URL of ours. It never holds the text: a query may hold a secret.
package struct URLFailure: Error, Hashable {
  /// What was found that no URL of ours has.
  package let reason: String
}

/// A URL, cut into its parts without decoding any.
///
/// Stricter than RFC 3986: absolute, `https` or `http`, no user information, no address but loopback's, and no
/// character that the RFC does not allow in its place. So no two parsers can disagree about its host.
package struct URLParts: Sendable, Hashable, CustomStringConvertible {
  /// Whom a request talks to.
  package let origin: Origin

  /// Begins with `/`.
  package let path: String

  /// What stands after `?`; nil where there is none.
  package let query: String?

  /// What stands after `#`; nil where there is none.
  package let fragment: String?

  /// Reads a URL.
  package init(reading text: String) throws(URLFailure) {
    var copy = text
    // One pass over contiguous bytes: every spec and every request reads URLs.
    let parsed = copy.withUTF8 { bytes in Self.parse(bytes) }
    switch parsed {
    case .success(let parts): self = parts
    case .failure(let failure): throw failure
    }
  }

  private static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> Result<URLParts, URLFailure> {
    var bracket = false
    for byte in bytes {
      if byte <= 0x20 || byte >= 0x7F || isForbidden(byte) {
        return .failure(URLFailure(reason: "a character that no URL may hold as it is"))
      }
      if byte == UInt8(ascii: "[") { bracket = true }
    }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon + 2 < bytes.count,
      bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/")
    else { return .failure(URLFailure(reason: "no scheme")) }
    guard let scheme = Origin.Scheme(rawValue: text(bytes[..<colon]).asciiLowered) else {
      return .failure(URLFailure(reason: "a scheme other than https"))
    }
    let start = colon + 3
    let hash = bytes[start...].firstIndex(of: UInt8(ascii: "#"))
    let beforeHash = hash ?? bytes.count
    let mark = bytes[start..<beforeHash].firstIndex(of: UInt8(ascii: "?"))
    let beforeQuery = mark ?? beforeHash
    let slash = bytes[start..<beforeQuery].firstIndex(of: UInt8(ascii: "/")) ?? beforeQuery
    guard hasWholePercentEscapes(bytes[slash...]) else {
      return .failure(URLFailure(reason: "a '%' without two hexadecimal digits"))
    }
    do {
      let origin = try origin(scheme, authority: text(bytes[start..<slash]))
      if bracket, origin.host != "[::1]" {
        return .failure(URLFailure(reason: "a character that no URL may hold as it is"))
      }
      return .success(
        URLParts(
          origin: origin, path: slash == beforeQuery ? "/" : text(bytes[slash..<beforeQuery]),
          query: mark.map { text(bytes[($0 + 1)..<beforeHash]) },
          fragment: hash.map { text(bytes[($0 + 1)...]) }))
    } catch {
      return .failure(error)
    }
  }

  private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  private static func isForbidden(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
      UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"),
      UInt8(ascii: "}"):
      true
    default: false
    }
  }

  /// Whether each `%` is followed by two hexadecimal digits, in the same part of the URL.
  private static func hasWholePercentEscapes(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == UInt8(ascii: "%") {
        guard index + 2 < bytes.endIndex, bytes[index + 1].isHexDigit, bytes[index + 2].isHexDigit
        else { return false }
        index += 2
      }
      index += 1
    }
    return true
  }

  private static func origin(
    _ scheme: Origin.Scheme, authority: String
  ) throws(URLFailure) -> Origin {
    if authority.holds(UInt8(ascii: "@")) {
      throw URLFailure(reason: "a user name in the address")
    }
    var host = authority.asciiLowered
    var port = scheme.defaultPort
    if host.holds(UInt8(ascii: ":")), host.utf8.last != UInt8(ascii: "]"),
      let colon = host.utf8.lastIndex(of: UInt8(ascii: ":"))
    {
      let digits = String(host[host.index(after: colon)...])
      guard let number = Int64(strict: digits), (1...65_535).contains(number),
        digits.utf8.first != UInt8(ascii: "0")
      else { throw URLFailure(reason: "no port between 1 and 65535") }
      port = Int(number)
      host = String(host[..<colon])
    }
    let origin = Origin(scheme: scheme, host: host, port: port)
    guard isHostName(host) || origin.isLoopback else {
      throw URLFailure(reason: "no host name of letters, digits, hyphens and dots")
    }
    return origin
  }

  /// Whether a text is a host name of two labels or more that is no IPv4 address in any spelling.
  static func isHostName(_ host: String) -> Bool {
    var copy = host
    return copy.withUTF8(isHostName)
  }

  private static func isHostName(_ host: UnsafeBufferPointer<UInt8>) -> Bool {
    if host.count > 253 { return false }
    var labels = 1
    var length = 0
    var first: UInt8 = 0
    var previous = UInt8(ascii: ".")
    for byte in host {
      if byte == UInt8(ascii: ".") {
        if length == 0 || previous == UInt8(ascii: "-") { return false }
        labels += 1
        length = 0
      } else {
        if !byte.isLetterDigitHyphen || (length == 0 && byte == UInt8(ascii: "-")) { return false }
        if length == 0 { first = byte }
        length += 1
        if length > 63 { return false }
      }
      previous = byte
    }
    // A last label that begins with a digit makes browsers read the whole as an IPv4 address.
    return labels >= 2 && length > 0 && previous != UInt8(ascii: "-") && !first.isDigit
  }

  private init(origin: Origin, path: String, query: String?, fragment: String?) {
    self.origin = origin
    self.path = path
    self.query = query
    self.fragment = fragment
  }

  /// The URL with another query and fragment, each as it goes out.
  package func replacing(query: String?, fragment: String?) -> URLParts {
    URLParts(origin: origin, path: path, query: query, fragment: fragment)
  }

  /// The URL again.
  package var description: String {
    var text = origin.description + path
    if let query { text += "?" + query }
    if let fragment { text += "#" + fragment }
    return text
  }

  /// The decoded pairs of the query, in their order; nil where a `%` stands alone or bytes are no UTF-8.
  package var queryPairs: [(name: String, value: String)]? { FormText.pairs(query ?? "") }
}
