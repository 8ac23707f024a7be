internal import Keywright
internal import KeywrightDefinition

/// What a browser or a backend asks for when it wants a connection.
struct ConnectionWish: Sendable {
  var integration: String
  var connectionID: String?
  var publicKey: String?
  var sessionToken: String?
  var hmac: String?
  /// Values of `ask`, by the spec's names or others that lead to them: connection configuration and keys.
  var fields: [String: String] = [:]
  /// For the authorization request: what the spec's `hints` name.
  var hints: [String: String] = [:]
  var scopes: [String]?
  var socket: String?
  /// The origin of the page that calls, as its browser says; nil where a window is opened, or no browser calls.
  var origin: String?
  /// What a page that opens a window says of itself.
  var opening = Opening()

  /// How a page that opens a window, or goes itself, hears of the result.
  struct Opening: Sendable {
    /// By which it asks.
    var ticket: Ticket?
    /// The origin that is told by the page at which the window ends.
    var origin: String?
    /// Where the browser goes instead of a page of ours.
    var returnURL: String?
  }
}

/// Who wants it, and what that allows.
struct Caller: Sendable {
  let environment: DeploymentEnvironment
  let session: ConnectSession?
  /// Whether a backend stands behind it: by a digest, or by a session.
  let isVouchedFor: Bool

  /// Whose starts are counted together: what a public key alone starts takes nobody's place who was sent by a backend.
  var bucket: String { "\(environment.id)/\(isVouchedFor)" }
}

/// A wish that was examined: what it may do, and with what.
struct ExaminedWish: Sendable {
  let caller: Caller
  let integration: Integration
  let method: Method
  let connectionID: String
  let existing: ConnectionRow?
  let fields: [String: String]
  let hints: [String: String]
  let scopes: [String]?
  let allowsOtherAccount: Bool
  let endUser: JSON?
  let tags: JSON
}

extension Broker {
  /// Finds out who asks.
  func caller(_ wish: ConnectionWish) async throws -> Caller {
    if let token = wish.sessionToken {
      let session = try await sessions.open(token, starting: true)
      guard let environment = try await environments.withID(session.environment) else {
        throw APIError(401, "invalid_connect_session_token", "the session's environment is gone")
      }
      try wish.check(environment.allowedOrigins, ofServer: publicURL.origin)
      let allowed = session.allowedIntegrations
      guard allowed.isEmpty || allowed.contains(wish.integration) else {
        throw APIError(
          403, "forbidden", "this connect session is not for the integration '\(wish.integration)'")
      }
      if wish.connectionID != nil {
        throw APIError(
          400, "connection_id_forbidden",
          "with a connect session the server names the connection; leave 'connection_id' out")
      }
      return Caller(environment: environment, session: session, isVouchedFor: true)
    }
    guard let key = wish.publicKey, !key.isEmpty else {
      throw APIError(
        401, "missing_public_key", "'public_key' or 'connect_session_token' is missing")
    }
    guard let environment = try await environments.withPublicKey(key) else {
      throw APIError(
        401, "unknown_account",
        "no environment has this public key; it stands in Environment Settings")
    }
    try wish.check(environment.allowedOrigins, ofServer: publicURL.origin)
    let isSigned = try await checkDigest(wish, environment)
    return Caller(environment: environment, session: nil, isVouchedFor: isSigned)
  }

  /// Whether a backend has vouched for the wish; where the environment demands that, who has not is refused.
  private func checkDigest(_ wish: ConnectionWish, _ environment: DeploymentEnvironment)
    async throws -> Bool
  {
    guard environment.requiresHMAC || wish.hmac != nil else { return false }
    guard let key = try await environments.hmacKey(of: environment) else {
      // A digest that nobody can check vouches for nothing, and lets nobody in.
      guard !environment.requiresHMAC else {
        throw APIError(
          401, "invalid_hmac", "this environment demands 'hmac' and has no key; set one first")
      }
      return false
    }
    guard let digest = wish.hmac, !digest.isEmpty else {
      throw APIError(
        401, "missing_hmac",
        "this environment demands 'hmac': the backend makes it, hex(HMAC-SHA256(key, \"integration:connection_id\"))"
      )
    }
    guard
      FrontendDigest.isRight(
        digest, key: key, integration: wish.integration, connection: wish.connectionID)
    else {
      throw APIError(
        401, "invalid_hmac",
        "the digest is not that of this integration and connection id under this environment's key")
    }
    return true
  }

  /// Examines a wish before anything is done about it.
  func examined(_ wish: ConnectionWish, by caller: Caller) async throws -> ExaminedWish {
    let integration = try await integrations.named(wish.integration, in: caller.environment)
    let method = try providers.method(integration.method, of: integration.provider)
    let defaults = caller.session?.defaults(for: integration.key)
    func named(_ given: [String: String]) throws(APIError) -> [String: String] {
      try asked(given, of: method, integration.provider)
    }
    var fields = try named(wish.fields)
    fields.merge(try named(defaults?["connection_config"]?.texts ?? [:])) { $1 }
    try Self.fill(&fields, of: integration)
    let scopes = (defaults?["user_scopes"].flatMap(Self.list)) ?? wish.scopes ?? integration.scopes
    var hints = wish.hints
    hints.merge(defaults?["authorization_params"]?.texts ?? [:]) { $1 }
    try Self.checkNames(of: fields, method)
    try Self.checkNames(ofHints: hints, method)
    let existing = try await existing(wish, caller, integration)
    // Who connects anew need not say again what the connection knows.
    for (name, text) in existing?.config.texts ?? [:]
    where method.ask.contains(where: { $0.name == name }) {
      fields[name] = fields[name] ?? text
    }
    let id = try existing?.connectionID ?? wish.connectionID ?? random.uuid()
    try Self.check(connectionID: id)
    return ExaminedWish(
      caller: caller, integration: integration, method: method, connectionID: id,
      existing: existing, fields: fields, hints: hints, scopes: scopes,
      allowsOtherAccount: caller.session?.wish["allow_other_account"]?.truth ?? false,
      endUser: caller.session?.endUser, tags: caller.session?.wish["tags"] ?? .object([]))
  }

  /// The connection that would be replaced, if whoever asks may do so.
  private func existing(
    _ wish: ConnectionWish, _ caller: Caller, _ integration: Integration
  ) async throws -> ConnectionRow? {
    if let id = caller.session?.connection {
      guard let row = try await kept.row(id), row.integration == integration.id else {
        throw APIError(403, "forbidden", "this connect session is for another connection")
      }
      return row
    }
    guard let id = wish.connectionID, let row = try await find(id, of: integration) else {
      return nil
    }
    guard caller.isVouchedFor else {
      throw APIError(
        409, "connection_exists",
        "there is a connection '\(id)' already, and a public key alone replaces none: send an 'hmac', use a connect session (POST /connect/sessions/reconnect), or take another connection id"
      )
    }
    return row
  }

  private static func list(_ json: JSON) -> [String]? {
    json.textList ?? json.text.map { $0.split { $0 == "," || $0 == " " }.map(String.init) }
  }

  // MARK: Names

  static func check(connectionID id: String) throws(APIError) {
    let isFit =
      (1...255).contains(id.utf8.count) && !id.hasControlCharacter
      && !id.utf8.contains(UInt8(ascii: ":")) && !["metadata", ".", ".."].contains(id)
    guard isFit else {
      throw APIError(
        400, "invalid_connection_id",
        "a connection id has 1 to 255 bytes, no ':' and no control characters, and is not 'metadata', '.' or '..'"
      )
    }
  }

  private static func checkNames(of fields: [String: String], _ method: Method) throws(APIError) {
    let known = method.ask.filter { !$0.isGenerated }.map(\.name)
    for name in fields.keys.sorted() where !known.contains(name) {
      throw APIError(
        400, "invalid_config",
        "there is no field '\(name)'" + didYouMean(name, among: known)
          + (known.isEmpty
            ? "; this method asks for nothing" : "; known are \(known.joined(separator: ", "))"),
        details: [.init(code: "unknown_field", message: "unknown", path: ["params", name])])
    }
  }

  /// What the server alone sets in an authorization request.
  static let reserved: Set<String> = [
    "client_id", "client_secret", "redirect_uri", "response_type", "response_mode", "state",
    "scope",
    "code_challenge", "code_challenge_method", "nonce", "request", "request_uri",
  ]

  private static func checkNames(ofHints hints: [String: String], _ method: Method) throws(APIError)
  {
    let known = method.hints.map(\.name)
    for name in hints.keys.sorted() {
      let plain = String(decoding: name.utf8.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
        .asciiLowered
      if reserved.contains(plain) {
        throw APIError(
          400, "reserved_param",
          "'\(plain)' is set by the server alone; reserved are \(reserved.sorted().joined(separator: ", "))",
          details: [
            .init(
              code: "reserved_param", message: "reserved", path: ["authorization_params", plain])
          ])
      }
      if !known.contains(name) {
        throw APIError(
          400, "invalid_authorization_params",
          "there is no authorization parameter of that name" + didYouMean(name, among: known)
            + (known.isEmpty
              ? "; this method takes none" : "; known are \(known.joined(separator: ", "))"),
          details: [
            .init(code: "unknown_parameter", message: "unknown", path: ["authorization_params"])
          ])
      }
    }
  }
}
