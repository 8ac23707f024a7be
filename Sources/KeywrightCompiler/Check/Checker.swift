import KeywrightDefinition

/// Proves what the design promises of every spec: names, order, hosts, secrets, transport, ownership, completeness,
/// types.
///
/// The proofs read the definition; places are found in the tree of the same shape.
func check(_ resolved: Resolved, in context: CompilerContext, into bag: inout DiagnosticBag) {
  for index in resolved.definition.methods.indices {
    let path = Path().key("methods").key(resolved.definition.methods[index].id)
    var checker = MethodChecker(
      resolved.definition.methods[index], of: resolved.definition.id, at: path, in: resolved.tree,
      context, bag: bag)
    checker.isOneOfSeveral = resolved.definition.methods.count > 1
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

  /// Whether the provider has other methods too.
  var isOneOfSeveral = false

  /// Secrets that are asked for and that no template has read so far.
  var unreadSecrets: [String] = []

  /// How many references read nothing: proofs about who is in a request wait until all are known.
  var unknownCount = 0

  /// How many hosts would get a secret that is not for them: proofs about who is in such a request would tell the same
  /// cause twice.
  var foreignHostCount = 0

  /// What is filled in, by name.
  private(set) var filled = KnownNames()

  init(
    _ method: Method, of provider: String, at path: Path, in tree: Node,
    _ context: CompilerContext, bag: DiagnosticBag
  ) {
    self.method = method
    self.provider = provider
    self.path = path.shared
    self.tree = tree
    self.context = context
    self.bag = bag
    let clients = method.clientAuthentication?.templates ?? []
    for (fields, source, owner) in [
      (method.setup, Sources.setup, Owners.integrator), (method.ask, .ask, .person),
      (method.hints, .hints, .person),
    ] {
      for index in fields.indices {
        let field = Shared(fields[index])
        var known = Known(field, source, owner)
        if field.isSecret, clients.contains(where: { $0.reads(field.name) }) {
          known.sources.insert(.client)
        }
        // What stands in for an empty entry is as secret as what it is made of.
        for expression in field.value.standard?.expressions ?? [] {
          for other in filled.read(by: expression) { known.secrecy.formUnion(other.secrecy) }
        }
        filled[field.name] = known
        if field.isSecret, source != .hints { unreadSecrets.append(field.name) }
      }
    }
  }

  mutating func check() {
    checkFields()
    var place = Standpoint(stage: .authorize, method: method, filled: filled)
    var ids: Set<String> = []
    check(method.authorize, at: path.key("authorize"), &place, &ids)
    place = place.moved(to: .exchange)
    check(method.exchange, at: path.key("exchange"), &place, &ids)
    let first = place
    for rule in method.credentials {
      if let renewed = checkRenewal(of: rule, after: first) { place.join(renewed: renewed) }
    }
    let made = place
    for rule in method.credentials { check(rule, after: made) }
    var revoke = made.later(.revoke)
    check(method.revoke, at: path.key("revoke"), &revoke)
    for (index, step) in method.verify.enumerated() {
      var verify = made.later(.verify, ofDefault: true)
      check(step, at: path.key("verify").index(index), &verify)
    }
    checkAccount(made.later(.account, ofDefault: true))
    checkCompleteness(after: made)
  }

  // MARK: Reporting

  /// Adds an error at a template, or at a stretch of it.
  mutating func report(
    _ message: String, code: String, at path: Path, range: Range<Int>? = nil, fix: String? = nil
  ) {
    let node = tree.node(at: path)
    let isPresets = node.style == .made && ["name-not-here", "unknown-member"].contains(code)
    bag.add(
      message, code: code, at: bag.place(of: range, in: node), fix: fix, isConsequence: isPresets)
  }

  mutating func report(
    _ problem: NameProblem, of name: String, _ member: String?, at path: Path,
    range: Range<Int>, _ place: Standpoint
  ) {
    switch problem {
    case .unknown: reportUnknown(name, at: path, range: range, place)
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

  private mutating func reportUnknown(
    _ name: String, at path: Path, range: Range<Int>, _ place: Standpoint
  ) {
    let steps = [method.authorize, method.exchange, method.revoke, method.verify].joined()
    let near =
      ["response", "result", "answer", "data"].contains(name)
      ? "body" : nearest(to: name, among: place.candidates)
    let hint =
      steps.contains { $0.id == name }
      ? "; it is a step, and what later steps read of its answer is made by its 'let'"
      : near.map { "; did you mean '\($0)'?" } ?? ""
    // What the file says holds for each of its methods, and may be right in another.
    let owner = isOneOfSeveral ? " in the method '\(method.id)'" : ""
    report("unknown name '\(name)'\(owner)\(hint)", code: "unknown-name", at: path, range: range)
  }

  // MARK: Steps

  mutating func check(_ steps: [Step], at path: Path, _ place: inout Standpoint) {
    var ids: Set<String> = []
    check(steps, at: path, &place, &ids)
  }

  private mutating func check(
    _ steps: [Step], at path: Path, _ place: inout Standpoint, _ ids: inout Set<String>
  ) {
    for (index, step) in steps.enumerated() {
      let path = path.index(index).shared
      if let id = step.id, !ids.insert(id).inserted {
        report("the id '\(id)' stands here a second time", code: "duplicate-id", at: path.key("id"))
      }
      check(step, at: path, &place)
    }
  }

  mutating func check(_ step: Step, at path: Path, _ place: inout Standpoint) {
    if let condition = step.condition { check(condition, at: path.key("when"), place) }
    var inside = place
    if let condition = step.condition {
      inside.facts += condition.conjuncts
    }
    inside.answer = nil
    if let request = step.request {
      inside.answer = check(request, at: path, inside, unsafe: step.unsafe)
      inside.readsBody = request.format != .none
    }
    if let leave = step.leave {
      checkPlace(ofLeaveAt: path, place)
      inside.isLeave = true
      check(leave, at: path, inside, unsafe: step.unsafe)
      inside.isLeave = false
      inside.hasCallback = true
    }
    for field in step.made { make(field, of: step, at: path.key("let"), &inside) }
    if let accept = step.accept { check(accept, at: path.key("accept"), inside) }
    check(step.error, at: path.key("error"), inside)
    for field in step.save { save(field, of: step, at: path.key("save"), &inside) }
    check(
      step.credentials, at: path.key("credential"), &inside, isCertain: step.condition == nil)
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
    if let unsafe { check(reason: unsafe, for: [leave.url.template], at: path.key("unsafe")) }
    let parameters = check(leave.query, at: path.key("query"), place)
    let base = peekBase(of: leave.url, with: .nobody, place)
    let isPlain = leave.query.contains {
      $0.name == "code_challenge_method" && $0.value.literalText == "plain"
    }
    for use in url + base + parameters
    where use.known.isSecret && !(isPlain && use.path == path.key("query").key("code_challenge")) {
      report(
        "the secret '\(use.text)' in an authorization URL, which the browser shows and keeps",
        code: "secret-in-url", at: use.path, range: use.range)
    }
    if let issuer = leave.issuer {
      check(issuer, at: path.key("issuer"), place)
    }
  }

  /// Checks a request; returns what its answer is worth.
  mutating func check(
    _ request: Request, at path: Path, _ place: Standpoint, unsafe: String?
  ) -> Known {
    let (unknownBefore, foreignBefore) = (unknownCount, foreignHostCount)
    var inside = place
    if case .named(let name) = request.with { inside.current = name }
    let urlPath = path.key(request.verb.rawValue)
    var uses = check(request.url, at: urlPath, place, unsafe: unsafe)
    uses += peekBase(of: request.url, with: request.with, inside)
    uses += check(request.query, at: path.key("query"), place)
    uses += check(request.headers, at: path.key("headers"), place)
    uses += check(request.body, of: request, at: path, place)
    let carried = check(request.with, at: path, inside)
    checkBodies(request, at: path, inside)
    checkClients(request, own: uses, at: path)
    uses += carried
    if request.with.isSigned {
      uses += checkSigned(inside)
    }
    let host = hostOrigin(of: request.url, with: request.with, place)
    proveHost(host, of: uses, at: urlPath)
    refusePlain(request, unsafe: unsafe, uses, at: path)
    if unknownCount == unknownBefore, foreignHostCount == foreignBefore {
      proveOwnership(of: uses)
    }
    let isPlain = method.isPlain(request.url, with: request.with)
    return Known(answerTo: uses, from: isPlain ? .plain : host.choice)
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

  /// A carrier's body goes into the request's own only where both are of one kind.
  private mutating func checkBodies(
    _ request: Request, at path: Path, _ place: Standpoint
  ) {
    guard let carrier = method.carrier(of: request.with, credential: place.current) else { return }
    let isFit: Bool =
      switch request.body {
      case nil: carrier.form.isEmpty || carrier.json.isEmpty
      case .form: carrier.json.isEmpty
      // What the client's own carrier has for a form goes where the parameters go.
      case .json: carrier.form.isEmpty || request.with == .client
      case .xml, .text: carrier.form.isEmpty && carrier.json.isEmpty
      }
    if isFit { return }
    report(
      "the carrier's body is of another kind than the request's; it goes into one of its own kind",
      code: "two-bodies", at: tree.node(at: path)["with"] == nil ? path : path.key("with"))
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
}

extension Standpoint {
  /// The same names in the next stage of the flow.
  func moved(to stage: Stage) -> Standpoint {
    var place = at(stage)
    place.made = made
    place.credentials = credentials
    place.makings = makings
    place.hasCallback = hasCallback
    return place
  }

  /// What is left when the flow has ended: what was filled in, saved, and made of credentials.
  /// - Parameter isDefault: whether `credential` is the default one there, and no longer the last that was made.
  func later(_ stage: Stage, ofDefault isDefault: Bool = false) -> Standpoint {
    var place = at(stage)
    place.made = made.filter(\.isKept)
    place.credentials = credentials
    place.makings = makings
    place.current = isDefault ? nil : current
    return place
  }
}

extension Known {
  /// What is known of a value that is filled in.
  fileprivate init(_ field: Shared<Field>, _ source: Sources, _ owner: Owners) {
    self.init(kind: ValueKind(field.value))
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
