extension DefinitionReader {
  mutating func steps(
    _ json: JSON?, at path: Path, bearer: Request.Bearer = .nobody,
    format: Request.Format = .json
  ) -> [Step] {
    elements(json, at: path).enumerated().map { index, element in
      step(element, at: path.index(index), bearer: bearer, format: format)
    }
  }

  private static let stepKeys =
    Request.Verb.allCases.map(\.rawValue) + [
      "id", "accept", "error", "save", "credential", "query", "headers", "form", "json", "text",
      "with", "format", "leave", "take", "issuer", "iss",
    ]

  /// Reads one step; the bearer and the format are those of its stage, where it names none.
  mutating func step(
    _ json: JSON, at path: Path, bearer: Request.Bearer, format: Request.Format
  ) -> Step {
    refuseUnknown(in: json, at: path, Self.stepKeys)
    return Step(
      id: text(json["id"], at: path.key("id")),
      action: action(json, at: path, bearer: bearer, format: format),
      accept: condition(json["accept"], at: path.key("accept")),
      error: errorPlace(json["error"], at: path.key("error")),
      save: fields(json["save"], at: path.key("save")),
      credentials: elements(json["credential"], at: path.key("credential"))
        .enumerated().map { credential($1, at: path.key("credential").index($0)) })
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
          requiresIssuer: json["iss"]?.text == "required"))
    }
    let verbs = Request.Verb.allCases.filter { json[$0.rawValue] != nil }
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
    let bodies = ["form", "json", "text"].filter { json[$0] != nil }
    if bodies.count > 1 {
      report(
        "two bodies in one request: '\(bodies[0])' and '\(bodies[1])'", code: "two-bodies",
        at: path.key(bodies[1]))
    }
    if json["form"] != nil { return .form(entries(json["form"], at: path.key("form"))) }
    if let body = json["json"] { return .json(jsonTemplate(body, at: path.key("json"))) }
    return template(json["text"], at: path.key("text")).map { .text($0) }
  }

  private mutating func bearer(
    _ json: JSON?, at path: Path, default standard: Request.Bearer
  ) -> Request.Bearer {
    guard let json else { return standard }
    if case .object = json { return carrier(json, at: path).map { .carrier($0) } ?? standard }
    switch json.text {
    case "client": return .client
    case "credential": return .credential
    case "nobody": return .nobody
    default:
      report(
        "'\(json.scalarText ?? "")' carries no request; wanted 'client', 'credential' or a carrier",
        code: "unknown-word", at: path)
      return standard
    }
  }

  mutating func carrier(_ json: JSON?, at path: Path) -> Carrier? {
    guard let json, json.text != "none" else { return nil }
    refuseUnknown(in: json, at: path, ["headers", "query", "form"])
    return Carrier(
      headers: entries(json["headers"], at: path.key("headers")),
      query: entries(json["query"], at: path.key("query")),
      form: entries(json["form"], at: path.key("form")))
  }

  private mutating func errorPlace(_ json: JSON?, at path: Path) -> ErrorPlace? {
    guard let json else { return nil }
    refuseUnknown(in: json, at: path, ["code", "description"])
    return ErrorPlace(
      code: template(json["code"], at: path.key("code")),
      description: template(json["description"], at: path.key("description")))
  }

  private mutating func credential(_ json: JSON, at path: Path) -> CredentialTemplate {
    CredentialTemplate(
      parts: members(json, at: path).compactMap { member in
        template(member.value, at: path.key(member.name)).map { Entry(member.name, $0) }
      })
  }
}
