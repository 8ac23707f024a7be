internal import HTTPTypes
internal import KeywrightDefinition

/// Puts a connection's credential on a request of the consumer's.
struct Signer {
  private let machine: Machine

  init(engine: Engine, state: FlowState, setup: Setup) {
    machine = Machine(engine: engine, state: state, setup: setup, surroundings: .system)
  }

  func sign(
    _ request: HTTPRequest, body: [UInt8]?
  ) throws(AuthorizationError) -> (HTTPRequest, body: [UInt8]?) {
    let method = machine.engine.method
    guard let api = method.api else {
      throw AuthorizationError(.notOffered, "the spec does not say where the API is")
    }
    let base = try machine.expanded(URLTemplate(api.base))
    var url = try target(of: request, base: base)
    let carrier = method.sign ?? .empty
    var headers = HTTPFields()
    try machine.set(api.headers, in: &headers)
    for field in request.headerFields { headers[field.name] = nil }
    headers.append(contentsOf: request.headerFields)
    try machine.set(carrier.headers, in: &headers)
    url = Machine.adding(try machine.pairs(api.query) + machine.pairs(carrier.query), to: url)
    var signed = request
    signed.scheme = url.origin.scheme.rawValue
    signed.authority = url.origin.authority
    signed.path = url.path + (url.query.map { "?\($0)" } ?? "")
    signed.headerFields = headers
    return (signed, body)
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
    guard url.origin == base.origin else {
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
