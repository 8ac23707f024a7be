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
    self = reader.definition(json)
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
      method.add("api", api?.json)
      method.add("scopes", scopes.known)
      if scopes.separator != " " { method.add("scope_separator", scopes.separator) }
      method.add("required_scopes", scopes.required)
      method.add("default_scopes", scopes.defaults)
      method.add("client_authentication", clientAuthentication?.json)
      method.add("authorize", steps: authorize)
      method.add("exchange", steps: exchange)
      method.add("renew", steps: renew)
      method.add("revoke", steps: revoke, bearer: .credential)
      method.add("sign", sign?.json)
      if refreshToken != .replacedIfGiven { method.add("refresh_token", refreshToken.rawValue) }
      method.add("verify", steps: verify, format: Request.Format.none, bearer: .credential)
      method.add("account", account?.json)
    }
  }
}

extension API {
  fileprivate var json: JSON {
    object { api in
      api.add("base", base)
      api.add("headers", headers)
      api.add("query", query)
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
      field.add("type", type.rawValue)
      field.add("from", from)
      field.add("title", title)
      field.add("help", help)
      field.add("example", example)
      field.add("link", link)
      field.add("shown_as", shownAs)
      if isSecret, !type.isSecret { field.add("secret", .boolean(true)) }
    }
  }
}

extension Step {
  fileprivate func json(format: Request.Format, bearer: Request.Bearer) -> JSON {
    object { step in
      step.add("id", id)
      switch action {
      case .keep: break
      case .leave(let leave):
        step.add("leave", leave.url.template)
        step.add("query", leave.query)
        step.add("take", leave.take)
        step.add("issuer", leave.issuer)
        if leave.requiresIssuer { step.add("iss", "required") }
      case .request(let request): request.add(to: &step, format: format, bearer: bearer)
      }
      step.add("accept", accept?.description)
      step.add("error", error?.json)
      step.add("save", save)
      step.add(
        "credential",
        .array(
          credentials.map { credential in
            .object(credential.parts.map { .init($0.name, .string($0.value.description)) })
          }))
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
    case .carrier(let carrier): carrier.json
    }
  }
}

extension Carrier {
  fileprivate var json: JSON {
    object { carrier in
      carrier.add("headers", headers)
      carrier.add("query", query)
      carrier.add("form", form)
    }
  }
}

extension ErrorPlace {
  fileprivate var json: JSON {
    object { place in
      place.add("code", code)
      place.add("description", description)
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
