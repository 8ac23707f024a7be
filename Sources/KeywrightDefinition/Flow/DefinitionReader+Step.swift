extension DefinitionReader {
  mutating func steps(
    _ node: Node?, at path: @autoclosure () -> Path, bearer: Request.Bearer = .nobody,
    format: Request.Format = .json
  ) -> [Step] {
    guard node != nil else { return [] }
    let path = path()
    return elements(node, at: path).enumerated().map { index, element in
      step(element, at: path.index(index), bearer: bearer, format: format)
    }
  }

  private static let stepKeys =
    Request.Verb.allCases.map(\.rawValue) + [
      "id", "when", "let", "accept", "error", "save", "credential", "query", "headers", "form",
      "json", "xml", "text", "with", "format", "example", "leave", "take", "issuer", "iss",
      "answer", "state_in", "unsafe",
    ]

  /// Reads one step; the bearer and the format are those of its stage, where it names none.
  mutating func step(
    _ node: Node, at path: Path, bearer: Request.Bearer, format: Request.Format
  ) -> Step {
    refuseUnknown(in: node, at: path, Self.stepKeys)
    return Step(
      id: text(node["id"], at: path.key("id")),
      condition: condition(node["when"], at: path.key("when")),
      action: action(node, at: path, bearer: bearer, format: format),
      made: made(node["let"], at: path.key("let")),
      accept: condition(node["accept"], at: path.key("accept")),
      error: errorPlace(node["error"], at: path.key("error")),
      save: fields(node["save"], at: path.key("save")),
      credentials: elements(node["credential"], at: path.key("credential"))
        .enumerated().map { credential($1, at: path.key("credential").index($0)) },
      example: node["example"]?.json, unsafe: text(node["unsafe"], at: path.key("unsafe")))
  }

  private mutating func action(
    _ node: Node, at path: Path, bearer: Request.Bearer, format: Request.Format
  ) -> Step.Action {
    if let url = template(node["leave"], at: path.key("leave")) {
      return .leave(
        Leave(
          url: URLTemplate(url), query: entries(node["query"], at: path.key("query")),
          take: fields(node["take"], at: path.key("take")),
          issuer: template(node["issuer"], at: path.key("issuer")),
          requiresIssuer: node["iss"]?.text == "required",
          isFormPost: node["answer"]?.text == "form_post",
          stateParameter: text(node["state_in"], at: path.key("state_in")) ?? "state"))
    }
    var verbs: [Request.Verb] = []
    if case .map(let members) = node.content {
      // No verb is longer than 'delete', and most keys are told apart by that.
      for index in members.indices where members[index].key.utf8.count <= 6 {
        if let verb = Request.Verb(rawValue: members[index].key) { verbs.append(verb) }
      }
    }
    guard let verb = verbs.first else { return .keep }
    if verbs.count > 1 {
      report(
        "two requests in one step; each needs a step of its own", code: "two-requests",
        at: path.key(verbs[1].rawValue))
    }
    let url = template(node[verb.rawValue], at: path.key(verb.rawValue)) ?? Template(literal: "")
    return .request(
      Request(
        verb: verb, url: URLTemplate(url),
        query: entries(node["query"], at: path.key("query")),
        headers: entries(node["headers"], at: path.key("headers")),
        body: body(node, at: path),
        with: self.bearer(node["with"], at: path.key("with"), default: bearer),
        format: word(node["format"], at: path.key("format"), default: format)))
  }

  private mutating func body(_ node: Node, at path: Path) -> Request.Body? {
    let bodies = ["form", "json", "xml", "text"].filter { node.has($0) }
    if bodies.count > 1 {
      report(
        "two bodies in one request: '\(bodies[0])' and '\(bodies[1])'", code: "two-bodies",
        at: path.key(bodies[1]))
    }
    if node.has("form") { return .form(entries(node["form"], at: path.key("form"))) }
    if let body = node["json"] { return .json(jsonTemplate(body, at: path.key("json"))) }
    if let body = node["xml"] { return xml(body, at: path.key("xml")).map { .xml($0) } }
    return template(node["text"], at: path.key("text")).map { .text($0) }
  }

  /// One root element, whose members keep their order: in XML it has a meaning.
  private mutating func xml(_ node: Node, at path: Path) -> JSONTemplate? {
    guard case .map(let members) = node.content, members.count == 1 else {
      report(
        "wanted one root element, as in 'xml: { request: { … } }'", code: "wrong-shape", at: path)
      return nil
    }
    return xmlTemplate(node, at: path)
  }

  private mutating func bearer(
    _ node: Node?, at path: @autoclosure () -> Path, default standard: Request.Bearer
  ) -> Request.Bearer {
    guard let node else { return standard }
    let path = path()
    if case .map = node.content { return carrier(node, at: path).map { .carrier($0) } ?? standard }
    switch text(node, at: path) {
    case nil: return standard
    case "client": return .client
    case "credential": return .credential
    case "nobody": return .nobody
    case let name?: return .named(name)
    }
  }

  mutating func carrier(_ node: Node?, at path: @autoclosure () -> Path) -> Carrier? {
    guard let node, node.text != "none" else { return nil }
    let path = path()
    refuseUnknown(in: node, at: path, ["let", "headers", "query", "cookies", "form", "json"])
    var members: [JSONTemplate.Member] = []
    if let body = node["json"],
      case .object(let found) = jsonTemplate(body, at: path.key("json"))
    {
      members = found
    }
    return Carrier(
      made: made(node["let"], at: path.key("let")),
      headers: entries(node["headers"], at: path.key("headers")),
      query: entries(node["query"], at: path.key("query")),
      cookies: entries(node["cookies"], at: path.key("cookies")),
      form: entries(node["form"], at: path.key("form")), json: members)
  }

  private mutating func errorPlace(
    _ node: Node?, at path: @autoclosure () -> Path
  ) -> ErrorPlace? {
    guard let node else { return nil }
    let path = path()
    refuseUnknown(in: node, at: path, ["code", "description", "permanent", "declined"])
    return ErrorPlace(
      code: template(node["code"], at: path.key("code")),
      description: template(node["description"], at: path.key("description")),
      permanent: condition(node["permanent"], at: path.key("permanent")),
      declined: condition(node["declined"], at: path.key("declined")))
  }

  private mutating func credential(_ node: Node, at path: Path) -> CredentialTemplate {
    CredentialTemplate(
      name: text(node["name"], at: path.key("name")),
      parts: members(node, at: path).compactMap { member in
        if member.key == "name" { return nil }
        return template(member.value, at: path.key(member.key)).map { Entry(member.key, $0) }
      })
  }
}
