import KeywrightDefinition

/// Proves what the design promises of every spec: names, order, hosts, secrets, transport, ownership, completeness,
/// types.
///
/// The proofs read the definition; places are found in the tree of the same shape.
func check(_ resolved: Resolved, in context: CompilerContext, into bag: inout DiagnosticBag) {
  for method in resolved.definition.methods {
    let path = Path().key("methods").key(method.id)
    var checker = MethodChecker(
      method, of: resolved.definition.id, at: path, in: resolved.tree, context, bag: bag)
    checker.check()
    bag = checker.bag
  }
}

/// The proofs of one method.
struct MethodChecker {
  let method: Method
  /// The provider's id.
  let provider: String
  let path: Path
  let tree: Node
  let context: CompilerContext
  var bag: DiagnosticBag

  /// Names that some template has read.
  var readNames: Set<String> = []

  /// How many references read nothing: proofs about who is in a request wait until all are known.
  var unknownCount = 0

  /// What is filled in, by name.
  private(set) var filled: [String: Known] = [:]

  init(
    _ method: Method, of provider: String, at path: Path, in tree: Node,
    _ context: CompilerContext, bag: DiagnosticBag
  ) {
    self.method = method
    self.provider = provider
    self.path = path
    self.tree = tree
    self.context = context
    self.bag = bag
    for (fields, source, owner) in [
      (method.setup, Sources.setup, Owners.integrator), (method.ask, .ask, .person),
      (method.hints, .hints, .person),
    ] {
      for field in fields { filled[field.name] = Known(field, source, owner) }
    }
  }

  mutating func check() {
    checkFields()
    var place = Standpoint(stage: .authorize, method: method, filled: filled)
    check(method.authorize, at: path.key("authorize"), &place)
    place = place.moved(to: .exchange)
    check(method.exchange, at: path.key("exchange"), &place)
    let made = place
    for rule in method.credentials { check(rule, after: made) }
    var revoke = made.later(.revoke)
    check(method.revoke, at: path.key("revoke"), &revoke)
    for (index, step) in method.verify.enumerated() {
      var verify = made.later(.verify)
      check(step, at: path.key("verify").index(index), &verify)
    }
    checkAccount(made.later(.account))
    checkCompleteness(after: made)
  }

  // MARK: Reporting

  /// Adds an error at a template, or at a stretch of it.
  mutating func report(
    _ message: String, code: String, at path: Path, range: Range<Int>? = nil, fix: String? = nil
  ) {
    bag.add(
      message, code: code, at: bag.place(of: range, in: tree.node(at: path)), fix: fix)
  }

  mutating func report(
    _ problem: NameProblem, of name: String, _ member: String?, at path: Path,
    range: Range<Int>, _ place: Standpoint
  ) {
    switch problem {
    case .unknown:
      let near = nearest(to: name, among: place.candidates)
      report(
        "unknown name '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
        code: "unknown-name", at: path, range: range)
    case .notYet:
      report(
        "the name '\(name)': part of the language, but not yet of this version", code: "not-yet",
        at: path, range: range)
    case .notHere(let reason):
      report(
        "'\(name)' does not exist in '\(place.stage.rawValue)': \(reason)", code: "name-not-here",
        at: path, range: range)
    case .noMember(let known):
      let found =
        member.map { "'\(name)' has no '\($0)'" } ?? "'\(name)' is no value by itself"
      let near = member.flatMap { nearest(to: $0, among: known) }
      let list =
        near.map { "; did you mean '\($0)'?" }
        ?? (known.isEmpty ? "" : "; it has \(known.map { "'\($0)'" }.joined(separator: ", "))")
      report(found + list, code: "unknown-member", at: path, range: range)
    }
  }

  // MARK: Steps

  mutating func check(_ steps: [Step], at path: Path, _ place: inout Standpoint) {
    var ids: [String: Int] = [:]
    for (index, step) in steps.enumerated() {
      let path = path.index(index)
      if let id = step.id, ids.updateValue(index, forKey: id) != nil {
        report("the id '\(id)' stands here a second time", code: "duplicate-id", at: path.key("id"))
      }
      check(step, at: path, &place)
    }
  }

  private mutating func check(_ step: Step, at path: Path, _ place: inout Standpoint) {
    if let condition = step.condition { check(condition, at: path.key("when"), place) }
    var inside = place
    if let condition = step.condition {
      for fact in condition.conjuncts { inside.facts.insert(fact) }
    }
    inside.answer = nil
    if let request = step.request {
      inside.answer = check(request, at: path, inside, unsafe: step.unsafe)
      inside.readsBody = request.format != .none
    }
    if let leave = step.leave {
      checkPlace(ofLeaveAt: path, place)
      check(leave, at: path, inside, unsafe: step.unsafe)
      inside.hasCallback = true
    }
    for field in step.made { make(field, of: step, at: path.key("let"), &inside) }
    if let accept = step.accept { check(accept, at: path.key("accept"), inside) }
    check(step.error, at: path.key("error"), inside)
    for field in step.save { save(field, of: step, at: path.key("save"), &inside) }
    check(step.credentials, at: path.key("credential"), &inside)
    inside.answer = nil
    inside.facts = place.facts
    place = inside
  }

  /// The browser leaves once, to consent: that is what this version can carry through.
  private mutating func checkPlace(ofLeaveAt path: Path, _ place: Standpoint) {
    if place.stage != .authorize {
      report(
        "the browser leaves in 'authorize' alone; a credential that needs its person is not renewed",
        code: "leave-not-here", at: path.key("leave"))
    } else if place.hasCallback {
      report(
        "a second trip of the browser: part of the language, but not yet of this version",
        code: "not-yet", at: path.key("leave"))
    }
  }

  private mutating func check(
    _ leave: Leave, at path: Path, _ place: Standpoint, unsafe: String?
  ) {
    let url = check(leave.url, at: path.key("leave"), place, unsafe: unsafe)
    let parameters = check(leave.query, at: path.key("query"), place)
    let isPlain = leave.query.contains {
      $0.name == "code_challenge_method" && $0.value.literalText == "plain"
    }
    for use in url + parameters
    where use.known.isSecret && !(isPlain && use.path == path.key("query").key("code_challenge")) {
      report(
        "the secret '\(use.text)' in an authorization URL, which the browser shows and keeps",
        code: "secret-in-url", at: use.path, range: use.range)
    }
    if let issuer = leave.issuer {
      check(issuer, at: path.key("issuer"), place)
    }
    for field in leave.take where filled[field.name] != nil && field.isSecret == false {
      // A name of its own, read as `callback.NAME`: no clash with what is filled in.
      continue
    }
  }

  /// Checks a request; returns what its answer is worth.
  private mutating func check(
    _ request: Request, at path: Path, _ place: Standpoint, unsafe: String?
  ) -> Known {
    let unknownBefore = unknownCount
    var inside = place
    if case .named(let name) = request.with { inside.current = name }
    let urlPath = path.key(request.verb.rawValue)
    var uses = check(request.url, at: urlPath, place, unsafe: unsafe)
    uses += check(request.query, at: path.key("query"), place)
    uses += check(request.headers, at: path.key("headers"), place)
    uses += check(request.body, of: request, at: path, place)
    let carried = check(request.with, at: path, inside)
    checkClients(request, own: uses, at: path)
    uses += carried
    if request.with.isSigned {
      uses += checkSigned(inside)
    }
    let host = hostOrigin(of: request.url, with: request.with, place)
    proveHost(host, of: uses, at: urlPath)
    refuseUnsafe(unsafe, of: request.url, uses, at: path)
    if unknownCount == unknownBefore { proveOwnership(of: uses) }
    return Known(answerTo: uses, from: host.choice)
  }

  private mutating func check(
    _ body: Request.Body?, of request: Request, at path: Path, _ place: Standpoint
  ) -> [Use] {
    if body != nil, request.verb == .get {
      let key =
        switch body {
        case .form?: "form"
        case .json?: "json"
        case .xml?: "xml"
        default: "text"
        }
      report(
        "a GET request with a body, which servers ignore; send it in 'query', or write 'post'",
        code: "body-in-get", at: path.key(key))
    }
    switch body {
    case nil: return []
    case .form(let entries): return check(entries, at: path.key("form"), place)
    case .text(let template): return check(template, at: path.key("text"), place)
    case .json(let json): return check(json, at: path.key("json"), place)
    case .xml(let xml):
      checkNames(ofXML: xml, at: path.key("xml"))
      return check(xml, at: path.key("xml"), place)
    }
  }

  private mutating func checkNames(ofXML xml: JSONTemplate, at path: Path) {
    switch xml {
    case .object(let members):
      for member in members {
        let name = member.name.hasPrefix("@") ? String(member.name.dropFirst()) : member.name
        if !XMLElement.isName(name) {
          report(
            "'\(member.name)' is no name of XML; wanted letters, digits, '-', '_' and '.'",
            code: "malformed-name", at: path.key(member.name))
        }
        checkNames(ofXML: member.value, at: path.key(member.name))
      }
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        checkNames(ofXML: element, at: path.index(index))
      }
    case .literal, .template: break
    }
  }

  // MARK: Carriers

  private mutating func check(
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
  private mutating func checkSigned(_ place: Standpoint) -> [Use] {
    guard let api = method.api else { return [] }
    var inside = place
    inside.answer = nil
    let path = path.key("api")
    return check(api.headers, at: path.key("headers"), inside)
      + check(api.query, at: path.key("query"), inside)
  }

  private mutating func check(_ rule: CredentialRule, after made: Standpoint) {
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
    uses += checkAPI(rule, at: path, place)
    if unknownCount == unknownBefore {
      checkSign(of: rule, reads: signed, at: path)
      proveOwnership(of: uses)
    }
  }

  private mutating func checkAPI(
    _ rule: CredentialRule, at path: Path, _ place: Standpoint
  ) -> [Use] {
    var uses: [Use] = []
    if let base = rule.base {
      uses += check(base: base, at: path.key("base"), place, uses, unsafe: nil)
    }
    guard let api = method.api else { return uses }
    let path = self.path.key("api")
    uses += checkSigned(place)
    let carried = uses + peek(rule.sign, at: self.path, place)
    uses += check(base: api.base, at: path.key("base"), place, carried, unsafe: api.unsafe)
    for (index, origin) in api.also.enumerated() {
      uses += check(
        base: origin, at: path.key("also").index(index), place, carried, unsafe: api.unsafe)
    }
    if let unauthorized = api.unauthorized {
      var answered = place
      answered.answer = Known(kind: .dynamic)
      check(unauthorized, at: path.key("unauthorized"), answered)
    }
    return uses
  }

  /// What a carrier reads, without telling its errors a second time.
  private mutating func peek(_ carrier: Carrier?, at path: Path, _ place: Standpoint) -> [Use] {
    let (bag, count) = (self.bag, unknownCount)
    defer { (self.bag, unknownCount) = (bag, count) }
    return check(carrier, at: signPath(place.current), place)
  }

  private mutating func check(
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
      || base.description.utf8.contains(UInt8(ascii: "?"))
    {
      report(
        "a query in 'base'; parameters of every request stand in 'api.query'",
        code: "url-malformed", at: path)
    }
    proveHost(hostOrigin(of: url, with: .nobody, place), of: carried + uses, at: path)
    return uses
  }

  private mutating func checkAccount(_ place: Standpoint) {
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
      if let template { check(template, at: path.key(key), place, isLenient: true) }
    }
    if account.id.expressions.isEmpty {
      report(
        "the id '\(account.id)' is the same for everybody; it reads the answer, as in '$<body.id>'",
        code: "constant-account", at: path.key("id"))
    }
  }
}

extension Request.Bearer {
  /// Whether a credential signs, so that the API's own headers go along.
  var isSigned: Bool {
    switch self {
    case .credential, .named: true
    case .nobody, .client, .carrier: false
    }
  }
}

extension Standpoint {
  /// The same names in the next stage of the flow.
  func moved(to stage: Stage) -> Standpoint {
    var place = Standpoint(stage: stage, method: method, filled: filled)
    place.made = made
    place.credentials = credentials
    place.hasCallback = hasCallback
    return place
  }

  /// What is left when the flow has ended: what was filled in, saved, and made of credentials.
  func later(_ stage: Stage) -> Standpoint {
    var place = Standpoint(stage: stage, method: method, filled: filled)
    place.made = made.filter { $0.value.isKept }
    place.credentials = credentials
    place.current = current
    return place
  }
}

extension Known {
  /// What is known of a value that is filled in.
  fileprivate init(_ field: Field, _ source: Sources, _ owner: Owners) {
    self.init(kind: ValueKind(field))
    self.field = field
    sources = source
    secrecy = field.isSecret ? owner : []
    host =
      source == .setup || !field.under.isEmpty || field.type == .choice ? .fixed : .person
    mayBeAbsent = field.mayBeAbsent || (source == .hints && field.standard == nil)
    condition = field.isOptional ? nil : field.condition
  }

  /// What an answer is worth: it belongs to the person if its request carried something of the person's, else to
  /// the integrator if it carried something of the integrator's; until a type is declared it is secret.
  fileprivate init(answerTo uses: [Use], from host: HostChoice) {
    self.init(kind: .dynamic)
    sources = .answer
    self.host = host
    let carried = uses.reduce(into: Owners()) { owners, use in
      owners.formUnion(use.known.secrecy.union(use.known.signature))
    }
    secrecy = carried.contains(.person) || carried.isEmpty ? .person : .integrator
  }
}
