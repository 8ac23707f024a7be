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
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !#""<>\^`{|}"#.utf8.contains($0) })
    else {
      throw URLFailure(reason: "a character that no URL may hold as it is")
    }
    guard let colon = text.range(ofFirst: "://") else {
      throw URLFailure(reason: "no scheme")
    }
    let scheme = Origin.Scheme(rawValue: String(text[..<colon.lowerBound]).asciiLowered)
    guard let scheme else { throw URLFailure(reason: "a scheme other than https") }
    var rest = text[colon.upperBound...]
    let hash = rest.firstIndex(of: "#")
    fragment = hash.map { String(rest[rest.index(after: $0)...]) }
    rest = rest[..<(hash ?? rest.endIndex)]
    let mark = rest.firstIndex(of: "?")
    query = mark.map { String(rest[rest.index(after: $0)...]) }
    rest = rest[..<(mark ?? rest.endIndex)]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    path = slash == rest.endIndex ? "/" : String(rest[slash...])
    origin = try Self.origin(scheme, authority: String(rest[..<slash]))
    if text.utf8.contains(UInt8(ascii: "[")), origin.host != "[::1]" {
      throw URLFailure(reason: "a character that no URL may hold as it is")
    }
    for part in [path, query, fragment] {
      guard let part, !part.hasWholePercentEscapes else { continue }
      throw URLFailure(reason: "a '%' without two hexadecimal digits")
    }
  }

  private static func origin(
    _ scheme: Origin.Scheme, authority: String
  ) throws(URLFailure) -> Origin {
    if authority.utf8.contains(UInt8(ascii: "@")) {
      throw URLFailure(reason: "a user name in the address")
    }
    var host = authority.asciiLowered
    var port = scheme.defaultPort
    if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
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
    let labels = host.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let hyphen = UInt8(ascii: "-")
    guard host.utf8.count <= 253, labels.count >= 2, let last = labels.last,
      labels.allSatisfy({ label in
        (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(\.isLetterDigitHyphen)
          && label.utf8.first != hyphen && label.utf8.last != hyphen
      })
    else { return false }
    // A last label that begins with a digit makes browsers read the whole as an IPv4 address.
    return last.utf8.first.map { !$0.isDigit } ?? false
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
    "\(origin)\(path)" + (query.map { "?\($0)" } ?? "") + (fragment.map { "#\($0)" } ?? "")
  }

  /// The decoded pairs of the query, in their order; nil where a `%` stands alone or bytes are no UTF-8.
  package var queryPairs: [(name: String, value: String)]? { FormText.pairs(query ?? "") }
}

extension String {
  /// Where a text first stands in this one.
  fileprivate func range(ofFirst text: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) {
        return start..<index(start, offsetBy: text.count)
      }
      start = index(after: start)
    }
    return nil
  }

  /// Whether each `%` is followed by two hexadecimal digits.
  fileprivate var hasWholePercentEscapes: Bool {
    let bytes = Array(utf8)
    return bytes.indices.allSatisfy { index in
      bytes[index] != UInt8(ascii: "%")
        || (index + 2 < bytes.count && bytes[index + 1].isHexDigit && bytes[index + 2].isHexDigit)
    }
  }
}
