import KeywrightDefinition

extension MethodChecker {
  // MARK: Carriers

  mutating func check(
    _ bearer: Request.Bearer, at path: Path, _ place: Standpoint
  ) -> [Use] {
    switch bearer {
    case .nobody: return []
    case .carrier(let carrier): return check(carrier, at: path.key("with"), place)
    case .credential:
      let rule = method.rule(place.current)
      return check(rule?.sign, at: signPath(rule?.name), place)
    case .named(let name):
      guard let rule = method.rule(name), rule.name != nil else {
        let known = ["client", "credential", "nobody"] + method.credentials.compactMap(\.name)
        report(
          "'\(name)' carries no request; wanted \(known.joined(separator: ", ")) or a carrier"
            + didYouMean(name, among: known), code: "unknown-word", at: path.key("with"),
          fix: nearest(to: name, among: known))
        return []
      }
      return check(rule.sign, at: signPath(name), place)
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

  func signPath(_ name: String?) -> Path {
    name.map { path.key("credentials").key($0).key("sign") } ?? path.key("sign")
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

  mutating func check(_ rule: CredentialRule, after made: Standpoint) {
    let path = rule.name.map { self.path.key("credentials").key($0) } ?? self.path
    var renew = made.later(.renew)
    renew.current = rule.name
    check(rule.renewal.written, at: path.key("renew"), &renew)
    checkRepetition(of: rule, at: path.key("renew"))
    var place = made.later(.sign)
    place.current = rule.name
    let unknownBefore = unknownCount
    var uses = check(rule.sign, at: path.key("sign"), place)
    uses += check(rule.headers, at: path.key("headers"), place)
    let signed = uses
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
        base: base, at: path.key("base"), place, signed + peekAPI(place), unsafe: nil)
    }
    guard let api = method.api else { return uses }
    let path = self.path.key("api")
    uses += checkSigned(place)
    let carried = uses + signed
    uses += check(base: api.base, at: path.key("base"), place, carried, unsafe: api.unsafe)
    for (index, origin) in api.also.enumerated() {
      uses += check(
        base: origin, at: path.key("also").index(index), place, carried, unsafe: api.unsafe)
    }
    if api.unsafe != nil {
      refuseUnsafe(of: [api.base] + api.also, carried, at: path.key("unsafe"))
    }
    if let unauthorized = api.unauthorized {
      var answered = place
      answered.answer = Known(kind: .dynamic)
      check(unauthorized, at: path.key("unauthorized"), answered)
    }
    return uses
  }

  /// What the API's own headers and query read, without telling their errors a second time.
  private mutating func peekAPI(_ place: Standpoint) -> [Use] {
    let (bag, count) = (self.bag, unknownCount)
    defer { (self.bag, unknownCount) = (bag, count) }
    return checkSigned(place)
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
