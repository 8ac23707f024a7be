internal import HTTPTypes
internal import KeywrightDefinition

/// Puts a connection's credential on a request of the consumer's.
struct Signer {
  private let machine: Machine

  init(engine: Engine, state: FlowState, setup: Setup) throws(AuthorizationError) {
    var machine = Machine(engine: engine, state: state, setup: setup, surroundings: .system)
    try machine.beginStep()
    self.machine = machine
  }

  /// Signs a request with a credential; without a name, with the default one.
  func sign(
    _ request: HTTPRequest, body: [UInt8]?, as name: String? = nil
  ) throws(AuthorizationError) -> (HTTPRequest, body: [UInt8]?) {
    let method = machine.engine.method
    let subject = name ?? machine.defaultCredential
    let rule = method.rule(subject)
    guard let base = rule?.base ?? method.api?.base else {
      throw AuthorizationError(.notOffered, "the spec does not say where the API is")
    }
    let url = try target(of: request, base: machine.expanded(URLTemplate(base)))
    try machine.refusePlain(url, unless: rule?.base == nil ? method.api?.unsafe : nil)
    var draft = RequestDraft(verb: request.method, url: url)
    draft.body = body.map { .given($0) }
    try machine.setAPI(of: subject, in: &draft)
    // The consumer's own headers win over all but the carrier's.
    for field in request.headerFields { draft.headers[field.name] = nil }
    draft.headers.append(contentsOf: request.headerFields)
    try machine.carry(rule?.sign ?? .empty, of: subject, on: &draft)
    var signed = request
    signed.scheme = draft.url.origin.scheme.rawValue
    signed.authority = draft.url.origin.authority
    signed.path = draft.url.path + (draft.url.query.map { "?\($0)" } ?? "")
    signed.headerFields = draft.headers
    return (signed, draft.bytes)
  }

  /// The request's URL, which has to be of the API's origin.
  private func target(
    of request: HTTPRequest, base: URLParts
  ) throws(AuthorizationError) -> URLParts {
    let path = request.path ?? "/"
    let text: String
    if let authority = request.authority {
      text = "\(request.scheme ?? "https")://\(authority)\(path)"
    } else {
      let prefix = base.description
      text = (prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix) + path
    }
    guard path.hasPrefix("/"), let url = try? URLParts(reading: text) else {
      throw AuthorizationError(.unfitRequest, "the request's path is no path of a URL")
    }
    let also = try (machine.engine.method.api?.also ?? []).map {
      template throws(AuthorizationError) in
      try machine.expanded(URLTemplate(template)).origin
    }
    guard url.origin == base.origin || also.contains(url.origin) else {
      throw AuthorizationError(
        .foreignOrigin, "the request is for another host than '\(base.origin)'")
    }
    return url
  }
}

extension HTTPFields {
  fileprivate mutating func append(contentsOf fields: HTTPFields) {
    for field in fields { append(field) }
  }
}
