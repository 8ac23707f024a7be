internal import HTTPTypes
internal import Keywright
internal import KeywrightDefinition

extension Simulator {
  /// Answers what nothing is wrong with, and remembers what it gave out.
  mutating func grant(_ finding: Finding) -> TransportAnswer {
    guard let step = finding.endpoint.step else { return apiAnswer() }
    var finding = finding
    spend(finding)
    switch finding.endpoint.stage {
    case "revoke": revoke(finding)
    case "account", "verify": break
    default:
      let session = finding.session ?? memory.begin([:])
      finding.session = session
      memory.update(session) { $0.texts.merge(finding.knowledge.lasting) { $1 } }
    }
    var draft = AnswerDraft(finding.knowledge, example: step.example)
    let values = finding.endpoint.stage == "revoke" ? [] : put(step, finding, &draft)
    if finding.endpoint.stage == "account", let account = method.account { put(account, &draft) }
    for accept in conditions(of: step, finding.endpoint) {
      for condition in accept.conjuncts { draft.make(condition) }
      guard draft.holds(accept) else { return unable(step, finding.endpoint, accept) }
    }
    remember(values, step, finding, draft)
    return answer(draft, of: finding.endpoint)
  }

  /// When an answer is good: to its step, and where that tells the account, to what verifies by the same request.
  private func conditions(of step: Step, _ endpoint: Endpoint) -> [Expression] {
    let others = method.verify.filter { other in
      endpoint.stage == "account" && other.request?.url == step.request?.url
        && other.request?.verb == step.request?.verb
    }
    return [step.accept].compactMap { $0 } + others.compactMap(\.accept)
  }

  /// What works once has worked, and what dies unused lives on.
  private mutating func spend(_ finding: Finding) {
    for (name, value) in finding.shown {
      if name.hasPrefix("callback.") { memory.use(name, value) }
      guard finding.endpoint.stage == "renew", let rule = rule(ofRefreshToken: name) else {
        continue
      }
      if let idle = rule.idle { memory.prolong(name, value, to: now + idle) }
      if rule.refreshToken == .rotates {
        memory.use(name, value, lastingUntil: rule.grace.map { now + $0 } ?? .min)
      }
    }
  }

  /// The rule of the credential that a refresh token is a part of; nil for what is none.
  private func rule(ofRefreshToken name: String) -> CredentialRule? {
    let (prefix, suffix) = ("credentials.", ".refresh_token")
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    return rule(of: String(name.dropFirst(prefix.count).dropLast(suffix.count)))
  }

  /// The rule of a credential; of a method with one, the name is empty.
  func rule(of credential: String) -> CredentialRule? {
    method.rule(credential.isEmpty ? nil : credential)
  }

  /// RFC 7009 §2.1: an access token that is ended takes its refresh token along.
  private mutating func revoke(_ finding: Finding) {
    guard let session = finding.session else { return }
    if method.credentials.count > 1, let name = finding.endpoint.subject {
      memory.revoke(session, names: "credentials.\(name).")
    } else {
      memory.revoke(session)
    }
  }

  /// Something that was given out, with the template that reads it.
  struct Given {
    let name: String
    let template: Template
    var endsAt: Int64?
  }

  // MARK: What a step reads

  /// Puts what a step looks for into its answer: credentials, then values that are made or kept.
  private mutating func put(
    _ step: Step, _ finding: Finding, _ draft: inout AnswerDraft
  ) -> [Given] {
    var given: [Given] = []
    for credential in step.credentials {
      let name = credential.name ?? finding.endpoint.subject ?? ""
      let times = (
        access: credential.seconds("expires_in", by: draft) ?? registration.lifetime,
        refresh: credential.seconds("refresh_expires_in", by: draft) ?? 90 * 86_400
      )
      for part in credential.parts where part.value.readsAnswer {
        guard let value = value(of: part.name, name, finding, lasting: times) else { continue }
        draft.put(value, by: part.value)
        let lifetime =
          part.name == "refresh_token" ? rule(of: name)?.idle : credential.ends ? times.access : nil
        given.append(
          Given(
            name: "credentials.\(name).\(part.name)", template: part.value,
            endsAt: lifetime.map { now + $0 }))
      }
    }
    for field in step.made + step.save {
      guard let from = field.from, from.readsAnswer else { continue }
      // What a credential's answer holds anyway, or the example, stays.
      if draft.text(of: from) == nil {
        let text = common[field.name] ?? fresh(field)
        draft.put(field.json(text), by: from)
      }
      given.append(Given(name: field.name, template: from))
    }
    return given
  }

  /// The value of a credential's part; nil where none is given.
  private mutating func value(
    of part: String, _ credential: String, _ finding: Finding,
    lasting times: (access: Int64, refresh: Int64)
  ) -> JSON? {
    switch part {
    case "expires_in": return .integer(times.access)
    case "expires_at": return .integer(now + times.access)
    case "refresh_expires_in": return .integer(times.refresh)
    case "scopes":
      let scopes = finding.knowledge.texts["scopes"] ?? ""
      return scopes.isEmpty ? nil : .string(scopes)
    case "refresh_token":
      let isRenewal = finding.endpoint.stage == "renew"
      switch rule(of: credential)?.refreshToken {
      case .some(.none): return nil
      case .kept, .replacedIfGiven: return isRenewal ? nil : .string(fresh(part))
      case .rotates, nil: return .string(fresh(part))
      }
    default: return .string(fresh(part))
    }
  }

  /// A value that was never given out before, where the type allows it.
  private mutating func fresh(_ field: Field) -> String {
    switch field.type {
    case .text, .secret: field.pattern == nil ? fresh(field.name) : field.sample
    case .url: "\(field.sample)/\(fresh(field.name))"
    default: field.sample
    }
  }

  private func put(_ account: AccountTemplate, _ draft: inout AnswerDraft) {
    let templates: [(Template?, String)] = [
      (account.id, "1001"), (account.name, "Ada Lovelace"), (account.email, "ada@example.com"),
      (account.picture, "https://example.com/ada.png"),
    ]
    for (template, text) in templates {
      for expression in template?.expressions ?? []
      where draft.value(of: expression) == nil {
        draft.put(.string(text), by: expression)
      }
    }
  }

  // MARK: What is remembered

  private mutating func remember(
    _ values: [Given], _ step: Step, _ finding: Finding, _ draft: AnswerDraft
  ) {
    guard let session = finding.session else { return }
    let bindings = draft.bindings
    for given in values {
      let value = given.template.soleExpression?.value(in: bindings)
      guard let text = value?.text ?? (try? given.template.text(in: bindings)) ?? nil else {
        continue
      }
      memory.issue(given.name, text, to: session, endsAt: given.endsAt)
      memory.update(session) { $0.texts[given.name] = text }
    }
    // Parts that are no answer's, such as a user name that was filled in.
    for credential in step.credentials {
      let name = credential.name ?? finding.endpoint.subject ?? ""
      for part in credential.parts where !part.value.readsAnswer && part.name != "expires_in" {
        guard let text = (try? part.value.text(in: bindings)) ?? nil else { continue }
        memory.issue("credentials.\(name).\(part.name)", text, to: session)
        memory.update(session) { $0.texts["credentials.\(name).\(part.name)"] = text }
      }
    }
  }

  // MARK: Writing

  /// The answer of an address that no step describes.
  private func apiAnswer() -> TransportAnswer {
    TransportAnswer(
      status: 200, headers: [.contentType: "application/json"],
      body: Array(#"{"simulated":true}"#.utf8))
  }

  private func answer(_ draft: AnswerDraft, of endpoint: Endpoint) -> TransportAnswer {
    var headers: HTTPFields = [.cacheControl: "no-store"]
    for pair in draft.headers {
      if let name = HTTPField.Name(pair.name) { headers[name] = pair.value }
    }
    for pair in draft.cookies {
      headers.append(
        HTTPField(name: .setCookie, value: "\(pair.name)=\(pair.value); Path=/; Secure"))
    }
    guard case .request(let request) = endpoint.role, request.format != .none else {
      return TransportAnswer(status: draft.status, headers: headers, body: [])
    }
    headers[.contentType] = request.format.mediaType
    return TransportAnswer(
      status: draft.status, headers: headers,
      body: Array(request.format.text(of: draft.body ?? .object([])).utf8))
  }
}

extension CredentialTemplate {
  /// How long an example's answer says that a part of it works, in seconds; nil where it says nothing that can be.
  fileprivate func seconds(_ name: String, by draft: AnswerDraft) -> Int64? {
    let text = part(name).flatMap { $0.readsAnswer ? draft.text(of: $0) : nil }
    return text.flatMap { CredentialRule.time($0) }
  }

  /// Whether it says when it ends.
  fileprivate var ends: Bool {
    parts.contains { ["expires_in", "expires_at"].contains($0.name) && $0.value.readsAnswer }
  }
}

extension Field {
  /// A text as JSON has it, by the field's type.
  fileprivate func json(_ text: String) -> JSON {
    if isList, let list = try? JSON(reading: Array(text.utf8)) { return list }
    switch type {
    case .integer: return .number(text)
    case .boolean: return .boolean(text == "true")
    default: return .string(text)
    }
  }
}
