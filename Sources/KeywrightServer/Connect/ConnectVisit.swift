internal import HTTPTypes
internal import Hummingbird
internal import KeywrightDefinition

/// Somebody at the connect page: with the session that a backend made, perhaps in a frame of the application.
struct ConnectVisit: Sendable {
  let broker: Broker
  let request: Request
  /// What the page's form carried; nil where the page is only looked at.
  let form: Form?
  let token: String
  let session: ConnectSession
  let environment: DeploymentEnvironment
  /// What may be connected.
  let offered: [Integration]
  /// The page around this one, which may show it in a frame.
  let origin: String?

  /// Reads what a request says of itself.
  /// - Throws: where its session is none, or its frame is not allowed.
  init(_ request: Request, form: Form?, _ broker: Broker) async throws {
    let given = try request.query.value("session_token")
    guard let token = form?.text("kw_session") ?? given else {
      throw APIError(
        400, "missing_connect_session_token",
        "this page needs a connect session: the backend makes one with POST /connect/sessions, and shares the link that it gets"
      )
    }
    let session = try await broker.sessions.open(token)
    guard let environment = try await broker.environments.withID(session.environment) else {
      throw APIError(401, "invalid_connect_session_token", "the session's environment is gone")
    }
    let origin = form?.text("kw_origin")
    if let origin, !environment.mayEmbed(origin, on: broker.publicURL) {
      throw APIError(
        403, "origin_not_allowed",
        "pages of that origin may not embed this one; if they are yours, add their origin to 'allowed_origins' in Environment Settings"
      )
    }
    let allowed = session.allowedIntegrations
    self.broker = broker
    self.request = request
    self.form = form
    self.token = token
    self.session = session
    self.environment = environment
    self.origin = origin
    offered = try await broker.integrations.all(in: environment).filter {
      allowed.isEmpty || allowed.contains($0.key)
    }
  }

  /// The integration that is wanted; nil where there is a choice still.
  func chosen() throws -> Integration? {
    if form?.text("kw_do") == "choose" { return nil }
    let named = try request.query.value("integration")
    let key = form?.text("kw_integration") ?? named
    guard let key else { return offered.count == 1 ? offered[0] : nil }
    guard let integration = offered.first(where: { $0.key == key }) else {
      throw APIError(
        404, "unknown_provider_config", "this link is not for the integration '\(key)'")
    }
    return integration
  }

  /// What people call an integration.
  func name(of integration: Integration) -> String {
    integration.displayName ?? broker.providers.definitions[integration.provider]?.name
      ?? integration.key
  }

  /// What a person is asked: not what the backend has said, and not what a connection that is made anew knows.
  func asked(_ method: Method, of integration: Integration) async throws -> [Field] {
    var given = try broker.asked(
      session.defaults(for: integration.key)?["connection_config"]?.texts ?? [:], of: method,
      integration.provider)
    given.merge(integration.filled) { one, _ in one }
    if let id = session.connection, let row = try await broker.kept.row(id) {
      given.merge(row.config.texts ?? [:]) { one, _ in one }
    }
    return method.ask.filter { !$0.isGenerated && given[$0.name] == nil }
  }

  /// What was filled in, by the spec's names.
  var filled: [String: String] {
    let pairs = (form?.pairs ?? []).filter { !$0.name.hasPrefix("kw_") && !$0.value.isEmpty }
    return Dictionary(pairs.map { ($0.name, $0.value) }) { $1 }
  }

  func view(_ name: String, title: String, _ values: Shown) -> View {
    var values = values
    values.merge(
      facts([
        "title": title, "script": "connect.js", "session": token, "origin": origin,
        "action": "\(broker.publicURL.prefix)/connect",
      ])
    ) { own, _ in own }
    var view = View(name, values, root: broker.publicURL.prefix)
    if let origin { view.policy.ancestors = origin }
    // A form leads on to the provider, wherever that is.
    view.policy.forms =
      "'self' https: \(leavesPlain ? "http:" : "http://127.0.0.1:* http://localhost:*")"
    return view
  }

  /// Whether the person may be sent to a page that has no TLS, as `unsafe` allows.
  private var leavesPlain: Bool {
    offered.contains { integration in
      broker.providers.definitions[integration.provider]?.methods.contains { method in
        method.authorize.compactMap(\.leave).contains { method.isPlain($0.url) }
      } ?? false
    }
  }
}

extension DeploymentEnvironment {
  /// Whether pages of an origin may show the connect page in a frame: those that the environment names, and our own.
  func mayEmbed(_ origin: String, on server: PublicURL) -> Bool {
    origin == server.origin || allowedOrigins.contains(origin)
  }
}
