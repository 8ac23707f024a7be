extension DefinitionReader {
  private static let methodKeys: Set<String> = [
    "title", "setup", "ask", "hints", "api", "scopes", "scope_separator", "required_scopes",
    "default_scopes", "client_authentication", "authorize", "exchange", "renew", "revoke", "sign",
    "refresh_token", "credentials", "verify", "account",
  ]

  mutating func method(_ json: JSON, id: String, at path: Path) -> Method {
    refuseUnknown(in: json, at: path, Self.methodKeys)
    return Method(
      id: id,
      title: text(json["title"], at: path.key("title")),
      setup: fields(json["setup"], at: path.key("setup")),
      ask: fields(json["ask"], at: path.key("ask")),
      hints: fields(json["hints"], at: path.key("hints")),
      api: api(json["api"], at: path.key("api")),
      scopes: scopes(json, at: path),
      clientAuthentication: carrier(
        json["client_authentication"], at: path.key("client_authentication")),
      authorize: steps(json["authorize"], at: path.key("authorize")),
      exchange: steps(json["exchange"], at: path.key("exchange")),
      revoke: steps(json["revoke"], at: path.key("revoke"), bearer: .credential),
      credentials: rules(json, at: path),
      verify: steps(
        json["verify"], at: path.key("verify"), bearer: .credential, format: Request.Format.none),
      account: account(json["account"], at: path.key("account")))
  }

  // MARK: Credentials

  private mutating func rules(_ json: JSON, at path: Path) -> [CredentialRule] {
    guard let credentials = json["credentials"] else {
      return [rule(json, name: nil, at: path)]
    }
    let path = path.key("credentials")
    return members(credentials, at: path).map { member in
      let path = path.key(member.name)
      refuseUnknown(
        in: member.value, at: path,
        ["sign", "renew", "refresh_token", "base", "headers", "optional"])
      return rule(member.value, name: member.name, at: path)
    }
  }

  private mutating func rule(_ json: JSON, name: String?, at path: Path) -> CredentialRule {
    CredentialRule(
      name: name,
      sign: carrier(json["sign"], at: path.key("sign")),
      renewal: renewal(json["renew"], at: path.key("renew")),
      refreshToken: word(
        json["refresh_token"], at: path.key("refresh_token"), default: .replacedIfGiven),
      base: name == nil ? nil : template(json["base"], at: path.key("base")),
      headers: name == nil ? [] : entries(json["headers"], at: path.key("headers")),
      isOptional: name != nil && truth(json["optional"], at: path.key("optional")))
  }

  private mutating func renewal(_ json: JSON?, at path: Path) -> Renewal {
    guard let json else { return .none }
    switch json.text {
    case "repeat": return .again
    case "sign": return .use
    case "person": return .person
    case let word?:
      report(
        "'\(word)' is no way to renew; wanted repeat, sign, person or steps",
        code: "unknown-word", at: path)
      return .none
    case nil:
      let steps = steps(json, at: path)
      return steps.isEmpty ? .none : .steps(steps)
    }
  }

  // MARK: API, scopes, account

  private mutating func api(_ json: JSON?, at path: Path) -> API? {
    guard let json else { return nil }
    refuseUnknown(
      in: json, at: path, ["base", "also", "headers", "query", "unauthorized", "unsafe"])
    guard let base = template(json["base"], at: path.key("base")) else { return nil }
    return API(
      base: base,
      also: elements(json["also"], at: path.key("also")).enumerated().compactMap {
        template($1, at: path.key("also").index($0))
      },
      headers: entries(json["headers"], at: path.key("headers")),
      query: entries(json["query"], at: path.key("query")),
      unauthorized: condition(json["unauthorized"], at: path.key("unauthorized")),
      unsafe: text(json["unsafe"], at: path.key("unsafe")))
  }

  private mutating func scopes(_ json: JSON, at path: Path) -> Scopes {
    Scopes(
      known: texts(json["scopes"], at: path.key("scopes")),
      required: texts(json["required_scopes"], at: path.key("required_scopes")),
      defaults: texts(json["default_scopes"], at: path.key("default_scopes")),
      separator: text(json["scope_separator"], at: path.key("scope_separator")) ?? " ")
  }

  private static let accountParts: Set<String> = ["id", "name", "email", "picture"]

  private mutating func account(_ json: JSON?, at path: Path) -> AccountTemplate? {
    guard let json, case .object(let members) = json else { return nil }
    guard let id = template(json["id"], at: path.key("id")) else {
      report("an account needs its 'id'", code: "missing-key", at: path)
      return nil
    }
    let rest = JSON.object(members.filter { !Self.accountParts.contains($0.name) })
    let isRequest = Request.Verb.allCases.contains { rest[$0.rawValue] != nil }
    return AccountTemplate(
      step: isRequest ? step(rest, at: path, bearer: .credential, format: .json) : nil,
      id: id,
      name: template(json["name"], at: path.key("name")),
      email: template(json["email"], at: path.key("email")),
      picture: template(json["picture"], at: path.key("picture")))
  }
}
