import KeywrightDefinition

/// Proves what the design promises of every spec: names, hosts, secrets, transport, ownership.
///
/// The proofs read the definition; places are found in the tree of the same shape.
func check(_ resolved: Resolved, into bag: inout DiagnosticBag) {
  for method in resolved.definition.methods {
    let path = Path().key("methods").key(method.id)
    var checker = MethodChecker(method, at: path, in: resolved.tree, bag: bag)
    checker.check()
    bag = checker.bag
  }
}

/// The proofs of one method.
struct MethodChecker {
  let method: Method
  let path: Path
  let tree: Node
  var bag: DiagnosticBag

  /// Names of secrets that some template has read.
  var readNames: Set<String> = []

  /// How many references read nothing: proofs about who is in a request wait until all are known.
  private var unknownCount = 0

  init(_ method: Method, at path: Path, in tree: Node, bag: DiagnosticBag) {
    self.method = method
    self.path = path
    self.tree = tree
    self.bag = bag
  }

  mutating func check() {
    checkFields()
    var place = Standpoint(stage: .authorize, method: method)
    check(method.authorize, at: path.key("authorize"), &place)
    place = Standpoint(
      stage: .exchange, method: method, saved: place.saved, hasCallback: place.hasCallback)
    check(method.exchange, at: path.key("exchange"), &place)
    let made = place
    func later(_ stage: Standpoint.Stage) -> Standpoint {
      Standpoint(
        stage: stage, method: method, saved: made.saved, credentialParts: made.credentialParts)
    }
    for (stage, steps) in [
      (Standpoint.Stage.renew, method.renew), (.revoke, method.revoke), (.verify, method.verify),
    ] {
      var place = later(stage)
      check(steps, at: path.key(stage.rawValue), &place)
    }
    checkAPI(later(.api))
    let unknownBefore = unknownCount
    let signed = check(method.sign, at: path.key("sign"), later(.sign)).map(\.known)
    let isSignKnown = unknownCount == unknownBefore
    checkAccount(later(.account))
    checkCompleteness(signedWith: isSignKnown ? signed : nil)
  }

  // MARK: Reporting

  /// Adds an error at a template, or at a stretch of it.
  mutating func report(
    _ message: String, code: String, at path: Path, range: Range<Int>? = nil
  ) {
    let node = tree.node(at: path)
    bag.add(message, code: code, at: bag.source.place(of: range, in: node))
  }

  // MARK: Stages

  private mutating func check(_ steps: [Step], at path: Path, _ place: inout Standpoint) {
    for (index, step) in steps.enumerated() { check(step, at: path.index(index), &place) }
  }

  private mutating func check(_ step: Step, at path: Path, _ place: inout Standpoint) {
    if let request = step.request { check(request, at: path, place) }
    if let leave = step.leave {
      checkPlace(ofLeaveAt: path, place)
      check(leave, at: path, place)
    }
    var after = place
    after.hasAnswer = step.request != nil
    if step.leave != nil {
      after.hasCallback = true
      place.hasCallback = true
    }
    if let accept = step.accept {
      check(accept.references(isAnswered: true), at: path.key("accept"), after)
    }
    for (key, template) in [("code", step.error?.code), ("description", step.error?.description)] {
      if let template { check(template.references, at: path.key("error").key(key), after) }
    }
    for field in step.save {
      let saved = check(field, of: step, at: path.key("save").key(field.name), after)
      place.saved.append(saved)
      after.saved.append(saved)
    }
    for (index, credential) in step.credentials.enumerated() {
      for part in credential.parts {
        let path = path.key("credential").index(index).key(part.name)
        check(part.value.references, at: path, after)
        place.credentialParts.append(part.name)
      }
    }
  }

  private mutating func check(
    _ field: Field, of step: Step, at path: Path, _ place: Standpoint
  ) -> SavedName {
    if (method.setup + method.ask).contains(where: { $0.name == field.name }) {
      report(
        "'\(field.name)' is filled in already; a method declares a name once",
        code: "duplicate-name", at: path)
    }
    let uses = field.from.map { check($0.references, at: path.key("from"), place) } ?? []
    let isCredential = step.credentials.flatMap(\.parts).contains { part in
      !CredentialTemplate.publicParts.contains(part.name) && part.value == field.from
    }
    return SavedName(field, madeOf: uses.map(\.known), isCredential: isCredential)
  }

  /// The browser leaves once, to consent: that is what this version can carry through.
  private mutating func checkPlace(ofLeaveAt path: Path, _ place: Standpoint) {
    if place.stage != .authorize {
      report(
        "the browser leaves in 'authorize' alone; a credential that needs its person is not renewed",
        code: "leave-not-here", at: path.key("leave"))
    } else if place.hasCallback {
      report(
        "a second trip of the browser is part of the language, but not yet of this version",
        code: "not-yet", at: path.key("leave"))
    }
  }

  private mutating func check(_ leave: Leave, at path: Path, _ place: Standpoint) {
    let url = check(leave.url, at: path.key("leave"), place)
    let parameters = check(leave.query, at: path.key("query"), place)
    let isPlain = leave.query.contains {
      $0.name == "code_challenge_method" && $0.value.literalText == "plain"
    }
    for use in url + parameters
    where use.known.isSecret && !(isPlain && use.path == path.key("query").key("code_challenge")) {
      report(
        "the secret '\(use.text)' in an authorization URL, which the browser shows and keeps",
        code: "secret-in-url", at: use.path, range: use.reference.range)
    }
    if let issuer = leave.issuer { check(issuer.references, at: path.key("issuer"), place) }
  }

  private mutating func check(_ request: Request, at path: Path, _ place: Standpoint) {
    let unknownBefore = unknownCount
    var uses = check(request.url, at: path.key(request.verb.rawValue), place)
    uses += check(request.query, at: path.key("query"), place)
    uses += check(request.headers, at: path.key("headers"), place)
    switch request.body {
    case nil: break
    case .form(let entries): uses += check(entries, at: path.key("form"), place)
    case .text(let template): uses += check(template.references, at: path.key("text"), place)
    case .json(let json): uses += check(json, at: path.key("json"), place)
    }
    uses += check(request.with, at: path, place)
    proveHost(of: request, at: path.key(request.verb.rawValue), uses)
    if unknownCount == unknownBefore { proveOwnership(of: uses) }
  }

  private mutating func check(
    _ bearer: Request.Bearer, at path: Path, _ place: Standpoint
  ) -> [Use] {
    switch bearer {
    case .nobody: return []
    case .carrier(let carrier): return check(carrier, at: path.key("with"), place)
    case .credential: return check(method.sign, at: self.path.key("sign"), place)
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

  @discardableResult
  private mutating func check(
    _ carrier: Carrier?, at path: Path, _ place: Standpoint
  ) -> [Use] {
    guard let carrier else { return [] }
    return check(carrier.headers, at: path.key("headers"), place)
      + check(carrier.query, at: path.key("query"), place)
      + check(carrier.form, at: path.key("form"), place)
  }

  private mutating func checkAPI(_ place: Standpoint) {
    guard let api = method.api else { return }
    let path = path.key("api")
    let base = URLTemplate(api.base)
    let uses = check(base, at: path.key("base"), place)
    if base.pieces.contains(where: { $0.part == .query || $0.part == .fragment })
      || api.base.description.utf8.contains(UInt8(ascii: "?"))
    {
      report(
        "a query in 'base'; parameters of every request stand in 'api.query'",
        code: "url-malformed", at: path.key("base"))
    }
    proveHost(of: base, at: path.key("base"), uses)
    check(api.headers, at: path.key("headers"), place)
    check(api.query, at: path.key("query"), place)
  }

  private mutating func checkAccount(_ place: Standpoint) {
    guard let account = method.account else { return }
    let path = path.key("account")
    var place = place
    if let step = account.step {
      check(step, at: path, &place)
      place.hasAnswer = true
    }
    if account.id.references.isEmpty {
      report(
        "the id '\(account.id)' is the same for everybody; it reads the answer, as in '$<body.id>'",
        code: "constant-account", at: path.key("id"))
    }
    for (key, template) in [
      ("id", account.id), ("name", account.name), ("email", account.email),
      ("picture", account.picture),
    ] {
      if let template { check(template.references, at: path.key(key), place) }
    }
  }

  // MARK: Templates

  /// A name that was read, where, and what is known of it.
  struct Use {
    let reference: Reference
    let known: KnownName
    let path: Path

    /// The reference as it is written.
    var text: String { reference.name + (reference.member.map { ".\($0)" } ?? "") }
  }

  @discardableResult
  private mutating func check(
    _ entries: [Entry], at path: Path, _ place: Standpoint
  ) -> [Use] {
    entries.flatMap { check($0.value.references, at: path.key($0.name), place) }
  }

  private mutating func check(
    _ json: JSONTemplate, at path: Path, _ place: Standpoint
  ) -> [Use] {
    switch json {
    case .literal: return []
    case .template(let template): return check(template.references, at: path, place)
    case .array(let elements):
      return elements.enumerated().flatMap { check($1, at: path.index($0), place) }
    case .object(let members):
      return members.flatMap { check($0.value, at: path.key($0.name), place) }
    }
  }

  private mutating func check(
    _ url: URLTemplate, at path: Path, _ place: Standpoint
  ) -> [Use] {
    let uses = check(url.template.references, at: path, place)
    proveForm(of: url, at: path, place)
    return uses
  }

  /// Looks up the names of one template.
  @discardableResult
  mutating func check(
    _ references: [Reference], at path: Path, _ place: Standpoint
  ) -> [Use] {
    references.compactMap { reference in
      readNames.insert(reference.name)
      switch place.look(up: reference) {
      case .success(let known):
        if known.mayBeAbsent, !reference.isAnswered {
          report(
            "'\(reference.name)' may be absent; add 'else', as in '\(reference.name) else none'",
            code: "may-be-absent", at: path, range: reference.range)
        }
        return Use(reference: reference, known: known, path: path)
      case .failure(let problem):
        unknownCount += 1
        report(problem, of: reference, at: path, place)
        return nil
      }
    }
  }

  private mutating func report(
    _ problem: NameProblem, of reference: Reference, at path: Path, _ place: Standpoint
  ) {
    let name = reference.name
    switch problem {
    case .unknown:
      report(
        "unknown name '\(name)'" + didYouMean(name, among: place.candidates), code: "unknown-name",
        at: path, range: reference.range)
    case .notYet:
      report(
        "the name '\(name)' is part of the language, but not yet of this version", code: "not-yet",
        at: path, range: reference.range)
    case .notHere(let reason):
      report(
        "'\(name)' does not exist in '\(place.stage.rawValue)': \(reason)", code: "name-not-here",
        at: path, range: reference.range)
    case .noMember(let known):
      let found =
        reference.member.map { "'\(name)' has no '\($0)'" } ?? "'\(name)' is no value by itself"
      let list = known.isEmpty ? "" : "; it has \(known.map { "'\($0)'" }.joined(separator: ", "))"
      report(found + list, code: "unknown-member", at: path, range: reference.range)
    }
  }
}
