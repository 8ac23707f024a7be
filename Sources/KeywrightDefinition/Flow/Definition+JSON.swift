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

  /// The definition's text, the shortest: what is as it is by default is left out.
  package var compactText: String { String(decoding: compactBytes, as: UTF8.self) }

  /// The bytes of ``compactText``.
  package var compactBytes: [UInt8] {
    var writer = JSONWriter()
    writer.object { root in
      root.member("format", .integer(Int64(Self.format)))
      root.member("id", .string(id))
      root.member("name", .string(name))
      root.member("methods") { $0.object(methods) { $0.member($1.id, $1.write) } }
    }
    return writer.bytes
  }
}

/// Members of an object, which are left out where they are absent or empty.
extension JSONWriter {
  fileprivate mutating func add(_ name: String, _ text: String?) {
    if let text { member(name) { $0.write(text) } }
  }
  fileprivate mutating func add(_ name: String, _ template: Template?) {
    if let template { member(name) { $0.write(template.description) } }
  }
  fileprivate mutating func add(_ name: String, _ integer: Int64?) {
    if let integer { member(name, .integer(integer)) }
  }
  fileprivate mutating func add(_ name: String, _ truth: Bool) {
    if truth { member(name) { $0.write(true) } }
  }
  fileprivate mutating func add(_ name: String, _ texts: [String]) {
    if !texts.isEmpty { member(name) { $0.array(texts) { $0.write($1) } } }
  }
  fileprivate mutating func add(_ name: String, _ entries: [Entry]) {
    if !entries.isEmpty { member(name) { $0.object(entries) { $0.add($1.name, $1.value) } } }
  }
  fileprivate mutating func add(_ name: String, _ fields: [Field]) {
    if !fields.isEmpty { member(name) { $0.object(fields) { $0.member($1.name, $1.write) } } }
  }
  fileprivate mutating func add(
    _ name: String, steps: [Step], format: Request.Format = .json, bearer: Request.Bearer = .nobody
  ) {
    if steps.isEmpty { return }
    member(name) { $0.array(steps) { $1.write(to: &$0, format: format, bearer: bearer) } }
  }
}

extension Method {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { method in
      method.add("title", title)
      method.add("setup", setup)
      method.add("ask", ask)
      method.add("hints", hints)
      if let api { method.filledMember("api", api.write) }
      method.add("scopes", scopes.known)
      if scopes.separator != " " { method.add("scope_separator", scopes.separator) }
      method.add("required_scopes", scopes.required)
      method.add("default_scopes", scopes.defaults)
      if let clientAuthentication {
        method.filledMember("client_authentication", clientAuthentication.write)
      }
      method.add("authorize", steps: authorize)
      method.add("exchange", steps: exchange)
      method.add("revoke", steps: revoke, bearer: .credential)
      if credentials.count == 1, credentials[0].name == nil {
        credentials[0].addMembers(to: &method)
      } else if !credentials.isEmpty {
        method.member("credentials") {
          $0.object(credentials) { $0.member($1.name ?? "", $1.write) }
        }
      }
      method.add("verify", steps: verify, format: Request.Format.none, bearer: .credential)
      if let account { method.filledMember("account", account.write) }
    }
  }
}

extension CredentialRule {
  /// An empty rule is written too: its name says that there is such a credential.
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { rule in
      addMembers(to: &rule)
      rule.add("base", base)
      rule.add("headers", headers)
      rule.add("optional", isOptional)
    }
  }

  fileprivate func addMembers(to method: inout JSONWriter) {
    switch renewal {
    case .none: break
    case .steps(let steps): method.add("renew", steps: steps)
    case .again: method.add("renew", "repeat")
    case .use: method.add("renew", "sign")
    case .person: method.add("renew", "person")
    }
    if let sign { method.filledMember("sign", sign.write) }
    let rule = refreshToken == .replacedIfGiven ? nil : refreshToken.rawValue
    guard grace != nil || idle != nil else { return method.add("refresh_token", rule) }
    method.member("refresh_token") {
      $0.object { token in
        token.add("rule", rule)
        token.add("grace", grace)
        token.add("idle", idle)
      }
    }
  }
}

extension API {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { api in
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
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { account in
      step?.addMembers(to: &account, format: .json, bearer: .credential)
      account.add("id", id)
      account.add("name", name)
      account.add("email", email)
      account.add("picture", picture)
    }
  }
}

extension Field {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { field in
      if hasType { field.add("type", (isList ? "list of " : "") + type.rawValue) }
      field.add("from", from)
      field.add("title", title)
      field.add("help", help)
      field.add("example", example)
      field.add("link", link)
      field.add("shown_as", shownAs)
      field.add("pattern", pattern?.text)
      field.add("under", under)
      if !choices.isEmpty {
        field.member("values") { $0.object(choices) { $0.member($1.value, $1.write) } }
      }
      field.add("default", standard)
      field.add("when", condition?.description)
      field.add("optional", isOptional)
      field.add("secret", isMarkedSecret)
      field.add("once", isOnce)
      if isGenerated { field.add("generate", "uuid") }
    }
  }
}

extension Field.Choice {
  fileprivate func write(to writer: inout JSONWriter) {
    if let title, attributes.isEmpty { return writer.write(title) }
    writer.object { choice in
      choice.add("title", title)
      for entry in attributes { choice.add(entry.name, entry.value.literalText) }
    }
  }
}

extension Step {
  fileprivate func write(
    to writer: inout JSONWriter, format: Request.Format, bearer: Request.Bearer
  ) {
    writer.object { addMembers(to: &$0, format: format, bearer: bearer) }
  }

  fileprivate func addMembers(
    to step: inout JSONWriter, format: Request.Format, bearer: Request.Bearer
  ) {
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
    case .request(let request): request.addMembers(to: &step, format: format, bearer: bearer)
    }
    step.add("let", made)
    step.add("accept", accept?.description)
    if let error { step.filledMember("error", error.write) }
    step.add("save", save)
    if !credentials.isEmpty {
      step.member("credential") { list in
        list.array(credentials) { list, credential in
          list.object { object in
            object.add("name", credential.name)
            for part in credential.parts { object.add(part.name, part.value) }
          }
        }
      }
    }
    step.add("unsafe", unsafe)
    if let example { step.member("example", example) }
  }
}

extension Request {
  fileprivate func addMembers(
    to step: inout JSONWriter, format standard: Format, bearer: Bearer
  ) {
    step.add(verb.rawValue, url.template)
    if with != bearer { step.filledMember("with", with.write) }
    step.add("query", query)
    step.add("headers", headers)
    switch body {
    case nil: break
    // An empty body is a body.
    case .form(let entries):
      step.member("form") { $0.object(entries) { $0.add($1.name, $1.value) } }
    case .json(let json): step.member("json", json.write)
    case .xml(let xml): step.member("xml", xml.write)
    case .text(let text): step.add("text", text)
    }
    if format != standard { step.add("format", format.rawValue) }
  }
}

extension Request.Bearer {
  fileprivate func write(to writer: inout JSONWriter) {
    switch self {
    case .nobody: writer.write("nobody")
    case .client: writer.write("client")
    case .credential: writer.write("credential")
    case .named(let name): writer.write(name)
    case .carrier(let carrier): carrier.write(to: &writer)
    }
  }
}

extension Carrier {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { carrier in
      carrier.add("let", made)
      carrier.add("headers", headers)
      carrier.add("query", query)
      carrier.add("cookies", cookies)
      carrier.add("form", form)
      if !json.isEmpty {
        carrier.member("json") { $0.object(json) { $0.member($1.name, $1.value.write) } }
      }
    }
  }
}

extension ErrorPlace {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { place in
      place.add("code", code)
      place.add("description", description)
      place.add("permanent", permanent?.description)
      place.add("declined", declined?.description)
    }
  }
}

extension JSONTemplate {
  fileprivate func write(to writer: inout JSONWriter) {
    switch self {
    case .literal(let json): writer.write(json)
    case .template(let template): writer.write(template.description)
    case .array(let elements): writer.array(elements) { $1.write(to: &$0) }
    case .object(let members): writer.object(members) { $0.member($1.name, $1.value.write) }
    }
  }
}
