internal import HTTPTypes
internal import KeywrightDefinition

extension Machine {
  /// Takes an answer: is it accepted, what is kept of it?
  mutating func takeAnswer(_ answer: TransportAnswer) throws(AuthorizationError) {
    guard plan.indices.contains(state.position),
      let request = plan[state.position].step.request
    else { throw AuthorizationError(.malformedCallback, "this flow awaits no answer") }
    let (stage, step) = (plan[state.position].stage, plan[state.position].step)
    let read = ReadAnswer(answer, as: request.format)
    do {
      make(step.made, of: read)
      try accept(read, of: step, answer)
      try keep(step, of: read)
      if !step.credentials.isEmpty { noteLabel(of: answer, as: request.format) }
    } catch {
      // Verifications are alternatives: the first that is accepted counts.
      let hasAnother = stage == "verify" && plan.dropFirst(state.position + 1).first?.stage == stage
      guard hasAnother, error.code != .unreachable else {
        var error = error
        // Also what is missing in an answer is about that answer.
        error.status = error.status ?? read.status
        throw error
      }
      state.position += 1
      return
    }
    state.position += 1
    if stage == "verify" {
      while plan.indices.contains(state.position), plan[state.position].stage == stage {
        state.position += 1
      }
    }
    if stage == "account", let account = engine.method.account {
      state.account = try self.account(account, bindings(with: read))
    }
  }

  /// Notes where a credential's answer is labelled as something else; the spec's format decides how it is read.
  private mutating func noteLabel(of answer: TransportAnswer, as format: Request.Format) {
    guard let label = answer.headers[.contentType], let words = format.labelWords,
      !words.contains(where: label.asciiLowered.contains)
    else { return }
    let redaction = Redaction(engine.method, state, setup)
    state.warnings.append(
      "the answer was read as \(format.rawValue), though it is labelled '\(redaction.redacted(label))'"
    )
  }

  func bindings(with answer: ReadAnswer?) -> FlowBindings {
    FlowBindings(method: engine.method, state: state, setup: setup, answer: answer)
  }

  // MARK: Accept

  private func accept(
    _ read: ReadAnswer, of step: Step, _ answer: TransportAnswer
  ) throws(AuthorizationError) {
    let bindings = bindings(with: read)
    guard let condition = step.accept else {
      if (200...299).contains(read.status), read.problem == nil { return }
      throw refusal(read, of: step, answer, unmet: nil)
    }
    let unmet = condition.conjuncts.first { $0.truth(in: bindings) != true }
    // Where the body can't be read, a condition that reads it does not hold.
    guard let unmet = unmet ?? (read.problem != nil && condition.reads("body") ? condition : nil)
    else { return }
    throw refusal(read, of: step, answer, unmet: unmet)
  }

  /// Why an answer is not accepted, in the provider's words where there are any.
  private func refusal(
    _ read: ReadAnswer, of step: Step, _ answer: TransportAnswer, unmet: Expression?
  ) -> AuthorizationError {
    let bindings = bindings(with: read)
    let said = ProviderError(
      read.body, challenge: answer.headers[.wwwAuthenticate], place: step.error, in: bindings)
    let redaction = Redaction(engine.method, state, setup)
    var error: AuthorizationError
    if (300...399).contains(read.status) {
      error = AuthorizationError(
        .unacceptedAnswer, "the provider redirects, and redirects are never followed")
    } else if let problem = read.problem, said.code == nil {
      let type = answer.headers[.contentType].map { ", labelled \(redaction.redacted($0))" } ?? ""
      // A refusal is one by its status, whatever page comes with it.
      error = AuthorizationError(
        read.status >= 400 ? Self.code(ofStatus: read.status) : .unreadableAnswer,
        "the answer is \(problem) (\(answer.body.count) bytes\(type))\(Self.hint(answer, redaction))"
      )
    } else if let code = said.code {
      error = AuthorizationError(
        ProviderError.code(code) ?? Self.code(ofStatus: read.status), "the provider refused")
    } else if read.status >= 400 {
      error = AuthorizationError(Self.code(ofStatus: read.status), "the provider refused")
    } else {
      let condition = unmet.map { "'\($0)' does not hold" } ?? "its status is none of 200 to 299"
      error = AuthorizationError(.unacceptedAnswer, "the answer is not accepted: \(condition)")
    }
    if step.error?.declined?.truth(in: bindings) == true {
      error = AuthorizationError(.accessDenied, "the person said no")
    } else if step.error?.permanent?.truth(in: bindings) == true,
      error.code == .temporarilyUnavailable
    {
      error = AuthorizationError(.refused, "the provider refused, for good")
    }
    error.stage = stageName
    error.status = read.status
    error.retryAfter = RetryAfter.seconds(answer.headers, at: surroundings.now())
    error.providerCode = said.code.map(redaction.redacted)
    error.providerDescription = said.description.map(redaction.redacted)
    return error
  }

  private static func code(ofStatus status: Int) -> AuthorizationError.Code {
    status == 429 || status >= 500 ? .temporarilyUnavailable : .refused
  }

  /// What an unreadable answer seems to be: a page's title, or a form.
  private static func hint(_ answer: TransportAnswer, _ redaction: Redaction) -> String {
    let text = String(decoding: answer.body.prefix(2_000), as: UTF8.self)
    if text.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") {
      let title = text.split(separator: "<title>", maxSplits: 1).dropFirst().first?
        .split(separator: "<", maxSplits: 1).first.map(String.init)
      return "; it is a page" + (title.map { " titled '\(redaction.redacted($0))'" } ?? "")
    }
    let names = FormText.pairs(text)?.map(\.name) ?? []
    return names.contains("access_token") ? "; it looks like a form: write 'format: form'" : ""
  }

  // MARK: Keep

  /// Makes a step's own values. What can't be made is absent, until something needs it.
  mutating func make(_ fields: [Field], of read: ReadAnswer?) {
    for field in fields {
      state.made[field.name] = made(field, bindings(with: read))
    }
  }

  /// One value that is made: of its declared type, or as it is.
  func made(_ field: Field, _ bindings: FlowBindings) -> Value? {
    guard let from = field.from, let value = (try? from.value(in: bindings)) ?? nil else {
      return nil
    }
    guard field.hasType else { return value }
    guard let text = field.text(of: value), let canonical = try? field.canonical(text) else {
      return nil
    }
    return field.value(canonical)
  }

  /// Keeps what a step's outcome gives: saved values, then credentials.
  mutating func keep(_ step: Step, of read: ReadAnswer?) throws(AuthorizationError) {
    for field in step.save { try save(field, of: read) }
    for template in step.credentials { try make(template, of: read) }
  }

  private mutating func save(_ field: Field, of read: ReadAnswer?) throws(AuthorizationError) {
    let bindings = bindings(with: read)
    let value = field.from.flatMap { (try? $0.value(in: bindings)) ?? nil }
    let came = value.flatMap(field.text)
    // What stands in for a value that does not come is no news at a renewal.
    let standard = state.run == .renew ? nil : (try? field.standard?.text(in: bindings)) ?? nil
    guard let text = came.flatMap({ $0.isEmpty ? nil : $0 }) ?? standard ?? came,
      !(text.isEmpty && field.isOptional)
    else {
      return  // What is absent is missed where something needs it.
    }
    do {
      state.saved[field.name] = try field.canonical(text)
    } catch {
      // At a renewal the new tokens count more than a value that does not fit: the old one may be gone.
      if state.run == .renew {
        state.warnings.append("the new '\(field.name)' does not fit and was not taken")
        return
      }
      throw AuthorizationError(
        .unfitValue, "the answer's '\(field.name)' does not fit: \(error.reason)", stage: stageName)
    }
  }

  func account(
    _ template: AccountTemplate, _ bindings: FlowBindings
  ) throws(AuthorizationError) -> AccountRecord {
    func text(_ template: Template?) -> String? {
      guard let template, let text = (try? template.text(in: bindings)) ?? nil, !text.isEmpty
      else { return nil }
      return String(
        String.UnicodeScalarView(
          text.unicodeScalars.filter { !String($0).hasControlCharacter }.prefix(300)))
    }
    guard let id = text(template.id) else {
      throw AuthorizationError(
        .missingAccount, "the answer has no account id at '\(template.id)'", stage: "account")
    }
    return AccountRecord(
      id: id, name: text(template.name), email: text(template.email),
      picture: text(template.picture))
  }
}
