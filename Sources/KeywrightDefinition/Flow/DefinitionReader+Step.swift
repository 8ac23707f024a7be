extension DefinitionReader {
  mutating func steps(
    _ json: JSON?, at path: Path, bearer: Request.Bearer = .nobody,
    format: Request.Format = .json
  ) -> [Step] {
    elements(json, at: path).enumerated().map { index, element in
      step(element, at: path.index(index), bearer: bearer, format: format)
    }
  }

  private static let stepKeys: Set<String> = Set(
    Request.Verb.allCases.map(\.rawValue) + [
      "id", "when", "let", "accept", "error", "save", "credential", "query", "headers", "form",
      "json", "xml", "text", "with", "format", "example", "leave", "take", "issuer", "iss",
      "answer", "state_in", "unsafe",
    ])

  /// Reads one step; the bearer and the format are those of its stage, where it names none.
  mutating func step(
    _ json: JSON, at path: Path, bearer: Request.Bearer, format: Request.Format
  ) -> Step {
    refuseUnknown(in: json, at: path, Self.stepKeys)
    return Step(
      id: text(json["id"], at: path.key("id")),
      condition: condition(json["when"], at: path.key("when")),
      action: action(json, at: path, bearer: bearer, format: format),
      made: made(json["let"], at: path.key("let")),
      accept: condition(json["accept"], at: path.key("accept")),
      error: errorPlace(json["error"], at: path.key("error")),
      save: fields(json["save"], at: path.key("save")),
      credentials: elements(json["credential"], at: path.key("credential"))
        .enumerated().map { credential($1, at: path.key("credential").index($0)) },
      example: json["example"], unsafe: text(json["unsafe"], at: path.key("unsafe")))
  }

  private mutating func action(
    _ json: JSON, at path: Path, bearer: Request.Bearer, format: Request.Format
  ) -> Step.Action {
    if let url = template(json["leave"], at: path.key("leave")) {
      return .leave(
        Leave(
          url: URLTemplate(url), query: entries(json["query"], at: path.key("query")),
          take: fields(json["take"], at: path.key("take")),
          issuer: template(json["issuer"], at: path.key("issuer")),
          requiresIssuer: json["iss"]?.text == "required",
          isFormPost: json["answer"]?.text == "form_post",
          stateParameter: text(json["state_in"], at: path.key("state_in")) ?? "state"))
    }
    var verbs: [Request.Verb] = []
    if case .object(let members) = json {
      verbs = members.compactMap { Request.Verb(rawValue: $0.name) }
    }
    guard let verb = verbs.first else { return .keep }
    if verbs.count > 1 {
      report(
        "two requests in one step; each needs a step of its own", code: "two-requests",
        at: path.key(verbs[1].rawValue))
    }
    let url = template(json[verb.rawValue], at: path.key(verb.rawValue)) ?? Template(literal: "")
    return .request(
      Request(
        verb: verb, url: URLTemplate(url),
        query: entries(json["query"], at: path.key("query")),
        headers: entries(json["headers"], at: path.key("headers")),
        body: body(json, at: path),
        with: self.bearer(json["with"], at: path.key("with"), default: bearer),
        format: word(json["format"], at: path.key("format"), default: format)))
  }

  private mutating func body(_ json: JSON, at path: Path) -> Request.Body? {
    let bodies = ["form", "json", "xml", "text"].filter { json[$0] != nil }
    if bodies.count > 1 {
      report(
        "two bodies in one request: '\(bodies[0])' and '\(bodies[1])'", code: "two-bodies",
        at: path.key(bodies[1]))
    }
    if json["form"] != nil { return .form(entries(json["form"], at: path.key("form"))) }
    if let body = json["json"] { return .json(jsonTemplate(body, at: path.key("json"))) }
    if let body = json["xml"] { return xml(body, at: path.key("xml")).map { .xml($0) } }
    return template(json["text"], at: path.key("text")).map { .text($0) }
  }

  /// One root element, whose members keep their order: in XML it has a meaning.
  private mutating func xml(_ json: JSON, at path: Path) -> JSONTemplate? {
    guard case .object(let members) = json, members.count == 1 else {
      report(
        "wanted one root element, as in 'xml: { request: { … } }'", code: "wrong-shape", at: path)
      return nil
    }
    return jsonTemplate(json, at: path, sorted: false)
  }

  private mutating func bearer(
    _ json: JSON?, at path: Path, default standard: Request.Bearer
  ) -> Request.Bearer {
    guard let json else { return standard }
    if case .object = json { return carrier(json, at: path).map { .carrier($0) } ?? standard }
    switch text(json, at: path) {
    case nil: return standard
    case "client": return .client
    case "credential": return .credential
    case "nobody": return .nobody
    case let name?: return .named(name)
    }
  }

  mutating func carrier(_ json: JSON?, at path: Path) -> Carrier? {
    guard let json, json.text != "none" else { return nil }
    refuseUnknown(in: json, at: path, ["let", "headers", "query", "cookies", "form", "json"])
    var members: [JSONTemplate.Member] = []
    if let body = json["json"],
      case .object(let found) = jsonTemplate(body, at: path.key("json"))
    {
      members = found
    }
    return Carrier(
      made: made(json["let"], at: path.key("let")),
      headers: entries(json["headers"], at: path.key("headers")),
      query: entries(json["query"], at: path.key("query")),
      cookies: entries(json["cookies"], at: path.key("cookies")),
      form: entries(json["form"], at: path.key("form")), json: members)
  }

  private mutating func errorPlace(_ json: JSON?, at path: Path) -> ErrorPlace? {
    guard let json else { return nil }
    refuseUnknown(in: json, at: path, ["code", "description", "permanent", "declined"])
    return ErrorPlace(
      code: template(json["code"], at: path.key("code")),
      description: template(json["description"], at: path.key("description")),
      permanent: condition(json["permanent"], at: path.key("permanent")),
      declined: condition(json["declined"], at: path.key("declined")))
  }

  private mutating func credential(_ json: JSON, at path: Path) -> CredentialTemplate {
    CredentialTemplate(
      name: text(json["name"], at: path.key("name")),
      parts: members(json, at: path).compactMap { member in
        if member.name == "name" { return nil }
        return template(member.value, at: path.key(member.name)).map { Entry(member.name, $0) }
      })
  }
}
