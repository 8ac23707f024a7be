extension DefinitionReader {
  private static let methodKeys = [
    "title", "setup", "ask", "api", "scopes", "scope_separator", "required_scopes",
    "default_scopes", "client_authentication", "authorize", "exchange", "renew", "revoke", "sign",
    "refresh_token", "verify", "account",
  ]

  mutating func method(_ json: JSON, id: String, at path: Path) -> Method {
    refuseUnknown(in: json, at: path, Self.methodKeys)
    return Method(
      id: id,
      title: text(json["title"], at: path.key("title")),
      setup: fields(json["setup"], at: path.key("setup")),
      ask: fields(json["ask"], at: path.key("ask")),
      api: api(json["api"], at: path.key("api")),
      scopes: scopes(json, at: path),
      clientAuthentication: carrier(
        json["client_authentication"], at: path.key("client_authentication")),
      authorize: steps(json["authorize"], at: path.key("authorize")),
      exchange: steps(json["exchange"], at: path.key("exchange")),
      renew: steps(json["renew"], at: path.key("renew")),
      revoke: steps(json["revoke"], at: path.key("revoke"), bearer: .credential),
      sign: carrier(json["sign"], at: path.key("sign")),
      refreshToken: word(
        json["refresh_token"], at: path.key("refresh_token"), default: .replacedIfGiven),
      verify: steps(
        json["verify"], at: path.key("verify"), bearer: .credential, format: Request.Format.none),
      account: account(json["account"], at: path.key("account")))
  }

  private mutating func api(_ json: JSON?, at path: Path) -> API? {
    guard let json else { return nil }
    refuseUnknown(in: json, at: path, ["base", "headers", "query"])
    guard let base = template(json["base"], at: path.key("base")) else { return nil }
    return API(
      base: base, headers: entries(json["headers"], at: path.key("headers")),
      query: entries(json["query"], at: path.key("query")))
  }

  private mutating func scopes(_ json: JSON, at path: Path) -> Scopes {
    Scopes(
      known: texts(json["scopes"], at: path.key("scopes")),
      required: texts(json["required_scopes"], at: path.key("required_scopes")),
      defaults: texts(json["default_scopes"], at: path.key("default_scopes")),
      separator: text(json["scope_separator"], at: path.key("scope_separator")) ?? " ")
  }

  private mutating func account(_ json: JSON?, at path: Path) -> AccountTemplate? {
    guard let json, case .object(let members) = json else { return nil }
    let parts = ["id", "name", "email", "picture"]
    guard let id = template(json["id"], at: path.key("id")) else {
      report("an account needs its 'id'", code: "missing-key", at: path)
      return nil
    }
    let rest = JSON.object(members.filter { !parts.contains($0.name) })
    let isRequest = Request.Verb.allCases.contains { rest[$0.rawValue] != nil }
    return AccountTemplate(
      step: isRequest ? step(rest, at: path, bearer: .credential, format: .json) : nil,
      id: id,
      name: template(json["name"], at: path.key("name")),
      email: template(json["email"], at: path.key("email")),
      picture: template(json["picture"], at: path.key("picture")))
  }

  // MARK: Fields

  mutating func fields(_ json: JSON?, at path: Path) -> [Field] {
    members(json, at: path).map { field($0.value, name: $0.name, at: path.key($0.name)) }
  }

  private mutating func field(_ json: JSON, name: String, at path: Path) -> Field {
    refuseUnknown(
      in: json, at: path,
      ["type", "title", "help", "example", "link", "shown_as", "secret", "from"])
    let type = fieldType(json["type"], at: path.key("type"))
    let example = text(json["example"], at: path.key("example"))
    if let example {
      do {
        _ = try type.canonical(example)
      } catch {
        report(
          "the example is no \(type.rawValue): \(error.reason)", code: "example-unfit",
          at: path.key("example"))
      }
    }
    return Field(
      name: name, type: type, title: text(json["title"], at: path.key("title")),
      help: text(json["help"], at: path.key("help")), example: example,
      link: text(json["link"], at: path.key("link")),
      shownAs: template(json["shown_as"], at: path.key("shown_as")),
      from: template(json["from"], at: path.key("from")),
      isSecret: truth(json["secret"], at: path.key("secret")))
  }

  private mutating func fieldType(_ json: JSON?, at path: Path) -> FieldType {
    guard let name = text(json, at: path) else { return .text }
    if let type = FieldType(rawValue: name) { return type }
    if FieldType.later.contains(name) || name.hasPrefix("list of ") {
      report(
        "the type '\(name)' is part of the language, but not yet of this version",
        code: "not-yet", at: path)
    } else {
      let known = FieldType.allCases.map(\.rawValue)
      report(
        "unknown type '\(name)'"
          + (nearest(to: name, among: known).map { "; did you mean '\($0)'?" }
            ?? "; known are \(known.joined(separator: ", "))"),
        code: "unknown-type", at: path)
    }
    return .text
  }
}
