extension Method {
  /// The steps that a credential depends on, in their order: back to what was filled in and saved, and to other
  /// credentials.
  ///
  /// A step depends on what its templates, its `when` and its carrier read. What only accepts, or only saves, is no
  /// part of it.
  package func repetition(of name: String?) -> [Step] {
    let steps = authorize + exchange
    var needed = Set(
      steps.indices.filter { steps[$0].credentials.contains { $0.name == name } })
    var open = Array(needed)
    while let index = open.popLast() {
      let names = steps[index].namesRead(in: self)
      for earlier in 0..<index where !needed.contains(earlier) {
        if steps[earlier].made.contains(where: { names.contains($0.name) }) {
          needed.insert(earlier)
          open.append(earlier)
        }
      }
    }
    return needed.sorted().map { steps[$0] }
  }

  /// What a renewal of a credential runs.
  package func renewalSteps(of name: String?) -> [Step] {
    switch rule(name)?.renewal {
    case .steps(let steps): steps
    case .again, .use: repetition(of: name)
    case nil, .none?, .person?: []
    }
  }

  /// The carrier of a request.
  package func carrier(of bearer: Request.Bearer, credential: String? = nil) -> Carrier? {
    switch bearer {
    case .nobody: .empty
    case .client: clientAuthentication
    case .credential: rule(credential).map { $0.sign ?? .empty }
    case .named(let name): rule(name).map { $0.sign ?? .empty }
    case .carrier(let carrier): carrier
    }
  }

  /// The base that a path continues: that of the credential which is named, where it has its own, else the API's; and
  /// why it may be `http`.
  package func base(with bearer: Request.Bearer) -> (url: Template, unsafe: String?)? {
    if let own = bearer.name.flatMap({ rule($0)?.base }) { return (own, nil) }
    return api.map { ($0.base, $0.unsafe) }
  }

  /// Whether a URL goes without TLS, by itself or by the base that it continues.
  package func isPlain(_ url: URLTemplate, with bearer: Request.Bearer = .nobody) -> Bool {
    url.isPath ? base(with: bearer)?.url.isPlain ?? false : url.template.isPlain
  }
}

extension Step {
  /// The names that the step's own templates and conditions read, those of its carrier among them.
  package func namesRead(in method: Method) -> Set<String> {
    var names: Set<String> = []
    for expression in expressions { expression.collectNames(into: &names) }
    if let request, request.with == .client {
      for template in method.clientAuthentication?.templates ?? [] {
        for expression in template.expressions { expression.collectNames(into: &names) }
      }
    }
    return names
  }

  /// Every expression of the step but those of `error`.
  private var expressions: [Expression] {
    var templates: [Template] = (made + save).compactMap(\.from)
    templates += credentials.flatMap(\.parts).map(\.value)
    if let request {
      templates += [request.url.template] + request.query.map(\.value)
      templates += request.headers.map(\.value) + (request.body?.templates ?? [])
      if case .carrier(let carrier) = request.with { templates += carrier.templates }
    }
    if let leave { templates += [leave.url.template] + leave.query.map(\.value) }
    return templates.flatMap(\.expressions) + [condition, accept].compactMap { $0 }
  }
}

extension Carrier {
  /// The templates, in their order.
  package var templates: [Template] {
    made.compactMap(\.from) + (headers + query + cookies + form).map(\.value)
      + json.flatMap(\.value.templates)
  }
}

extension Request.Body {
  /// The templates, in their order.
  package var templates: [Template] {
    switch self {
    case .form(let entries): entries.map(\.value)
    case .json(let json), .xml(let json): json.templates
    case .text(let text): [text]
    }
  }
}

extension Expression {
  fileprivate func collectNames(into names: inout Set<String>) {
    if case .name(let name) = form { names.insert(name) }
    for operand in operands { operand.collectNames(into: &names) }
  }
}

extension Method {
  /// Whether some step or carrier reads `uuid` or `random`.
  package var readsChance: Bool {
    let steps = authorize + exchange + revoke + verify + credentials.flatMap(\.renewal.written)
    var names = steps.reduce(into: Set<String>()) { $0.formUnion($1.namesRead(in: self)) }
    var templates = credentials.flatMap { ($0.sign?.templates ?? []) + $0.headers.map(\.value) }
    templates += ((api?.headers ?? []) + (api?.query ?? [])).map(\.value)
    if let step = account?.step { names.formUnion(step.namesRead(in: self)) }
    for expression in templates.flatMap(\.expressions) { expression.collectNames(into: &names) }
    return names.contains("uuid") || names.contains("random")
  }
}

extension Step {
  /// Whether the step reads or carries `credential`, whichever that is, so that it runs once for each.
  package func isOfOneCredential(in method: Method) -> Bool {
    request?.with == .credential || namesRead(in: method).contains("credential")
  }
}
