internal import HTTPTypes
internal import KeywrightDefinition

extension Machine {
  /// Makes the request of a step.
  func outgoing(_ request: Request) throws(AuthorizationError) -> OutgoingRequest {
    let carrier = carrier(of: request.with)
    var url = try expanded(request.url)
    var query = try pairs(request.query)
    var headers = HTTPFields()
    let isSigned = request.with == .credential
    if isSigned, let api = engine.method.api {
      query = try pairs(api.query) + query
      try set(api.headers, in: &headers)
    }
    if let type = request.format.mediaType { headers[.accept] = type }
    try set(request.headers, in: &headers)
    try set(carrier.headers, in: &headers)
    query += try pairs(carrier.query)
    let body = try body(of: request, carrying: carrier.form, query: &query, &headers)
    url = Self.adding(query, to: url)
    return OutgoingRequest(
      request: HTTPRequest(
        method: request.verb.method, scheme: url.origin.scheme.rawValue,
        authority: url.origin.authority, path: url.path + (url.query.map { "?\($0)" } ?? ""),
        headerFields: headers),
      body: body)
  }

  func carrier(of bearer: Request.Bearer) -> Carrier {
    switch bearer {
    case .nobody: .empty
    case .client: engine.method.clientAuthentication ?? .empty
    case .credential: engine.method.sign ?? .empty
    case .carrier(let carrier): carrier
    }
  }

  // MARK: URL

  func expanded(_ url: URLTemplate) throws(AuthorizationError) -> URLParts {
    var base: String?
    if url.isPath, let api = engine.method.api {
      base = try expanded(URLTemplate(api.base)).description
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
      throw AuthorizationError(.unfitRequest, what, step: stepName)
    }
  }

  // MARK: Entries

  /// The values of entries; an entry whose value is `none` is left out.
  func pairs(_ entries: [Entry]) throws(AuthorizationError) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for entry in entries {
      if let text = try text(of: entry.value) { pairs.append((entry.name, text)) }
    }
    return pairs
  }

  private func text(of template: Template) throws(AuthorizationError) -> String? {
    do {
      return try template.text(in: bindings)
    } catch {
      throw AuthorizationError(.unfitRequest, error.description, step: stepName)
    }
  }

  func set(_ entries: [Entry], in headers: inout HTTPFields) throws(AuthorizationError) {
    for pair in try pairs(entries) {
      guard let name = HTTPField.Name(pair.name), !pair.value.hasControlCharacter else {
        throw AuthorizationError(
          .unfitRequest, "the value of the header '\(pair.name)' has a control character",
          step: stepName)
      }
      headers[name] = pair.value
    }
  }

  // MARK: Body

  /// The body, with what the carrier adds to it; a request without a body takes that in its query.
  private func body(
    of request: Request, carrying form: [Entry], query: inout [(name: String, value: String)],
    _ headers: inout HTTPFields
  ) throws(AuthorizationError) -> [UInt8]? {
    let carried = try pairs(form)
    switch request.body {
    case .form(let entries):
      return Self.form(try merged(pairs(entries), carried), &headers)
    case .json(let json):
      var members = carried.map { JSON.Member($0.name, .string($0.value)) }
      guard let body = try self.json(json) else { return nil }
      headers[.contentType] = "application/json"
      if case .object(let own) = body {
        members = own.filter { member in !members.contains { $0.name == member.name } } + members
        return Array(JSON.object(members).wireText.utf8)
      }
      return Array(body.wireText.utf8)
    case .text(let template):
      headers[.contentType] = "text/plain; charset=utf-8"
      return try text(of: template).map { Array($0.utf8) } ?? []
    case nil where !carried.isEmpty && request.verb != .get: return Self.form(carried, &headers)
    case nil:
      query += carried
      return nil
    }
  }

  /// The carrier's entries win over the request's own.
  private func merged(
    _ own: [(name: String, value: String)], _ carried: [(name: String, value: String)]
  ) -> [(name: String, value: String)] {
    own.filter { pair in !carried.contains { $0.name == pair.name } } + carried
  }

  private static func form(
    _ pairs: [(name: String, value: String)], _ headers: inout HTTPFields
  ) -> [UInt8] {
    headers[.contentType] = "application/x-www-form-urlencoded"
    return Array(FormText.text(pairs, encode: Encoding.form).utf8)
  }

  private func json(_ template: JSONTemplate) throws(AuthorizationError) -> JSON? {
    switch template {
    case .literal(let json): return json
    case .template(let template):
      let value: Value?
      do {
        value = try template.value(in: bindings)
      } catch {
        throw AuthorizationError(.unfitRequest, error.description, step: stepName)
      }
      guard let value else { return nil }
      guard let json = value.json else {
        throw AuthorizationError(
          .unfitRequest, "'\(template)' has no form in JSON", step: stepName)
      }
      return json
    case .array(let elements):
      var values: [JSON] = []
      for element in elements { if let value = try json(element) { values.append(value) } }
      return .array(values)
    case .object(let members):
      var values: [JSON.Member] = []
      for member in members {
        if let value = try json(member.value) { values.append(.init(member.name, value)) }
      }
      return .object(values)
    }
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
