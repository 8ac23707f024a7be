internal import HTTPTypes
internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition

/// The page behind a link that a backend shares: it picks an integration, asks what the method asks, and goes on.
struct ConnectRoutes {
  let broker: Broker

  func add(to router: RouterGroup<ServerContext>) {
    router.get("connect") { request, _ in try await told { try await show(request) } }
    router.post("connect") { request, _ in try await told { try await go(request) } }
  }

  private func told(_ work: () async throws -> Response) async throws -> Response {
    do { return try await work() } catch let error as APIError {
      return Response(page: Page.failed(error), status: .init(code: error.status))
    }
  }

  /// What can be chosen, or what the one integration asks for.
  private func show(_ request: Request) async throws -> Response {
    let (session, token, offered) = try await offer(request)
    let query = try request.query
    guard let chosen = try query.value("integration") ?? (offered.count == 1 ? offered[0].key : nil)
    else {
      return Response(
        page: Page.choice(
          offered.map { integration in
            (
              integration.displayName ?? broker.providers.definitions[integration.provider]?.name
                ?? integration.key,
              "?session_token=\(Encoding.percent(token))&integration=\(Encoding.percent(integration.key))"
            )
          }))
    }
    let (integration, method) = try find(chosen, among: offered)
    let fields = try await asked(method, of: integration, session)
    if fields.isEmpty, method.leaves {
      var wish = ConnectionWish(integration: integration.key)
      wish.sessionToken = token
      return try await leave(wish, request)
    }
    let name = broker.providers.definitions[integration.provider]?.name ?? integration.key
    return Response(page: Page.form(name, fields, error: nil), formAction: true)
  }

  private func go(_ request: Request) async throws -> Response {
    let (session, token, offered) = try await offer(request)
    let body = String(decoding: try await request.bytes(upTo: 64 * 1_024), as: UTF8.self)
    guard let pairs = FormText.pairs(body) else {
      throw APIError.invalidBody("the form can't be read")
    }
    let chosen =
      try request.query.value("integration") ?? (offered.count == 1 ? offered[0].key : "")
    let (integration, method) = try find(chosen, among: offered)
    let values = Dictionary(pairs.filter { !$0.value.isEmpty }.map { ($0.name, $0.value) }) { $1 }
    var wish = ConnectionWish(integration: integration.key)
    wish.sessionToken = token
    wish.fields = values
    let name = broker.providers.definitions[integration.provider]?.name ?? integration.key
    do {
      // What was filled in may be secret, and goes into no address.
      if method.leaves { return try await leave(wish, request) }
      _ = try await broker.connect(wish, failure: "connection_test_failed")
      return Response(page: Page.connected(name), script: Page.closingHash)
    } catch let error as APIError where error.status == 400 {
      // What was filled in is asked for again; secrets are not shown back.
      let fields = try await asked(method, of: integration, session)
      return Response(
        page: Page.form(name, fields, error: error.message), status: .badRequest, formAction: true)
    }
  }

  /// What a person is asked: not what the backend has said, and not what a connection that is made anew knows.
  private func asked(
    _ method: Method, of integration: Integration, _ session: ConnectSession
  ) async throws -> [Field] {
    var given = try broker.asked(
      session.defaults(for: integration.key)?["connection_config"]?.texts ?? [:], of: method,
      integration.provider)
    given.merge(integration.filled) { one, _ in one }
    if let id = session.connection, let row = try await broker.kept.row(id) {
      given.merge(row.config.texts ?? [:]) { one, _ in one }
    }
    return method.ask.filter { !$0.isGenerated && given[$0.name] == nil }
  }

  private func offer(_ request: Request) async throws -> (ConnectSession, String, [Integration]) {
    let token = try request.query.required("session_token")
    let session = try await broker.sessions.open(token)
    guard let environment = try await broker.environments.withID(session.environment) else {
      throw APIError(401, "invalid_connect_session_token", "the session's environment is gone")
    }
    let allowed = session.allowedIntegrations
    let all = try await broker.integrations.all(in: environment)
    return (session, token, all.filter { allowed.isEmpty || allowed.contains($0.key) })
  }

  private func find(_ key: String, among offered: [Integration]) throws -> (Integration, Method) {
    guard let integration = offered.first(where: { $0.key == key }) else {
      throw APIError(
        404, "unknown_provider_config", "this link is not for the integration '\(key)'")
    }
    return (integration, try broker.providers.method(integration.method, of: integration.provider))
  }

  /// On to the provider.
  private func leave(_ wish: ConnectionWish, _ request: Request) async throws -> Response {
    let started = try await broker.start(wish)
    var response = Response(
      status: .seeOther, headers: [.location: started.url, .cacheControl: "no-store"])
    BrowserRoutes(broker: broker).set(started, in: request, &response)
    return response
  }
}
