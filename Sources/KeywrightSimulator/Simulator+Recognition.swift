internal import HTTPTypes
internal import KeywrightCrypto
internal import KeywrightDefinition

/// What a request turned out to be.
struct Finding {
  let endpoint: Endpoint
  var knowledge: Knowledge
  var refusals: [Refusal] = []
  /// The session that it goes on with; nil where it begins one.
  var session: Int?
  /// What was given out and comes back here, by name.
  var shown: [(name: String, value: String)] = []
}

extension Simulator {
  /// The step that a request is for: of several at one address the one that it fits best.
  func recognise(_ received: ReceivedRequest) -> Finding? {
    func findings(of endpoints: [Endpoint]) -> [Finding] {
      endpoints.compactMap { endpoint in
        address(endpoint, of: received).map { assess(received, endpoint, $0) }
      }
    }
    let steps = findings(of: endpoints.filter { !$0.isAPI })
    let own = steps.filter { !$0.refusals.contains(where: \.isOtherOperation) }
    let others = own.isEmpty ? findings(of: endpoints.filter(\.isAPI)) : []
    let findings = own + others
    if findings.isEmpty { return steps.first }
    return findings.enumerated().min { one, other in
      let (first, second) = (one.element.distance, other.element.distance)
      return first == second ? one.offset < other.offset : first < second
    }?.element
  }

  /// What an address teaches; nil where it is another.
  func address(
    _ endpoint: Endpoint, of received: ReceivedRequest, isAnyVerb: Bool = false
  ) -> Knowledge? {
    var knowledge = knowledge
    knowledge.subject = endpoint.subject
    let rule = method.rule(endpoint.subject)
    switch endpoint.role {
    case .leave(let leave):
      guard isAnyVerb || received.method == "GET",
        leave.url.matches(received.url, base: method.api?.base, &knowledge)
      else { return nil }
    case .request(let request):
      let base = method.base(with: request.with)?.url
      guard isAnyVerb || received.method == request.verb.rawValue.asciiUppered,
        request.url.matches(received.url, base: base, &knowledge)
      else { return nil }
    case .api:
      let bases = [rule?.base ?? method.api?.base].compactMap { $0 } + (method.api?.also ?? [])
      guard bases.contains(where: { URLTemplate($0).covers(received.url, &knowledge) }) else {
        return nil
      }
    }
    return knowledge
  }

  /// Compares a request with the one that the definition describes.
  private func assess(
    _ received: ReceivedRequest, _ endpoint: Endpoint, _ knowledge: Knowledge
  ) -> Finding {
    var finding = Finding(endpoint: endpoint, knowledge: knowledge)
    finding.knowledge.local["request"] = received.value
    var faulty: Set<Place> = []
    func refuse(_ fault: Refusal.Fault, _ part: Part) {
      if faulty.insert(part.place).inserted {
        finding.refusals.append(Refusal(fault, part, of: endpoint))
      }
    }
    // First what each part says; then, with all that is known of the session, whether it is right.
    for part in endpoint.shape.parts {
      let values = received.values(at: part.place)
      if values.count > 1, !part.mayRepeat(in: finding.knowledge) { refuse(.repeated, part) }
      guard values.count == 1 else { continue }
      if part.template.match(values[0], &finding.knowledge) == .differs { refuse(.wrong, part) }
    }
    recall(&finding)
    for field in endpoint.shape.made {
      let value = field.from.flatMap { try? $0.value(in: finding.knowledge) } ?? nil
      finding.knowledge.local[field.name] = value
    }
    for part in endpoint.shape.parts {
      let values = received.values(at: part.place)
      switch Expected(part, finding.knowledge) {
      case .nothing: if !values.isEmpty { refuse(.wrong, part) }
      case .open: if values.isEmpty { refuse(.missing, part) }
      case .text(let text):
        if values.isEmpty { refuse(.missing, part) }
        if values.count == 1, !text.isSameBytes(as: values[0]) { refuse(.wrong, part) }
      }
    }
    checkSoleAuthentication(received, &finding)
    checkVerifier(&finding)
    checkNarrowing(received, &finding)
    return finding
  }

  /// Finds the session of what was given out, and what is known of it.
  private func recall(_ finding: inout Finding) {
    let names = Set(finding.knowledge.learned).filter(isGivenOut).sorted()
    var session: Int?
    for name in names {
      let value = finding.knowledge.texts[name] ?? ""
      guard let issue = memory.issue(name, value) else {
        if isLocal(name, &finding) { continue }
        // RFC 7009 §2.2: to end what is unknown is no error.
        if finding.endpoint.isRevocation { continue }
        finding.refusals.append(unknown(name, at: finding.endpoint))
        continue
      }
      if let session, session != issue.session {
        finding.refusals.append(
          Refusal(code: .invalidGrant, description: "these were not given out together"))
        continue
      }
      session = issue.session
      finding.shown.append((name, value))
    }
    guard let session else { return }
    finding.session = session
    for (name, text) in memory.sessions[session].texts where !names.contains(name) {
      finding.knowledge.texts[name] = text
    }
  }

  /// Whether this is a name of something that the provider gives out.
  private func isGivenOut(_ name: String) -> Bool {
    if name.hasPrefix("callback.") { return true }
    if name.hasPrefix("credentials.") { return true }
    return declarations[name]?.from?.readsAnswer == true
  }

  /// Whether a part of a credential is one that the person filled in, so that nobody gave it out.
  private func isLocal(_ name: String, _ finding: inout Finding) -> Bool {
    for step in method.exchange where step.request == nil {
      for template in step.credentials {
        for part in template.parts
        where name == "credentials.\(template.name ?? "").\(part.name)" {
          guard !part.value.readsAnswer else { return false }
          let text = finding.knowledge.texts[name] ?? ""
          return part.value.match(text, &finding.knowledge) != .differs
        }
      }
    }
    return false
  }

  private func unknown(_ name: String, at endpoint: Endpoint) -> Refusal {
    let word = name.split(separator: ".").last.map(String.init) ?? name
    let isToken = endpoint.isOfAPI && name.hasPrefix("credentials.")
    return Refusal(
      code: isToken ? .invalidToken : .invalidGrant, description: "this \(word) was never given out"
    )
  }

  /// RFC 6749 §2.3: a client must not use more than one way to show who it is.
  private func checkSoleAuthentication(_ received: ReceivedRequest, _ finding: inout Finding) {
    let parts = finding.endpoint.shape.parts.filter { $0.origin == .client }
    let places = parts.map(\.place)
    let secrets = method.filled.filter { field in
      field.isSecret && parts.contains { $0.reads(field.name) }
    }.compactMap { registration.values[$0.name] }
    guard !places.isEmpty else { return }
    let isInBody = (received.form + received.query).contains { pair in
      !places.contains(.form(pair.name)) && !places.contains(.query(pair.name))
        && secrets.contains { pair.value.isSameBytes(as: $0) }
    }
    let isInHeader =
      received.headers[.authorization] != nil
      && !finding.endpoint.shape.parts.contains { $0.place == .header("Authorization") }
    if isInBody || isInHeader {
      finding.refusals.append(
        Refusal(code: .invalidRequest, description: "the client shows who it is in two ways"))
    }
  }

  /// RFC 6749 §6: a renewal may ask for fewer scopes, and never for one that was not granted.
  private func checkNarrowing(_ received: ReceivedRequest, _ finding: inout Finding) {
    guard finding.endpoint.stage == "renew", finding.session != nil,
      let asked = received.form.first(where: { $0.name == "scope" })?.value
    else { return }
    let granted = scopes(finding.knowledge.texts["scopes"])
    if !scopes(asked).allSatisfy(granted.contains) {
      finding.refusals.append(
        Refusal(code: .invalidScope, description: "this was not granted, so it can't be renewed"))
    }
  }

  /// RFC 7636 §4.6: the challenge has to be the verifier's.
  private func checkVerifier(_ finding: inout Finding) {
    guard finding.session != nil, let challenge = finding.knowledge.texts["pkce.challenge"],
      let verifier = finding.knowledge.texts["pkce.verifier"], !finding.endpoint.isLeave,
      finding.knowledge.learned.contains("pkce.verifier")
    else { return }
    let made = Encoding.base64URL(digest(Array(verifier.utf8), .sha256))
    if !made.isSameBytes(as: challenge) {
      finding.refusals.append(
        Refusal(code: .invalidGrant, description: "the code_verifier does not fit the challenge"))
    }
  }

  /// What is wrong with what was given out and comes back: used, ended, revoked.
  mutating func misuse(_ finding: Finding) -> Refusal? {
    let isOfAPI = finding.endpoint.isOfAPI
    for (name, value) in finding.shown {
      guard let issue = memory.issue(name, value) else { continue }
      let word = name.split(separator: ".").last.map(String.init) ?? name
      let code = isOfAPI ? Refusal.Code.invalidToken : .invalidGrant
      // RFC 7009 §2.2: nor is it one to end what has ended.
      if finding.endpoint.isRevocation { continue }
      if let last = issue.lastsUntil, last <= now {
        // RFC 6749 §4.1.2 and RFC 9700 §4.14.2: who shows it once more may have stolen it, so all of it ends.
        memory.revoke(issue.session)
        return Refusal(code: code, description: "this \(word) was used before")
      }
      if issue.isRevoked {
        return Refusal(code: code, description: "this \(word) was revoked")
      }
      if let end = issue.endsAt, end <= now {
        return Refusal(code: code, description: "this \(word) has ended")
      }
    }
    return nil
  }
}

extension Finding {
  /// How far a request is from the endpoint: what the spec writes out weighs more than what it computes.
  var distance: Int {
    refusals.reduce(0) { $0 + ($1.code == .unsupportedGrantType ? 100 : 1) }
  }
}

extension Part {
  /// Whether the template is a list, whose elements each stand for themselves.
  fileprivate func mayRepeat(in knowledge: Knowledge) -> Bool {
    template.soleExpression?.value(in: knowledge)?.elements != nil
  }
}

/// What a part of a request has to say, by all that is known.
private enum Expected {
  case text(String)
  /// It has to be absent.
  case nothing
  /// Nobody can tell.
  case open

  init(_ part: Part, _ knowledge: Knowledge) {
    do {
      guard let value = try part.template.value(in: knowledge) else {
        self = .nothing
        return
      }
      self = (value.text ?? value.json?.compactText).map { .text($0) } ?? .open
    } catch {
      self = .open
    }
  }
}
