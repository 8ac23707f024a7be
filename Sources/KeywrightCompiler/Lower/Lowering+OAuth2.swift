import KeywrightDefinition

extension MethodLowering {
  /// `oauth2` with the authorization code grant (RFC 6749 §4.1) and PKCE (RFC 7636).
  mutating func lowerOAuth2() {
    add("setup", fields("setup", preset: clientFields))
    keep("ask")
    for key in ["scopes", "scope_separator", "required_scopes", "default_scopes"] { keep(key) }
    add("client_authentication", clientAuthentication)
    add("authorize", authorize())
    add("exchange", exchange())
    add("renew", renew())
    add("revoke", revoke())
    add(
      "sign",
      method["sign"] ?? carrier(header: "Authorization", "Bearer $<credential.access_token>"))
    keep("refresh_token")
  }

  // MARK: The client

  private var clientAuthentication: Node {
    guard let written = method["client_authentication"] else {
      return named("client_secret_post", at: cause)
    }
    return written.text.map { named($0, at: written.place) } ?? written
  }

  /// The carriers that RFC 6749 §2.3.1 and OpenID Connect Core §9 name.
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
    case "none": map([("form", map([("client_id", id)], at: place))], at: place)
    default:
      map(
        [("form", map([("client_id", id), ("client_secret", secret)], at: place))], at: place)
    }
  }

  private var clientFields: [(String, Node)] {
    var fields = [("client_id", map([("title", text("Client ID"))]))]
    if clientAuthentication.mentions("client_secret") || method.mentions("client_secret") {
      fields.append(
        ("client_secret", map([("title", text("Client secret")), ("type", text("secret"))])))
    }
    return fields
  }

  // MARK: Authorize

  private var pkce: String { method["pkce"]?.text ?? "S256" }

  private mutating func authorize() -> Node? {
    let keys = ["authorization_endpoint", "authorization_parameters", "issuer", "iss", "take"]
    if let written = method["authorize"] {
      refuseDead(keys, because: "authorize")
      return written
    }
    guard let endpoint = required("authorization_endpoint") else { return nil }
    checkReserved()
    let challenge =
      pkce == "plain" ? text("$<pkce.verifier>") : pkce == "off" ? nil : text("$<pkce.challenge>")
    let query = entries(
      [
        ("response_type", text("code")),
        ("client_id", text("$<client_id>")),
        ("redirect_uri", text("$<redirect_uri>")),
        ("scope", text("$<scopes else none>")),
        ("state", text("$<state>")),
        ("code_challenge", challenge),
        ("code_challenge_method", challenge.map { _ in text(pkce) }),
      ], ["authorization_parameters"])
    return map([
      ("leave", endpoint), ("issuer", method["issuer"]), ("iss", method["iss"]), ("query", query),
      ("take", entries([("code", text("secret"))], ["take"])),
    ])
  }

  /// Parameters that may be taken away or renamed, but never given another value.
  private mutating func checkReserved() {
    let reserved = [
      "state", "redirect_uri", "code_challenge", "code_challenge_method", "code_verifier", "code",
      "refresh_token",
    ]
    let keys = [
      "authorization_parameters", "token_parameters", "exchange_parameters", "refresh_parameters",
    ]
    for member in keys.flatMap({ method[$0]?.members ?? [] }) where reserved.contains(member.key) {
      if member.value.text == "$<none>", member.key != "state" { continue }
      let way = member.key == "state" ? "" : "; '$<none>' removes it"
      bag.add(
        "'\(member.key)' is the flow's own parameter, and is never given another value\(way)",
        code: "reserved-parameter", at: member.keyPlace)
    }
  }

  /// The value of a key without which the preset can't be.
  private mutating func required(_ key: String) -> Node? {
    if let value = method[key] { return value }
    bag.add("a method of kind 'oauth2' without its '\(key)'", code: "missing-key", at: cause)
    return nil
  }

  // MARK: Exchange, renew, revoke

  private mutating func exchange() -> Node? {
    if let written = method["exchange"] {
      refuseDead(["exchange_parameters"], because: "exchange")
      if method["renew"] != nil { refuseDead(tokenKeys, because: "exchange") }
      return written
    }
    guard let endpoint = required("token_endpoint") else { return nil }
    return tokenRequest(
      to: endpoint,
      form: entries(
        [
          ("grant_type", text("authorization_code")),
          ("code", text("$<callback.code>")),
          ("redirect_uri", text("$<redirect_uri>")),
          ("code_verifier", pkce == "off" ? nil : text("$<pkce.verifier>")),
        ], ["token_parameters", "exchange_parameters"]),
      save: method["save"])
  }

  private mutating func renew() -> Node? {
    let keys = ["refresh_endpoint", "refresh_parameters"]
    if let written = method["renew"] {
      refuseDead(keys, because: "renew")
      return written
    }
    if let rule = method["refresh_token"], rule.text == "none" {
      refuseDead(keys, because: "refresh_token: none")
      return nil
    }
    guard let endpoint = method["refresh_endpoint"] ?? method["token_endpoint"] else { return nil }
    // A callback is not there when a credential is renewed, so what reads it stays as it was saved.
    let saved = (method["save"]?.members ?? []).filter { !$0.value.mentions("callback") }
    return tokenRequest(
      to: endpoint,
      form: entries(
        [
          ("grant_type", text("refresh_token")),
          ("refresh_token", text("$<credential.refresh_token>")),
        ], ["token_parameters", "refresh_parameters"]),
      save: saved.isEmpty ? nil : Node(.map(saved), at: cause))
  }

  private var tokenKeys: [String] {
    ["token_endpoint", "token_parameters", "token_headers", "token_format", "response", "save"]
  }

  private func tokenRequest(to endpoint: Node, form: Node?, save: Node?) -> Node {
    let accept =
      #"(status == 200 or status == 201) and body.error == none"#
      + #" and (body.token_type else "bearer").lower() == "bearer""#
    let credential = entries(
      [
        ("access_token", text("$<body.access_token>")),
        ("refresh_token", refreshToken),
        ("expires_in", text("$<body.expires_in>")),
        ("scopes", text("$<body.scope>")),
      ], ["response"])
    return map([
      ("post", endpoint), ("with", text("client")), ("headers", method["token_headers"]),
      ("form", form), ("format", method["token_format"]), ("accept", text(accept)),
      ("save", save), ("credential", credential),
    ])
  }

  /// Without a rule that keeps it, a refresh token is not read at all.
  private var refreshToken: Node? {
    method["refresh_token"]?.text == "none" ? nil : text("$<body.refresh_token>")
  }

  private mutating func revoke() -> Node? {
    if let written = method["revoke"] {
      refuseDead(["revocation_endpoint"], because: "revoke")
      return written
    }
    guard let endpoint = method["revocation_endpoint"] else { return nil }
    return map([
      ("post", endpoint), ("with", text("client")),
      (
        "form",
        map([("token", text("$<credential.refresh_token else credential.access_token>"))])
      ),
      ("format", text("none")),
    ])
  }
}

extension Node {
  /// Whether a name stands in any text of the tree, as a word.
  func mentions(_ name: String) -> Bool {
    switch content {
    case .scalar(let text, _):
      guard let template = try? Template(reading: text) else { return false }
      return template.expressions.contains { $0.reads(name) }
    case .list(let elements): return elements.contains { $0.mentions(name) }
    case .map(let members): return members.contains { $0.value.mentions(name) }
    }
  }
}
