internal import HTTPTypes
internal import KeywrightDefinition

/// A request that is put together: its own part first, then what carries it.
struct RequestDraft {
  var verb: HTTPRequest.Method
  var url: URLParts
  var headers = HTTPFields()
  var body: Body?

  enum Body {
    case form([Value.Pair])
    case json(JSON)
    case bytes([UInt8], type: String)
    /// The consumer's own, whatever it is.
    case given([UInt8])
  }

  /// The body as it is sent.
  var bytes: [UInt8]? {
    switch body {
    case nil: nil
    case .form(let pairs):
      Array(FormText.text(pairs.map { ($0.name, $0.value) }, encode: Encoding.form).utf8)
    case .json(let json): Array(json.wireText.utf8)
    case .bytes(let bytes, _), .given(let bytes): bytes
    }
  }

  /// The media type that the body is labelled with.
  var mediaType: String? {
    switch body {
    case nil, .given: nil
    case .form: "application/x-www-form-urlencoded"
    case .json: "application/json"
    case .bytes(_, let type): type
    }
  }

  /// What a carrier can read of the request.
  var value: Value {
    let pairs = (url.queryPairs ?? []).map { Value.Pair($0.name, $0.value) }
    return .record([
      "method": .text(verb.rawValue), "host": .text(url.origin.authority),
      "path": .text(url.path), "query": .pairs(pairs), "body": .bytes(bytes ?? []),
      "url": .text(url.description),
    ])
  }
}

extension Machine {
  /// Makes the request of a step.
  func outgoing(_ request: Request) throws(AuthorizationError) -> OutgoingRequest {
    let subject = request.with.name ?? state.subject ?? state.latest ?? defaultCredential
    var bindings = bindings
    if let name = request.with.name { bindings.subject = name }
    var draft = RequestDraft(
      verb: request.verb.method, url: try expanded(request.url, with: request.with))
    try refusePlain(draft.url, unless: reason(forPlain: request.url, with: request.with))
    if let type = request.format.mediaType { draft.headers[.accept] = type }
    if request.with.isSigned { try setAPI(of: subject, in: &draft) }
    draft.url = Self.adding(try pairs(request.query, bindings), to: draft.url)
    draft.body = try body(of: request, bindings)
    let carrier = engine.method.carrier(of: request.with, credential: subject) ?? .empty
    try carry(carrier, of: subject, on: &draft)
    if let type = draft.mediaType { draft.headers[.contentType] = type }
    // The nearer wins: what the step says, over what carries it.
    try set(request.headers, bindings, in: &draft.headers)
    return OutgoingRequest(
      request: HTTPRequest(
        method: draft.verb, scheme: draft.url.origin.scheme.rawValue,
        authority: draft.url.origin.authority,
        path: draft.url.path + (draft.url.query.map { "?\($0)" } ?? ""),
        headerFields: draft.headers),
      body: draft.bytes)
  }

  /// What goes on every signed request: the API's own headers and query, then the credential's.
  func setAPI(of subject: String?, in draft: inout RequestDraft) throws(AuthorizationError) {
    var bindings = bindings
    bindings.subject = subject
    if let api = engine.method.api {
      try set(api.headers, bindings, in: &draft.headers)
      draft.url = Self.adding(try pairs(api.query, bindings), to: draft.url)
    }
    if let rule = engine.method.rule(subject ?? defaultCredential) {
      try set(rule.headers, bindings, in: &draft.headers)
    }
  }

  /// The first of the method's credentials that is present.
  var defaultCredential: String? {
    engine.method.defaultRule(among: state.credentials)?.name
  }

  // MARK: Carriers

  /// Puts a carrier on a request whose own part is fixed.
  func carry(
    _ carrier: Carrier, of subject: String?, on draft: inout RequestDraft
  ) throws(AuthorizationError) {
    var bindings = bindings
    bindings.subject = subject
    bindings.request = draft.value
    for field in carrier.made { bindings.local[field.name] = made(field, bindings) }
    try set(carrier.headers, bindings, in: &draft.headers)
    draft.url = Self.adding(try pairs(carrier.query, bindings), to: draft.url)
    try setCookies(carrier.cookies, bindings, in: &draft.headers)
    try carryBody(carrier, bindings, on: &draft)
  }

  private func setCookies(
    _ entries: [Entry], _ bindings: FlowBindings, in headers: inout HTTPFields
  ) throws(AuthorizationError) {
    let cookies = try pairs(entries, bindings).map { "\($0.name)=\($0.value)" }
    if cookies.isEmpty { return }
    let text = ([headers[.cookie]].compactMap { $0 } + cookies).joined(separator: "; ")
    guard !text.hasControlCharacter, !cookies.contains(where: { $0.contains(";") }) else {
      throw AuthorizationError(
        .unfitRequest, "a cookie's value has a character that no cookie may have", stage: stageName)
    }
    headers[.cookie] = text
  }

  /// A carrier's body goes into the request's own, map by map; on the same name the carrier's wins.
  private func carryBody(
    _ carrier: Carrier, _ bindings: FlowBindings, on draft: inout RequestDraft
  ) throws(AuthorizationError) {
    let form = try pairs(carrier.form, bindings)
    var members: [JSON.Member] = []
    for member in carrier.json {
      if let value = try json(member.value, bindings) { members.append(.init(member.name, value)) }
    }
    if form.isEmpty, members.isEmpty { return }
    switch draft.body {
    case .form(let own) where members.isEmpty:
      draft.body = .form(own.filter { pair in !form.contains { $0.name == pair.name } } + form)
    case .json(.object(let own)):
      members += form.map { .init($0.name, .string($0.value)) }
      draft.body = .json(
        .object(own.filter { member in !members.contains { $0.name == member.name } } + members))
    case nil where !members.isEmpty && form.isEmpty && draft.verb != .get:
      draft.body = .json(.object(members))
    case nil where members.isEmpty && draft.verb != .get: draft.body = .form(form)
    case nil where members.isEmpty: draft.url = Self.adding(form, to: draft.url)
    default:
      throw AuthorizationError(
        .unfitRequest, "the carrier's body does not go into the request's", stage: stageName)
    }
  }

  // MARK: URL

  func expanded(
    _ url: URLTemplate, with bearer: Request.Bearer = .nobody
  ) throws(AuthorizationError) -> URLParts {
    var base: String?
    if url.isPath {
      base = try engine.method.base(with: bearer).map { base throws(AuthorizationError) in
        let whole = URLTemplate(base.url)
        guard !whole.isPath else {
          throw AuthorizationError(
            .unfitRequest, "the API's base is no whole URL", stage: stageName)
        }
        return try expanded(whole).description
      }
    }
    do {
      return try url.expanded(in: bindings, base: base)
    } catch {
      let what =
        switch error {
        case .evaluation(let failure): failure.description
        case .unfit(let expression, let part): "'\(expression)' can't stand in the \(part) of a URL"
        case .malformed: "the URL's values do not make a URL"
        }
      throw AuthorizationError(.unfitRequest, what, stage: stageName)
    }
  }

  /// Why a URL of the step under way may be `http`; nil where it may not.
  func reason(forPlain url: URLTemplate, with bearer: Request.Bearer = .nobody) -> String? {
    if url.isPath { return engine.method.base(with: bearer)?.unsafe }
    return plan.indices.contains(state.position) ? plan[state.position].step.unsafe : nil
  }

  /// No request goes without TLS, and no browser, unless the spec says why; whatever transport carries it.
  func refusePlain(_ url: URLParts, unless reason: String?) throws(AuthorizationError) {
    guard url.origin.scheme == .http, reason == nil else { return }
    throw AuthorizationError(
      .unfitRequest,
      "a request to '\(url.origin)' would go without TLS, and the spec has no 'unsafe' for it",
      stage: stageName)
  }

  // MARK: Entries

  /// The values of entries; `none` leaves an entry out, a list repeats it.
  func pairs(
    _ entries: [Entry], _ bindings: FlowBindings
  ) throws(AuthorizationError) -> [Value.Pair] {
    var pairs: [Value.Pair] = []
    for entry in entries {
      guard let value = try value(of: entry.value, bindings) else { continue }
      for element in value.elements ?? [value] {
        guard let text = element.text else {
          throw AuthorizationError(
            .unfitRequest, "'\(entry.value)' is no text", stage: stageName)
        }
        pairs.append(Value.Pair(entry.name, text))
      }
    }
    return pairs
  }

  private func value(
    of template: Template, _ bindings: FlowBindings
  ) throws(AuthorizationError) -> Value? {
    do {
      return try template.value(in: bindings)
    } catch {
      throw AuthorizationError(.unfitRequest, error.description, stage: stageName)
    }
  }

  func set(
    _ entries: [Entry], _ bindings: FlowBindings, in headers: inout HTTPFields
  ) throws(AuthorizationError) {
    for pair in try pairs(entries, bindings) {
      guard let name = HTTPField.Name(pair.name), !pair.value.hasControlCharacter else {
        throw AuthorizationError(
          .unfitRequest, "the value of the header '\(pair.name)' has a control character",
          stage: stageName)
      }
      headers[name] = pair.value
    }
  }

  // MARK: Body

  private func body(
    of request: Request, _ bindings: FlowBindings
  ) throws(AuthorizationError) -> RequestDraft.Body? {
    switch request.body {
    case nil: return nil
    case .form(let entries): return .form(try pairs(entries, bindings))
    case .json(let json): return try self.json(json, bindings).map { .json($0) }
    case .xml(let xml):
      guard case .object(let members) = xml, let root = members.first,
        let element = try element(root.name, root.value, bindings)
      else { return nil }
      let text = #"<?xml version="1.0" encoding="UTF-8"?>"# + element.xmlText
      return .bytes(Array(text.utf8), type: "application/xml; charset=utf-8")
    case .text(let template):
      let text = try value(of: template, bindings)?.text ?? ""
      return .bytes(Array(text.utf8), type: "text/plain; charset=utf-8")
    }
  }

  /// An element: a text, or a map of attributes and elements; nil where it is `none`.
  private func element(
    _ name: String, _ template: JSONTemplate, _ bindings: FlowBindings
  ) throws(AuthorizationError) -> XMLElement? {
    guard case .object(let members) = template else {
      guard let json = try json(template, bindings) else { return nil }
      return XMLElement(name: name, attributes: [], children: [], text: json.scalarText ?? "")
    }
    var attributes: [XMLElement.Attribute] = []
    var children: [XMLElement] = []
    for member in members {
      if member.name.hasPrefix("@") {
        if let json = try json(member.value, bindings) {
          attributes.append(
            XMLElement.Attribute(
              String(member.name.dropFirst()), json.scalarText ?? ""))
        }
      } else {
        for value in member.value.repeated {
          if let child = try element(member.name, value, bindings) { children.append(child) }
        }
      }
    }
    return XMLElement(name: name, attributes: attributes, children: children, text: "")
  }

  func json(
    _ template: JSONTemplate, _ bindings: FlowBindings
  ) throws(AuthorizationError) -> JSON? {
    switch template {
    case .literal(let json): return json
    case .template(let template):
      guard let value = try value(of: template, bindings) else { return nil }
      guard let json = value.json else {
        throw AuthorizationError(
          .unfitRequest, "'\(template)' has no form in JSON", stage: stageName)
      }
      return json
    case .array(let elements):
      var values: [JSON] = []
      for element in elements {
        if let value = try json(element, bindings) { values.append(value) }
      }
      return .array(values)
    case .object(let members):
      var values: [JSON.Member] = []
      for member in members {
        if let value = try json(member.value, bindings) {
          values.append(.init(member.name, value))
        }
      }
      return .object(values)
    }
  }
}

extension JSONTemplate {
  /// The elements of a list, or the value itself.
  fileprivate var repeated: [JSONTemplate] {
    if case .array(let elements) = self { elements } else { [self] }
  }
}

extension Request.Verb {
  fileprivate var method: HTTPRequest.Method {
    switch self {
    case .get: .get
    case .post: .post
    case .put: .put
    case .patch: .patch
    case .delete: .delete
    }
  }
}
