import KeywrightDefinition

extension MethodLowering {
  /// `oauth2` (RFC 6749): with a person's consent and PKCE (RFC 7636), or for the client itself.
  mutating func oauth2() -> Preset {
    checkReserved()
    refuseReasonWithoutEndpoint()
    let endpoint = tokenEndpoint
    var preset = Preset(
      clientAuthentication: clientAuthentication,
      exchange: endpoint.map { exchange(at: $0) }, revoke: revocation,
      sign: carrier(header: "Authorization", "Bearer $<credential.access_token>"),
      keys: Self.keys)
    if client == "ask" { preset.ask = clientFields } else { preset.setup = clientFields }
    if isConsented {
      preset.authorize = authorization()
      preset.renew = (method["refresh_endpoint"] ?? endpoint).map { renewal(at: $0) }
      requireEndpoints()
    } else {
      preset.renewWord = "repeat"
      refuseWithoutConsent()
      if !method.has("token_endpoint"), !method.has("exchange") { require("token_endpoint") }
    }
    return preset
  }

  private static let keys: [(stage: String, keys: [String])] = [
    (
      "authorize",
      [
        "authorization_endpoint", "authorization_parameters", "issuer", "iss", "take", "state_in",
        "answer",
      ]
    ),
    ("exchange", ["exchange_parameters"] + tokenKeys),
    ("renew", ["refresh_endpoint", "refresh_parameters"]),
    ("revoke", ["revocation_endpoint"]),
  ]

  private var grant: String {
    method["grant"]?.text ?? method["grant"]?["name"]?.text ?? "authorization_code"
  }

  /// Whether a person consents in a browser.
  private var isConsented: Bool { grant == "authorization_code" }

  private var tokenEndpoint: Node? { method["token_endpoint"] }

  // MARK: What must be there, and what must not

  private mutating func requireEndpoints() {
    if method["authorize"].map(containsPreset) ?? true, !method.has("authorization_endpoint") {
      require("authorization_endpoint")
    }
    let needsToken =
      (method["exchange"].map(containsPreset) ?? true)
      || (!method.has("renew") && !method.hasNoRefreshToken
        && !method.has("refresh_endpoint") && !method.has("credentials")
        && !method.has("exchange"))
    if needsToken, !method.has("token_endpoint") { require("token_endpoint") }
  }

  private func containsPreset(_ stage: Node) -> Bool {
    (stage.elements ?? []).contains { $0.text == "preset" }
  }

  private mutating func require(_ key: String) {
    let misspelt = method.members.contains { nearest(to: $0.key, among: [key]) != nil }
    if misspelt { return }
    bag.add("a method of kind 'oauth2' without its '\(key)'", code: "missing-key", at: cause)
  }

  /// Keys of the browser's trip do nothing where nobody consents.
  private mutating func refuseWithoutConsent() {
    for key in Self.keys[0].keys + ["authorize", "pkce"] {
      guard let member = method.member(key) else { continue }
      bag.add(
        "'\(key)' has no effect with the grant '\(grant)', to which nobody consents",
        code: "dead-key", at: member.keyPlace)
    }
  }

  /// Parameters that may be taken away or renamed, but never given another value.
  private mutating func checkReserved() {
    let keys = [
      "authorization_parameters", "token_parameters", "exchange_parameters", "refresh_parameters",
    ]
    for member in keys.flatMap({ method[$0]?.members ?? [] }) {
      guard let problem = problem(ofParameter: member) else { continue }
      bag.add(problem, code: "reserved-parameter", at: member.keyPlace)
    }
  }

  private func problem(ofParameter member: Node.Member) -> String? {
    let name = member.key
    let value = member.value.text ?? ""
    switch name {
    case "state" where value == "$<none>" && !method.has("state_in"):
      return "'state' ties the answer to the browser; where the provider calls it otherwise, "
        + "write 'state_in: NAME'"
    case "state" where value == "$<none>": return nil
    case "nonce": return value == "$<nonce>" ? nil : "'nonce' is only '$<nonce>'"
    case "response_type" where value == "$<none>": return nil
    case "response_type":
      let words = value.split(separator: " ")
      return words.contains("code") ? nil : "'response_type' holds the word 'code'"
    case "redirect_uri" where value == "$<redirect_uri>": return nil
    case "code" where value.hasPrefix("$<callback.") && value.hasSuffix(">"): return nil
    case "state", "redirect_uri", "code_challenge", "code_challenge_method", "code_verifier",
      "code", "refresh_token":
      if value == "$<none>" { return nil }
      let way = name == "state" ? "" : "; '$<none>' removes it"
      return "'\(name)' is the flow's own parameter, and is never given another value\(way)"
    default: return nil
    }
  }

  // MARK: The client

  private var client: String {
    method["client"]?.text ?? (isConsented ? "setup" : "ask")
  }

  private var tokenBody: String { method["token_body"]?.text ?? "form" }

  private var clientAuthentication: Node {
    guard let written = method["client_authentication"] else {
      return named("client_secret_post", at: cause)
    }
    return written.text.map { named($0, at: written.place) } ?? written
  }

  /// The carriers that RFC 6749 §2.3.1 and OpenID Connect Core §9 name; what goes into a body goes where the
  /// token request's parameters go.
  private func named(_ name: String, at place: Place) -> Node {
    let id = Node.text("$<client_id>", at: place)
    let secret = Node.text("$<client_secret>", at: place)
    func basic(_ joined: String) -> Node {
      let value = Node.text("Basic $<(\(joined)).base64()>", at: place)
      return map([("headers", map([("Authorization", value)], at: place))], at: place)
    }
    return switch name {
    case "client_secret_basic": basic(#"client_id.form() + ":" + client_secret.form()"#)
    case "client_secret_basic_raw": basic(#"client_id + ":" + client_secret"#)
    case "none": map([(tokenBody, map([("client_id", id)], at: place))], at: place)
    default:
      map(
        [(tokenBody, map([("client_id", id), ("client_secret", secret)], at: place))], at: place)
    }
  }

  private var clientFields: [(String, Node)] {
    var client = [("title", text("Client ID"))]
    // RFC 7617 §2: as it stands, the first colon would end the id.
    if method["client_authentication"]?.text == "client_secret_basic_raw" {
      client.append(("pattern", text("[^:]+")))
    }
    var fields = [("client_id", map(client))]
    if clientAuthentication.mentions("client_secret") || method.mentions("client_secret") {
      fields.append(
        ("client_secret", map([("title", text("Client secret")), ("type", text("secret"))])))
    }
    return fields
  }

  // MARK: Authorize

  private var pkce: String { method["pkce"]?.text ?? "S256" }

  private func authorization() -> Node? {
    guard let endpoint = method["authorization_endpoint"] else { return nil }
    let challenge =
      pkce == "plain" ? text("$<pkce.verifier>") : pkce == "off" ? nil : text("$<pkce.challenge>")
    let isForm = method["answer"]?.text == "form_post"
    let query = entries(
      [
        ("response_type", text("code")),
        ("response_mode", isForm ? text("form_post") : nil),
        ("client_id", text("$<client_id>")),
        ("redirect_uri", text("$<redirect_uri>")),
        ("scope", text("$<scopes else none>")),
        (method["state_in"]?.text ?? "state", text("$<state>")),
        ("code_challenge", challenge),
        ("code_challenge_method", challenge.map { _ in text(pkce) }),
      ], ["authorization_parameters"])
    return map([
      ("leave", endpoint), ("issuer", method["issuer"]), ("iss", method["iss"]),
      ("answer", method["answer"]), ("state_in", method["state_in"]),
      ("unsafe", unsafe(at: endpoint)),
      ("query", query), ("take", entries([("code", text("secret"))], ["take"])),
    ])
  }

  // MARK: Exchange, renew, revoke

  private func exchange(at endpoint: Node) -> Node {
    let parameters: [(String, Node?)] =
      isConsented
      ? [
        ("grant_type", text(grant)),
        ("code", text("$<callback.code>")),
        ("redirect_uri", text("$<redirect_uri>")),
        ("code_verifier", pkce == "off" ? nil : text("$<pkce.verifier>")),
      ] : [("grant_type", text(grant)), ("scope", text("$<scopes else none>"))]
    return tokenRequest(
      to: endpoint, entries(parameters, ["token_parameters", "exchange_parameters"]))
  }

  private func renewal(at endpoint: Node) -> Node {
    tokenRequest(
      to: endpoint,
      entries(
        [
          ("grant_type", text("refresh_token")),
          ("refresh_token", text("$<credential.refresh_token>")),
        ], ["token_parameters", "refresh_parameters"]), isRenewal: true)
  }

  private func tokenRequest(
    to endpoint: Node, _ parameters: Node?, isRenewal: Bool = false
  ) -> Node {
    let hasToken = isConsented && !method.hasNoRefreshToken
    var credential = entries(
      [
        ("access_token", text("$<body.access_token>")),
        ("refresh_token", hasToken ? text("$<body.refresh_token>") : nil),
        ("expires_in", text("$<body.expires_in>")),
        ("scopes", text("$<body.scope>")),
      ], ["response"])
    // A renewal completes the credential that is renewed, whatever its name is.
    if isRenewal { credential = credential?.without(["name"]) }
    return map([
      ("post", endpoint), ("with", text("client")), ("unsafe", unsafe(at: endpoint)),
      ("headers", method["token_headers"]), (tokenBody, parameters),
      ("format", method["token_format"]), ("accept", text(acceptance)),
      ("credential", credential),
    ])
  }

  /// RFC 6749 §5.1, as it is answered in the field: 200 or 201, no error, a token type that is known or not said.
  private var acceptance: String {
    let types = method["token_type"].map { $0.elements ?? [$0] }?.compactMap(\.text)
    let isKnown =
      if let types {
        "(body.token_type == none"
          + types.map { #" or body.token_type.lower() == "\#($0.asciiLowered)""# }.joined() + ")"
      } else {
        #"(body.token_type else "bearer").lower() == "bearer""#
      }
    return "(status == 200 or status == 201) and body.error == none and \(isKnown)"
  }

  private static let endpoints = [
    "authorization_endpoint", "token_endpoint", "refresh_endpoint", "revocation_endpoint",
  ]

  /// Why an endpoint may be `http`: said at each that is. Where none is, it stays at each, and the checks find it dead.
  private func unsafe(at endpoint: Node) -> Node? {
    guard let reason = method["unsafe"] else { return nil }
    func isPlain(_ endpoint: Node) -> Bool { endpoint.text?.hasPrefix("http://") == true }
    let isDead = !Self.endpoints.compactMap { method[$0] }.contains(where: isPlain)
    return isDead || isPlain(endpoint) ? reason : nil
  }

  /// `unsafe` of a method speaks of its endpoints; a step that is written out has its own.
  private mutating func refuseReasonWithoutEndpoint() {
    guard let member = method.member("unsafe"), !Self.endpoints.contains(where: method.has) else {
      return
    }
    bag.add(
      "'unsafe' is for the method's endpoints, and it has none; a step has its own beside its URL",
      code: "dead-key", at: member.keyPlace)
  }

  private var revocation: Node? {
    guard let endpoint = method["revocation_endpoint"] else { return nil }
    return map([
      ("post", endpoint), ("with", text("client")), ("unsafe", unsafe(at: endpoint)),
      (
        "form",
        map([("token", text("$<credential.refresh_token else credential.access_token>"))])
      ),
      ("format", text("none")),
    ])
  }
}

extension Node {
  /// Whether a name stands in a template or condition of the tree.
  func mentions(_ name: String) -> Bool {
    switch content {
    case .scalar(let text, _): return text.holds(name)
    case .list(let elements): return elements.contains { $0.mentions(name) }
    case .map(let members):
      return members.contains { member in
        !Self.words.contains(member.key) && member.value.mentions(name)
      }
    }
  }

  /// Keys whose texts are for people, or choose a preset's carrier.
  private static let words: Set<String> = [
    "title", "help", "example", "link", "shown_as", "client_authentication", "setup", "ask",
  ]
}
