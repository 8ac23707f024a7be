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
  package var compactBytes: [UInt8] { withCompactBytes { Array($0) } }

  /// Looks at the bytes of ``compactText`` where they were written.
  package func withCompactBytes<Result>(
    _ look: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    var writer = JSONWriter(capacity: 8_192)
    writer.object { root in
      root.add("format", Int64(Self.format))
      root.add("id", id)
      root.add("name", name)
      root.member(plain: "methods") {
        $0.object(methods) { writer, method in
          writer.member(method.id) { method.write(to: &$0) }
        }
      }
    }
    return writer.withBytes(look)
  }
}

extension JSONWriter {
  /// Writes a template as the language has it, where a value is wanted.
  fileprivate mutating func write(_ template: Template) { write(made: { template.write(to: &$0) }) }

  fileprivate mutating func write(_ entries: [Entry]) { object { $0.addMembers(entries) } }

  fileprivate mutating func addMembers(_ entries: [Entry]) {
    for entry in entries { member(entry.name) { $0.write(entry.value) } }
  }
}

/// Members of an object, which are left out where they are absent or empty.
extension JSONWriter {
  fileprivate mutating func add(_ name: StaticString, _ text: String?) {
    if let text { member(plain: name) { $0.write(text) } }
  }
  fileprivate mutating func add(_ name: StaticString, _ template: Template?) {
    if let template { member(plain: name) { $0.write(template) } }
  }
  fileprivate mutating func add(_ name: StaticString, _ integer: Int64?) {
    if let integer { member(plain: name) { $0.write(.integer(integer)) } }
  }
  fileprivate mutating func add(_ name: StaticString, _ truth: Bool) {
    if truth { member(plain: name) { $0.write(true) } }
  }
  fileprivate mutating func add(_ name: StaticString, _ texts: [String]) {
    if !texts.isEmpty { member(plain: name) { $0.array(texts) { $0.write($1) } } }
  }
  fileprivate mutating func add(_ name: StaticString, _ entries: [Entry]) {
    if !entries.isEmpty { member(plain: name) { $0.write(entries) } }
  }
  fileprivate mutating func add(_ name: StaticString, _ fields: [Field]) {
    if fields.isEmpty { return }
    member(plain: name) {
      $0.object(fields) { writer, field in writer.member(field.name) { field.write(to: &$0) } }
    }
  }
  fileprivate mutating func add(
    _ name: StaticString, steps: [Step], format: Request.Format = .json,
    bearer: Request.Bearer = .nobody
  ) {
    if steps.isEmpty { return }
    member(plain: name) {
      $0.array(steps) { $1.write(to: &$0, format: format, bearer: bearer) }
    }
  }
}

extension Method {
  fileprivate func write(to writer: inout JSONWriter) {
    writer.object { method in
      method.add("title", title)
      method.add("setup", setup)
      method.add("ask", ask)
      method.add("hints", hints)
      if let api { method.filledMember(plain: "api") { api.write(to: &$0) } }
      method.add("scopes", scopes.known)
      if scopes.separator != " " { method.add("scope_separator", scopes.separator) }
      method.add("required_scopes", scopes.required)
      method.add("default_scopes", scopes.defaults)
      if let clientAuthentication {
        method.filledMember(plain: "client_authentication") { clientAuthentication.write(to: &$0) }
      }
      method.add("authorize", steps: authorize)
      method.add("exchange", steps: exchange)
      method.add("revoke", steps: revoke, bearer: .credential)
      if credentials.count == 1, credentials[0].name == nil {
        credentials[0].addMembers(to: &method)
      } else if !credentials.isEmpty {
        method.member(plain: "credentials") {
          $0.object(credentials) { writer, rule in
            writer.member(rule.name ?? "") { rule.write(to: &$0) }
          }
        }
      }
      method.add("verify", steps: verify, format: Request.Format.none, bearer: .credential)
      if let account { method.filledMember(plain: "account") { account.write(to: &$0) } }
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
    if let sign { method.filledMember(plain: "sign") { sign.write(to: &$0) } }
    let rule = refreshToken == .replacedIfGiven ? nil : refreshToken.rawValue
    guard grace != nil || idle != nil else { return method.add("refresh_token", rule) }
    method.member(plain: "refresh_token") {
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
        field.member(plain: "values") {
          $0.object(choices) { writer, choice in
            writer.member(choice.value) { choice.write(to: &$0) }
          }
        }
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
      for entry in attributes {
        if let text = entry.value.literalText { choice.member(entry.name) { $0.write(text) } }
      }
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
    if let error { step.filledMember(plain: "error") { error.write(to: &$0) } }
    step.add("save", save)
    if !credentials.isEmpty {
      step.member(plain: "credential") { list in
        list.array(credentials) { list, credential in
          list.object { object in
            object.add("name", credential.name)
            object.addMembers(credential.parts)
          }
        }
      }
    }
    step.add("unsafe", unsafe)
    if let example { step.member(plain: "example") { $0.write(example) } }
  }
}

extension Request {
  fileprivate func addMembers(
    to step: inout JSONWriter, format standard: Format, bearer: Bearer
  ) {
    step.member(verb.rawValue) { $0.write(url.template) }
    if with != bearer { step.filledMember(plain: "with") { with.write(to: &$0) } }
    step.add("query", query)
    step.add("headers", headers)
    switch body {
    case nil: break
    // An empty body is a body.
    case .form(let entries):
      step.member(plain: "form") { $0.write(entries) }
    case .json(let json): step.member(plain: "json") { json.write(to: &$0) }
    case .xml(let xml): step.member(plain: "xml") { xml.write(to: &$0) }
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
        carrier.member(plain: "json") {
          $0.object(json) { writer, member in
            writer.member(member.name) { member.value.write(to: &$0) }
          }
        }
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
    case .template(let template): writer.write(template)
    case .array(let elements): writer.array(elements) { $1.write(to: &$0) }
    case .object(let members):
      writer.object(members) { writer, member in
        writer.member(member.name) { member.value.write(to: &$0) }
      }
    }
  }
}
