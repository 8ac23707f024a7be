extension DefinitionReader {
  private static let methodKeys = [
    "title", "setup", "ask", "hints", "api", "scopes", "scope_separator", "required_scopes",
    "default_scopes", "client_authentication", "authorize", "exchange", "renew", "revoke", "sign",
    "refresh_token", "credentials", "verify", "account",
  ]

  mutating func method(_ node: Node, id: String, at path: Path) -> Method {
    refuseUnknown(in: node, at: path, Self.methodKeys)
    return Method(
      id: id,
      title: text(node["title"], at: path.key("title")),
      setup: fields(node["setup"], at: path.key("setup")),
      ask: fields(node["ask"], at: path.key("ask")),
      hints: fields(node["hints"], at: path.key("hints")),
      api: api(node["api"], at: path.key("api")),
      scopes: scopes(node, at: path),
      clientAuthentication: carrier(
        node["client_authentication"], at: path.key("client_authentication")),
      authorize: steps(node["authorize"], at: path.key("authorize")),
      exchange: steps(node["exchange"], at: path.key("exchange")),
      revoke: steps(node["revoke"], at: path.key("revoke"), bearer: .credential),
      credentials: rules(node, at: path),
      verify: steps(
        node["verify"], at: path.key("verify"), bearer: .credential, format: Request.Format.none),
      account: account(node["account"], at: path.key("account")))
  }

  // MARK: Credentials

  private mutating func rules(_ node: Node, at path: Path) -> [CredentialRule] {
    guard let credentials = node["credentials"] else {
      return [rule(node, name: nil, at: path)]
    }
    let path = path.key("credentials")
    return members(credentials, at: path).map { member in
      let path = path.key(member.key)
      refuseUnknown(
        in: member.value, at: path,
        ["sign", "renew", "refresh_token", "base", "headers", "optional"])
      return rule(member.value, name: member.key, at: path)
    }
  }

  private mutating func rule(_ node: Node, name: String?, at path: Path) -> CredentialRule {
    let token = node["refresh_token"]
    return CredentialRule(
      name: name,
      sign: carrier(node["sign"], at: path.key("sign")),
      renewal: renewal(node["renew"], at: path.key("renew")),
      refreshToken: refreshToken(token, at: path.key("refresh_token")),
      idle: time(token?["idle"], at: path.key("refresh_token").key("idle")),
      grace: time(token?["grace"], at: path.key("refresh_token").key("grace")),
      base: name == nil ? nil : template(node["base"], at: path.key("base")),
      headers: name == nil ? [] : entries(node["headers"], at: path.key("headers")),
      isOptional: name != nil && truth(node["optional"], at: path.key("optional")))
  }

  /// A word, or a map in which the word is the `rule`.
  private mutating func refreshToken(
    _ node: Node?, at path: @autoclosure () -> Path
  ) -> RefreshTokenRule {
    guard let node, node.isMap else { return word(node, at: path(), default: .replacedIfGiven) }
    let path = path()
    refuseUnknown(in: node, at: path, ["rule", "grace", "idle"])
    return word(node["rule"], at: path.key("rule"), default: .replacedIfGiven)
  }

  private mutating func time(_ node: Node?, at path: @autoclosure () -> Path) -> Int64? {
    guard let text = text(node, at: path()) else { return nil }
    if let time = CredentialRule.time(text) { return time }
    report(
      "found '\(text)'; wanted \(CredentialRule.wantedTime)", code: "wrong-shape", at: path())
    return nil
  }

  private mutating func renewal(_ node: Node?, at path: @autoclosure () -> Path) -> Renewal {
    guard let node else { return .none }
    let path = path()
    switch node.text {
    case "repeat": return .again
    case "sign": return .use
    case "person": return .person
    case let word?:
      report(
        "'\(word)' is no way to renew; wanted repeat, sign, person or steps",
        code: "unknown-word", at: path)
      return .none
    case nil:
      let steps = steps(node, at: path)
      return steps.isEmpty ? .none : .steps(steps)
    }
  }

  // MARK: API, scopes, account

  private mutating func api(_ node: Node?, at path: @autoclosure () -> Path) -> API? {
    guard let node else { return nil }
    let path = path()
    refuseUnknown(
      in: node, at: path, ["base", "also", "headers", "query", "unauthorized", "unsafe"])
    guard let base = template(node["base"], at: path.key("base")) else { return nil }
    return API(
      base: base,
      also: elements(node["also"], at: path.key("also")).enumerated().compactMap {
        template($1, at: path.key("also").index($0))
      },
      headers: entries(node["headers"], at: path.key("headers")),
      query: entries(node["query"], at: path.key("query")),
      unauthorized: condition(node["unauthorized"], at: path.key("unauthorized")),
      unsafe: text(node["unsafe"], at: path.key("unsafe")))
  }

  private mutating func scopes(_ node: Node, at path: Path) -> Scopes {
    Scopes(
      known: texts(node["scopes"], at: path.key("scopes")),
      required: texts(node["required_scopes"], at: path.key("required_scopes")),
      defaults: texts(node["default_scopes"], at: path.key("default_scopes")),
      separator: text(node["scope_separator"], at: path.key("scope_separator")) ?? " ")
  }

  private static let accountParts = ["id", "name", "email", "picture"]

  private mutating func account(
    _ node: Node?, at path: @autoclosure () -> Path
  ) -> AccountTemplate? {
    guard let node, case .map(let members) = node.content else { return nil }
    let path = path()
    guard let id = template(node["id"], at: path.key("id")) else {
      report("an account needs its 'id'", code: "missing-key", at: path)
      return nil
    }
    let rest = Node(.map(members.filter { !Self.accountParts.contains($0.key) }), at: node.place)
    let isRequest = Request.Verb.allCases.contains { rest[$0.rawValue] != nil }
    return AccountTemplate(
      step: isRequest ? step(rest, at: path, bearer: .credential, format: .json) : nil,
      id: id,
      name: template(node["name"], at: path.key("name")),
      email: template(node["email"], at: path.key("email")),
      picture: template(node["picture"], at: path.key("picture")))
  }
}
