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
    let given = session.defaults(for: integration.key)?["connection_config"]?.texts ?? [:]
    let fields = method.ask.filter { !$0.isGenerated && given[$0.name] == nil }
    if fields.isEmpty, method.leaves { return leave(integration, token, [:]) }
    let name = broker.providers.definitions[integration.provider]?.name ?? integration.key
    return Response(page: Page.form(name, fields, error: nil), formAction: true)
  }

  private func go(_ request: Request) async throws -> Response {
    let (_, token, offered) = try await offer(request)
    let body = String(decoding: try await request.bytes(upTo: 64 * 1_024), as: UTF8.self)
    guard let pairs = FormText.pairs(body) else {
      throw APIError.invalidBody("the form can't be read")
    }
    let chosen =
      try request.query.value("integration") ?? (offered.count == 1 ? offered[0].key : "")
    let (integration, method) = try find(chosen, among: offered)
    let values = Dictionary(pairs.filter { !$0.value.isEmpty }.map { ($0.name, $0.value) }) { $1 }
    if method.leaves { return leave(integration, token, values) }
    var wish = ConnectionWish(integration: integration.key)
    wish.sessionToken = token
    wish.fields = values
    let name = broker.providers.definitions[integration.provider]?.name ?? integration.key
    do {
      _ = try await broker.connect(wish, failure: "connection_test_failed")
      return Response(page: Page.connected(name), script: Page.closingHash)
    } catch let error as APIError where error.status == 400 {
      // What was filled in is asked for again; secrets are not shown back.
      let fields = method.ask.filter { !$0.isGenerated }
      return Response(
        page: Page.form(name, fields, error: error.message), status: .badRequest, formAction: true)
    }
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

  /// On to the provider, by the address that frontends use.
  private func leave(_ integration: Integration, _ token: String, _ values: [String: String])
    -> Response
  {
    let fields = values.sorted { $0.key < $1.key }.map {
      "&params%5B\(Encoding.percent($0.key))%5D=\(Encoding.percent($0.value))"
    }
    let path =
      "\(broker.publicURL.prefix)/oauth/connect/\(integration.key)?connect_session_token=\(token)"
    return Response(
      status: .seeOther, headers: [.location: path + fields.joined(), .cacheControl: "no-store"])
  }
}
