import KeywrightDefinition

extension MethodChecker {
  // MARK: Carriers

  mutating func check(
    _ bearer: Request.Bearer, at path: Path, _ place: Standpoint
  ) -> [Use] {
    switch bearer {
    case .nobody: return []
    case .carrier(let carrier): return check(carrier, at: path.key("with"), place)
    case .credential: return checkSigners(place)
    case .named(let name):
      guard let rule = method.rule(name), rule.name != nil else {
        let known = ["client", "credential", "nobody"] + method.credentials.compactMap(\.name)
        report(
          "'\(name)' carries no request; wanted \(known.joined(separator: ", ")) or a carrier"
            + didYouMean(name, among: known), code: "unknown-word", at: path.key("with"),
          fix: nearest(to: name, among: known))
        return []
      }
      return checkSigner(rule, place)
    case .client:
      guard let carrier = method.clientAuthentication else {
        report(
          "'with: client' in a method without 'client_authentication'", code: "no-client",
          at: path.key("with"))
        return []
      }
      return check(carrier, at: self.path.key("client_authentication"), place)
    }
  }

  func path(ofRule name: String?) -> Path {
    name.map { path.key("credentials").key($0) } ?? path
  }

  /// What a credential puts on a request: its carrier, and its own headers.
  private mutating func checkSigner(_ rule: CredentialRule?, _ place: Standpoint) -> [Use] {
    let path = path(ofRule: rule?.name)
    var uses = check(rule?.sign, at: path.key("sign"), place)
    uses += check(rule?.headers ?? [], at: path.key("headers"), place)
    return uses
  }

  /// What `with: credential` puts on a request. Which one signs is known only as it runs, where there are several: none
  /// of them may bring a secret of the integrator's to where that must not go.
  private mutating func checkSigners(_ place: Standpoint) -> [Use] {
    let first = method.rule(place.current)
    var uses = checkSigner(first, place)
    for name in place.others where name != first?.name {
      var place = place
      place.current = name
      let rule = method.rule(name)
      uses += peek { $0.checkSigner(rule, place) }.filter(\.isOfIntegrator)
    }
    return uses
  }

  @discardableResult
  mutating func check(_ carrier: Carrier?, at path: Path, _ place: Standpoint) -> [Use] {
    guard let carrier else { return [] }
    var place = place
    place.isCarrier = true
    for field in carrier.made { make(field, of: nil, at: path.key("let"), &place) }
    var uses = check(carrier.headers, at: path.key("headers"), place)
    uses += check(carrier.query, at: path.key("query"), place)
    uses += check(carrier.cookies, at: path.key("cookies"), place)
    uses += check(carrier.form, at: path.key("form"), place)
    for member in carrier.json {
      uses += check(member.value, at: path.key("json").key(member.name), place)
    }
    return uses
  }

  // MARK: API and account

  /// What goes on every signed request beside the carrier.
  mutating func checkSigned(_ place: Standpoint) -> [Use] {
    guard let api = method.api else { return [] }
    var inside = place
    inside.answer = nil
    let path = path.key("api")
    return check(api.headers, at: path.key("headers"), inside)
      + check(api.query, at: path.key("query"), inside)
  }

  /// Checks how a credential is renewed; returns what is known after its steps, where it has some of its own.
  mutating func checkRenewal(of rule: CredentialRule, after made: Standpoint) -> Standpoint? {
    let path = path(ofRule: rule.name).key("renew")
    checkRepetition(of: rule, at: path)
    if rule.renewal.written.isEmpty {
      if let name = rule.name { checkRepeated(for: name, made) }
      return nil
    }
    var renew = made.later(.renew)
    renew.current = rule.name
    check(rule.renewal.written, at: path, &renew)
    return renew
  }

  /// Steps that a renewal repeats mean by `credential` the one that is renewed.
  private mutating func checkRepeated(for name: String, _ made: Standpoint) {
    let repeated = method.renewalSteps(of: name)
    var place = made
    (place.current, place.makings) = (name, [(name, true)])
    for (index, step) in method.exchange.enumerated() where repeated.contains(step) {
      guard let request = step.request else { continue }
      _ = check(request, at: path.key("exchange").index(index), place, unsafe: step.unsafe)
    }
  }

  mutating func check(_ rule: CredentialRule, after made: Standpoint) {
    let path = path(ofRule: rule.name)
    var place = made.later(.sign)
    place.current = rule.name
    let unknownBefore = unknownCount
    let signed = checkSigner(rule, place)
    var uses = signed
    let foreignBefore = foreignHostCount
    uses += checkAPI(rule, at: path, place, signedBy: signed)
    if unknownCount == unknownBefore {
      checkSign(of: rule, reads: signed, at: path)
      if foreignHostCount == foreignBefore { proveOwnership(of: uses) }
    }
  }

  mutating func checkAPI(
    _ rule: CredentialRule, at path: Path, _ place: Standpoint, signedBy signed: [Use]
  ) -> [Use] {
    var uses: [Use] = []
    if let base = rule.base {
      uses += check(
        base: base, at: path.key("base"), place, signed + peek { $0.checkSigned(place) },
        unsafe: nil)
    }
    guard let api = method.api else { return uses }
    let path = self.path.key("api")
    var ofAPI = checkSigned(place)
    let carried = uses + ofAPI + signed
    ofAPI += check(base: api.base, at: path.key("base"), place, carried, unsafe: api.unsafe)
    for (index, origin) in api.also.enumerated() {
      ofAPI += check(
        base: origin, at: path.key("also").index(index), place, carried, unsafe: api.unsafe)
    }
    // A credential with a base of its own goes there, over TLS.
    refusePlain(api, rule.base == nil ? ofAPI + signed : ofAPI, at: path)
    uses += ofAPI
    if let unauthorized = api.unauthorized {
      var answered = place
      answered.answer = Known(kind: .dynamic)
      check(unauthorized, at: path.key("unauthorized"), answered)
    }
    return uses
  }

  /// What something reads, without telling its errors a second time.
  private mutating func peek(_ reading: (inout MethodChecker) -> [Use]) -> [Use] {
    let (bag, count) = (self.bag, unknownCount)
    defer { (self.bag, unknownCount) = (bag, count) }
    return reading(&self)
  }

  /// What the base reads that a path continues: it goes out with the path.
  mutating func peekBase(
    of url: URLTemplate, with bearer: Request.Bearer, _ place: Standpoint
  ) -> [Use] {
    guard url.isPath, let base = method.base(with: bearer)?.url, base.readsSomething else {
      return []
    }
    let isOwn = bearer.name.flatMap { method.rule($0)?.base } != nil
    let path = (isOwn ? path(ofRule: bearer.name) : self.path.key("api")).key("base")
    return peek { $0.check(base, at: path, place.later(.api)) }
  }

  mutating func check(
    base: Template, at path: Path, _ place: Standpoint, _ carried: [Use], unsafe: String?
  ) -> [Use] {
    var place = place
    place = place.later(.api)
    let url = URLTemplate(base)
    if url.isPath {
      report(
        "a base is a whole URL, which begins with 'https://'", code: "insecure-url", at: path)
      return []
    }
    let uses = check(url, at: path, place, unsafe: unsafe)
    if url.pieces.contains(where: { $0.part == .query || $0.part == .fragment })
      || base.description.holds(UInt8(ascii: "?"))
    {
      report(
        "a query in 'base'; parameters of every request stand in 'api.query'",
        code: "url-malformed", at: path)
    }
    proveHost(hostOrigin(of: url, with: .nobody, place), of: carried + uses, at: path)
    return uses
  }

  mutating func checkAccount(_ place: Standpoint) {
    guard let account = method.account else { return }
    let path = path.key("account")
    var place = place
    if let step = account.step {
      check(step, at: path, &place)
      place.answer = Known(kind: .dynamic)
      place.readsBody = step.request?.format != Request.Format.none
    }
    let templates = [
      ("id", account.id), ("name", account.name), ("email", account.email),
      ("picture", account.picture),
    ]
    for (key, template) in templates {
      guard let template else { continue }
      let path = path.key(key)
      let unknownBefore = unknownCount
      let uses = check(template, at: path, place, isLenient: true)
      for use in uses
      where use.known.isSecret && !use.known.sources.isDisjoint(with: [.credential, .ask, .setup]) {
        report(
          "the secret '\(use.text)' in '\(key)', which pages and lists show",
          code: "secret-in-account",
          at: use.path, range: use.range)
      }
      let isConstant = key == "id" ? uses.isEmpty : template.literalText != nil
      if isConstant, unknownCount == unknownBefore {
        report(
          "the \(key) '\(template)' is the same for everybody; it reads the answer, as in '$<body.\(key)>'",
          code: "constant-account", at: path)
      }
    }
  }
}

extension Template {
  /// Whether it is more than literal text.
  fileprivate var readsSomething: Bool {
    segments.contains { if case .expression = $0 { true } else { false } }
  }
}
