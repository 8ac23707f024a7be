extension Definition {
  /// Reads a definition's text.
  /// - Throws: what is wrong first, be it the JSON or the definition.
  package init(reading text: [UInt8]) throws(DefinitionReader.Problem) {
    let json: JSON
    do {
      json = try JSON(reading: text)
    } catch {
      throw DefinitionReader.Problem(
        error.description, code: "definition-json", at: Path())
    }
    try self.init(json)
  }

  /// Reads a definition out of its JSON form.
  package init(_ json: JSON) throws(DefinitionReader.Problem) {
    var reader = DefinitionReader()
    self = reader.definition(Node(json))
    if let problem = reader.problems.first { throw problem }
  }

  /// The definition's JSON form: what is as it is by default is left out.
  package var json: JSON {
    .object([
      .init("format", .integer(Int64(Self.format))),
      .init("id", .string(id)),
      .init("name", .string(name)),
      .init("methods", .object(methods.map { .init($0.id, $0.json) })),
    ])
  }
}

/// An object that leaves out what is absent or empty.
private struct ObjectWriter {
  var members: [JSON.Member] = []

  mutating func add(_ name: String, _ value: JSON?) {
    switch value {
    case nil, .array([]), .object([]): break
    case let value?: members.append(.init(name, value))
    }
  }

  mutating func add(_ name: String, _ text: String?) { add(name, text.map { .string($0) }) }
  mutating func add(_ name: String, _ template: Template?) { add(name, template?.description) }
  mutating func add(_ name: String, _ texts: [String]) {
    add(name, .array(texts.map { .string($0) }))
  }
  mutating func add(_ name: String, _ entries: [Entry]) {
    add(name, .object(entries.map { .init($0.name, .string($0.value.description)) }))
  }
  mutating func add(_ name: String, _ fields: [Field]) {
    add(name, .object(fields.map { .init($0.name, $0.json) }))
  }
  mutating func add(
    _ name: String, steps: [Step], format: Request.Format = .json, bearer: Request.Bearer = .nobody
  ) {
    add(name, .array(steps.map { $0.json(format: format, bearer: bearer) }))
  }
}

private func object(_ build: (inout ObjectWriter) -> Void) -> JSON {
  var writer = ObjectWriter()
  build(&writer)
  return .object(writer.members)
}

extension Method {
  fileprivate var json: JSON {
    object { method in
      method.add("title", title)
      method.add("setup", setup)
      method.add("ask", ask)
      method.add("hints", hints)
      method.add("api", api?.json)
      method.add("scopes", scopes.known)
      if scopes.separator != " " { method.add("scope_separator", scopes.separator) }
      method.add("required_scopes", scopes.required)
      method.add("default_scopes", scopes.defaults)
      method.add("client_authentication", clientAuthentication?.text)
      method.add("authorize", steps: authorize)
      method.add("exchange", steps: exchange)
      method.add("revoke", steps: revoke, bearer: .credential)
      if credentials.count == 1, credentials[0].name == nil {
        credentials[0].add(to: &method)
      } else {
        let rules = credentials.map { JSON.Member($0.name ?? "", $0.json) }
        method.add("credentials", JSON.object(rules))
      }
      method.add("verify", steps: verify, format: Request.Format.none, bearer: .credential)
      method.add("account", account?.json)
    }
  }
}

extension CredentialRule {
  /// An empty rule is written too: its name says that there is such a credential.
  fileprivate var json: JSON {
    object { rule in
      add(to: &rule)
      rule.add("base", base)
      rule.add("headers", headers)
      if isOptional { rule.add("optional", .boolean(true)) }
    }
  }

  fileprivate func add(to method: inout ObjectWriter) {
    switch renewal {
    case .none: break
    case .steps(let steps): method.add("renew", steps: steps)
    case .again: method.add("renew", "repeat")
    case .use: method.add("renew", "sign")
    case .person: method.add("renew", "person")
    }
    method.add("sign", sign?.text)
    if refreshToken != .replacedIfGiven { method.add("refresh_token", refreshToken.rawValue) }
  }
}

extension API {
  fileprivate var json: JSON {
    object { api in
      api.add("base", base)
      api.add("also", also.map(\.description))
      api.add("headers", headers)
      api.add("query", query)
      api.add("unauthorized", unauthorized?.description)
      api.add("unsafe", unsafe)
    }
  }
}

extension AccountTemplate {
  fileprivate var json: JSON {
    object { account in
      if case .object(let members)? = step?.json(format: .json, bearer: .credential) {
        account.members = members
      }
      account.add("id", id)
      account.add("name", name)
      account.add("email", email)
      account.add("picture", picture)
    }
  }
}

extension Field {
  fileprivate var json: JSON {
    object { field in
      if hasType { field.add("type", (isList ? "list of " : "") + type.rawValue) }
      field.add("from", from)
      field.add("title", title)
      field.add("help", help)
      field.add("example", example)
      field.add("link", link)
      field.add("shown_as", shownAs)
      field.add("pattern", pattern?.text)
      field.add("under", under)
      field.add("values", .object(choices.map(\.json)))
      field.add("default", standard)
      field.add("when", condition?.description)
      for (name, truth) in [("optional", isOptional), ("secret", isMarkedSecret), ("once", isOnce)]
      where truth {
        field.add(name, .boolean(true))
      }
      if isGenerated { field.add("generate", "uuid") }
    }
  }
}

extension Field.Choice {
  fileprivate var json: JSON.Member {
    if let title, attributes.isEmpty { return .init(value, .string(title)) }
    return .init(
      value,
      object { choice in
        choice.add("title", title)
        for entry in attributes { choice.add(entry.name, entry.value.literalText) }
      })
  }
}

extension Step {
  fileprivate func json(format: Request.Format, bearer: Request.Bearer) -> JSON {
    object { step in
      step.add("id", id)
      step.add("when", condition?.description)
      switch action {
      case .keep: break
      case .leave(let leave):
        step.add("leave", leave.url.template)
        step.add("query", leave.query)
        step.add("take", leave.take)
        step.add("issuer", leave.issuer)
        if leave.requiresIssuer { step.add("iss", "required") }
        if leave.isFormPost { step.add("answer", "form_post") }
        if leave.stateParameter != "state" { step.add("state_in", leave.stateParameter) }
      case .request(let request): request.add(to: &step, format: format, bearer: bearer)
      }
      step.add("let", made)
      step.add("accept", accept?.description)
      step.add("error", error?.json)
      step.add("save", save)
      step.add(
        "credential",
        .array(
          credentials.map { credential in
            let name = credential.name.map { [JSON.Member("name", .string($0))] } ?? []
            return .object(
              name + credential.parts.map { .init($0.name, .string($0.value.description)) })
          }))
      step.add("unsafe", unsafe)
      if let example { step.members.append(.init("example", example)) }
    }
  }
}

extension Request {
  fileprivate func add(to step: inout ObjectWriter, format standard: Format, bearer: Bearer) {
    step.add(verb.rawValue, url.template)
    if with != bearer { step.add("with", with.json) }
    step.add("query", query)
    step.add("headers", headers)
    switch body {
    case nil: break
    case .form(let entries):
      step.members.append(
        .init("form", .object(entries.map { .init($0.name, .string($0.value.description)) })))
    case .json(let json): step.members.append(.init("json", json.json))
    case .xml(let xml): step.members.append(.init("xml", xml.json))
    case .text(let text): step.add("text", text)
    }
    if format != standard { step.add("format", format.rawValue) }
  }
}

extension Request.Bearer {
  fileprivate var json: JSON {
    switch self {
    case .nobody: .string("nobody")
    case .client: .string("client")
    case .credential: .string("credential")
    case .named(let name): .string(name)
    case .carrier(let carrier): carrier.text
    }
  }
}

extension Carrier {
  fileprivate var text: JSON {
    object { carrier in
      carrier.add("let", made)
      carrier.add("headers", headers)
      carrier.add("query", query)
      carrier.add("cookies", cookies)
      carrier.add("form", form)
      carrier.add("json", .object(json.map { .init($0.name, $0.value.json) }))
    }
  }
}

extension ErrorPlace {
  fileprivate var json: JSON {
    object { place in
      place.add("code", code)
      place.add("description", description)
      place.add("permanent", permanent?.description)
      place.add("declined", declined?.description)
    }
  }
}

extension JSONTemplate {
  fileprivate var json: JSON {
    switch self {
    case .literal(let json): json
    case .template(let template): .string(template.description)
    case .array(let elements): .array(elements.map(\.json))
    case .object(let members): .object(members.map { .init($0.name, $0.value.json) })
    }
  }
}
