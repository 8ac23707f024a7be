internal import KeywrightDefinition

/// The origins whose pages may use an environment, each as a browser writes it in an `Origin` header.
///
/// - Source: https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
struct AllowedOrigins: Sendable, Hashable {
  /// In the order in which they were given, each once.
  let list: [String]

  /// How many an environment may have.
  private static let limit = 50

  /// Takes origins as people write them.
  init(_ given: [String]) throws(APIError) {
    guard given.count <= Self.limit else {
      throw APIError.invalidBody(
        "'allowed_origins' has \(Self.limit) origins at most", at: ["allowed_origins"])
    }
    var list: [String] = []
    for (index, text) in given.enumerated() {
      guard let origin = Self.canonical(text) else {
        throw APIError.invalidBody(
          "an origin is 'https://', a host and perhaps a port, such as 'https://app.example.com'; http is for this machine alone; a path, '*' and an address have no place in it",
          at: ["allowed_origins", String(index)])
      }
      if !list.contains(origin) { list.append(origin) }
    }
    self.list = list
  }

  /// Takes what is stored.
  init(stored text: String) { list = (try? JSON(reading: text))?.textList ?? [] }

  var stored: String { JSON.texts(list).compactText }

  /// Whether nobody has said whose pages may call.
  var isEmpty: Bool { list.isEmpty }

  func contains(_ origin: String) -> Bool { list.contains { $0.isSameBytes(as: origin) } }

  /// An origin as browsers write it; nil where a text is none.
  static func canonical(_ text: String) -> String? {
    guard let parts = try? URLParts(reading: text), parts.path == "/", parts.query == nil,
      parts.fragment == nil, parts.origin.scheme == .https || parts.origin.isLoopback
    else { return nil }
    return parts.origin.description
  }

  /// Whether a text is written as browsers write an origin: of any scheme and host, since an application may run in a
  /// shell of its own, or at an address of somebody's network. So it can be told, and compared; it opens nothing.
  static func isOrigin(_ text: String) -> Bool {
    guard text.utf8.count <= 300, let colon = text.firstRange(of: "://") else { return false }
    let (scheme, authority) = (text[..<colon.lowerBound].utf8, text[colon.upperBound...].utf8)
    func isLower(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    return scheme.first.map { isLower($0) && $0 > UInt8(ascii: "9") } == true && !authority.isEmpty
      && scheme.allSatisfy { isLower($0) || "+.-".utf8.contains($0) }
      && authority.allSatisfy { isLower($0) || ".-_:[]".utf8.contains($0) }
  }

  /// Whether a URL lies in one of them.
  ///
  /// It is compared, not understood: after an origin comes its path or its query, byte by byte, so no two parsers can
  /// disagree about where it leads.
  func hold(_ url: String) -> Bool {
    let isPlain = url.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#")
    }
    guard isPlain, url.utf8.count <= 2_000 else { return false }
    return list.contains { origin in
      let rest = url.utf8.dropFirst(origin.utf8.count)
      return url.utf8.starts(with: origin.utf8)
        && (rest.isEmpty || rest.first == UInt8(ascii: "/") || rest.first == UInt8(ascii: "?"))
    }
  }
}

extension ConnectionWish {
  /// Checks where a wish comes from, before anything is begun.
  /// - Parameter server: the origin of the server's own pages.
  func check(_ allowed: AllowedOrigins, ofServer server: String) throws(APIError) {
    if !allowed.isEmpty {
      for origin in [origin, opening.origin].compactMap(\.self)
      where origin != server && !allowed.contains(origin) {
        throw APIError(
          403, "origin_not_allowed",
          "pages of '\(Self.shown(origin))' may not use this environment; if they are yours, add their origin to 'allowed_origins' in Environment Settings"
        )
      }
    }
    guard let url = opening.returnURL, !allowed.hold(url) else { return }
    throw APIError(
      400, "return_url_not_allowed",
      allowed.isEmpty
        ? "'return_url' needs 'allowed_origins' in Environment Settings, and there are none"
        : "'return_url' is a URL of one of the environment's 'allowed_origins', written with the origin as it stands there and without '#'"
    )
  }

  /// What a browser said, as far as it may be shown back.
  private static func shown(_ origin: String) -> String {
    AllowedOrigins.canonical(origin) ?? "another kind"
  }
}
