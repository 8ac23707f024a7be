internal import HTTPTypes
internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition

/// What backends call, with the secret key of an environment.
struct BackendRoutes {
  let broker: Broker

  func add(to router: RouterGroup<ServerContext>) {
    addProviders(to: router)
    addIntegrations(to: router)
    addConnections(to: router)
    addSessions(to: router)
    addActivity(to: router)
  }

  /// The environment whose key a request carries.
  func environment(of request: Request) async throws -> DeploymentEnvironment {
    let key = try request.bearer()
    guard key.hasPrefix("kw_sk_") else {
      throw APIError(
        401, "invalid_secret_key_format",
        "a secret key begins with 'kw_sk_'; the environment's settings make one")
    }
    guard let environment = try await broker.environments.withSecretKey(key) else {
      throw APIError(
        401, "unknown_account", "no environment has this secret key, or it was revoked")
    }
    return environment
  }

  // MARK: Providers

  private func addProviders(to router: RouterGroup<ServerContext>) {
    router.get("providers") { request, _ in
      _ = try await environment(of: request)
      let text = try request.query.value("search")?.asciiLowered
      let entries = broker.providers.ids.compactMap { broker.providers.entries[$0] }.filter {
        entry in
        guard let text else { return true }
        return entry.definition.id.contains(text)
          || entry.definition.name.asciiLowered.contains(text)
          || entry.categories.contains { $0.contains(text) }
      }
      return Response(
        .object([.init("data", .array(entries.map { $0.providerJSON(isWhole: false) }))]))
    }
    router.get("providers/{provider}") { request, context in
      _ = try await environment(of: request)
      let entry = try broker.providers.entry(context.parameters.require("provider"))
      return Response(.object([.init("data", entry.providerJSON(isWhole: true))]))
    }
    router.get("providers.json") { _, _ in
      let entries = broker.providers.ids.compactMap { broker.providers.entries[$0] }
      return Response(
        .object(entries.map { .init($0.definition.id, $0.providerJSON(isWhole: false)) }))
    }
  }

  // MARK: Integrations

  private func addIntegrations(to router: RouterGroup<ServerContext>) {
    router.get("integrations") { request, _ in
      let environment = try await environment(of: request)
      let all = try await broker.integrations.all(in: environment)
      return Response(.object([.init("data", .array(try all.map { try json($0, environment) }))]))
    }
    router.post("integrations") { request, _ in
      let environment = try await environment(of: request)
      let body = try await request.jsonBody()
      try body.allow(["unique_key", "provider", "method", "display_name", "credentials", "scopes"])
      var wish = try wish(body)
      wish.key = try body.text("unique_key")
      wish.provider = try body.text("provider")
      wish.method = try body.text("method")
      let made = try await broker.integrations.create(wish, in: environment)
      return Response(.object([.init("data", try json(made, environment))]), status: .created)
    }
    router.get("integrations/{key}") { request, context in
      let environment = try await environment(of: request)
      let found = try await broker.integrations.named(
        context.parameters.require("key"), in: environment)
      let includes = try request.query.pairs.filter {
        $0.name == "include" || $0.name == "include[]"
      }.map(\.value)
      return Response(
        .object([
          .init(
            "data", try json(found, environment, withCredentials: includes.contains("credentials")))
        ]))
    }
    router.patch("integrations/{key}") { request, context in
      let environment = try await environment(of: request)
      let body = try await request.jsonBody()
      try body.allow(["unique_key", "display_name", "credentials", "scopes"])
      var wish = try wish(body)
      wish.key = try body.text("unique_key")
      let changed = try await broker.change(
        context.parameters.require("key"), wish, in: environment)
      return Response(.object([.init("data", try json(changed, environment))]))
    }
    router.delete("integrations/{key}") { request, context in
      let environment = try await environment(of: request)
      let integration = try await broker.integrations.named(
        context.parameters.require("key"), in: environment)
      try await broker.deleteAll(of: integration)
      return Response.success
    }
  }

  private func wish(_ body: Body) throws(APIError) -> Integrations.Wish {
    var wish = Integrations.Wish()
    wish.displayName = try body.text("display_name")
    wish.scopes = try body.list("scopes")
    if let credentials = try body.object("credentials") {
      var setup = try Body(.object([.init("credentials", credentials)])).texts("credentials") ?? [:]
      // Names that other clients send beside the spec's own.
      setup["type"] = nil
      if let scopes = setup.removeValue(forKey: "scopes") {
        wish.scopes = scopes.split { $0 == "," || $0 == " " }.map(String.init)
      }
      wish.setup = setup
    }
    return wish
  }

  private func json(
    _ integration: Integration, _ environment: DeploymentEnvironment, withCredentials: Bool = false
  ) throws -> JSON {
    let method = try broker.providers.method(integration.method, of: integration.provider)
    let setup = try broker.integrations.setup(of: integration)
    let missing = method.setup.filter {
      !$0.isGenerated && !$0.mayBeAbsent && $0.standard == nil && setup[$0.name] == nil
    }.map(\.name)
    var members: [JSON.Member] = [
      .init("unique_key", .string(integration.key)),
      .init(
        "display_name",
        .string(
          integration.displayName ?? broker.providers.definitions[integration.provider]?.name
            ?? integration.key)),
      .init("provider", .string(integration.provider)),
      .init("method", .string(integration.method)),
      .init("auth_mode", .string(method.authMode)),
      .init(
        "scopes", .texts(integration.scopes ?? method.scopes.required + method.scopes.defaults)),
      .init(
        "callback_url",
        method.leaves
          ? .string(environment.callbackURL ?? broker.publicURL.callback(for: integration.key))
          : .null),
      .init("missing_credentials", .texts(missing)),
      .init("connection_config", .texts(integration.filled)),
      .init("created_at", .time(integration.createdAt)),
      .init("updated_at", .time(integration.updatedAt)),
    ]
    if withCredentials {
      members.append(
        .init(
          "credentials",
          .object([.init("type", .string(method.authMode))] + (JSON.texts(setup).members ?? []))))
    }
    return .object(members)
  }

  // MARK: Sessions

  private func addSessions(to router: RouterGroup<ServerContext>) {
    router.post("connect/sessions") { request, _ in
      let environment = try await environment(of: request)
      let body = try await request.jsonBody()
      try await check(session: body, environment)
      return try await made(body.json, nil, environment)
    }
    router.post("connect/sessions/reconnect") { request, _ in
      let environment = try await environment(of: request)
      let body = try await request.jsonBody()
      let integration = try await broker.integrations.named(
        body.required("integration_id"), in: environment)
      let row = try await broker.named(body.required("connection_id"), of: integration)
      guard case .object(let members) = body.json else { return Response.success }
      if body.json["allowed_integrations"] != nil {
        throw APIError.invalidBody(
          "'integration_id' is what is allowed; leave 'allowed_integrations' out",
          at: ["allowed_integrations"])
      }
      var wish = members.filter { !["connection_id", "integration_id"].contains($0.name) }
      try await check(session: Body(.object(wish)), environment)
      wish.append(.init("allowed_integrations", .texts([integration.key])))
      return try await made(.object(wish), row.id, environment)
    }
    router.get("connect/session") { request, _ in
      let session = try await broker.sessions.open(request.bearer())
      return Response(
        .object([
          .init(
            "data",
            .object(
              session.shown + [
                .init("expires_at", .time(session.expiresAt)),
                .init("is_reconnecting", .boolean(session.connection != nil)),
              ]))
        ]))
    }
    router.delete("connect/session") { request, _ in
      let session = try await broker.sessions.open(request.bearer())
      try await broker.sessions.end(session.id)
      return Response(status: .noContent)
    }
  }

  private func check(session body: Body, _ environment: DeploymentEnvironment) async throws {
    try body.allow([
      "end_user", "organization", "allowed_integrations", "integrations_config_defaults",
      "overrides",
      "tags", "allow_other_account",
    ])
    _ = try body.truth("allow_other_account")
    try body.checkEndUser()
    if let organization = try body.object("organization").map(Body.init(_:)) {
      _ = try organization.required("id")
      _ = try organization.text("display_name")
    }
    _ = try body.object("overrides")
    if let tags = try body.texts("tags") { try Tags.check(tags) }
    for key in try body.list("allowed_integrations") ?? [] {
      do { _ = try await broker.integrations.named(key, in: environment) } catch let error
        as APIError
      {
        throw APIError.invalidBody(error.message, at: ["allowed_integrations", key])
      }
    }
    for member in try body.object("integrations_config_defaults")?.members ?? [] {
      do { _ = try await broker.integrations.named(member.name, in: environment) } catch let error
        as APIError
      {
        throw APIError.invalidBody(
          error.message, at: ["integrations_config_defaults", member.name])
      }
      let path = ["integrations_config_defaults", member.name]
      guard case .object = member.value else {
        throw APIError.invalidBody("what stands for an integration is an object", at: path)
      }
      let defaults = Body(member.value)
      try defaults.allow(["user_scopes", "authorization_params", "connection_config"])
      if defaults.json["user_scopes"]?.text == nil { _ = try defaults.list("user_scopes") }
      _ = try defaults.texts("authorization_params")
      _ = try defaults.texts("connection_config")
    }
  }

  private func made(
    _ wish: JSON, _ connection: String?, _ environment: DeploymentEnvironment
  ) async throws -> Response {
    let (token, session) = try await broker.sessions.make(
      wish, connection: connection, in: environment)
    return Response(
      .object([
        .init(
          "data",
          .object([
            .init("token", .string(token)),
            .init(
              "connect_link", .string("\(broker.publicURL.text)/connect?session_token=\(token)")),
            .init("expires_at", .time(session.expiresAt)),
          ]))
      ]), status: .created)
  }

  // MARK: Activity

  private func addActivity(to router: RouterGroup<ServerContext>) {
    router.get("activity") { request, _ in
      let environment = try await environment(of: request)
      let query = try request.query
      var search = ActivityLog.Search()
      if let kind = try query.value("kind") {
        guard let known = Attempt.Kind(rawValue: kind) else {
          throw APIError.invalidQuery(
            "there is no kind '\(kind)'; known are \(Attempt.Kind.allCases.map(\.rawValue).joined(separator: ", "))",
            at: ["kind"])
        }
        search.kind = known
      }
      search.state = try query.value("state")
      if let state = search.state, !Attempt.states.contains(state) {
        throw APIError.invalidQuery(
          "'state' is one of \(Attempt.states.joined(separator: ", "))", at: ["state"])
      }
      search.integration = try query.value("integration")
      search.connectionID = try query.value("connection_id")
      search.text = try query.words("search")
      search.before = try query.number("before", in: 1...Int64.max)
      search.limit = Int(try query.number("limit", in: 1...500) ?? 50)
      let found = try await broker.activity.find(search, in: environment)
      let next = found.count == search.limit ? found.last?["number"] ?? .null : .null
      return Response(.object([.init("data", .array(found)), .init("next_before", next)]))
    }
    router.get("activity/{id}") { request, context in
      let environment = try await environment(of: request)
      let entry = try await broker.activity.entry(context.parameters.require("id"), in: environment)
      return Response(.object([.init("data", entry)]))
    }
  }
}

/// Short texts by which a backend finds its connections again.
enum Tags {
  static func check(_ tags: [String: String]) throws(APIError) {
    if tags.count > 10 {
      throw APIError.invalidBody("a connection has ten tags at most", at: ["tags"])
    }
    for (name, value) in tags {
      let isName =
        (1...64).contains(name.utf8.count) && name.utf8.first?.isLetter == true
        && name.utf8.allSatisfy { $0.isLetterDigitHyphen || "_./".utf8.contains($0) }
      guard isName, (1...255).contains(value.utf8.count) else {
        throw APIError.invalidBody(
          "a tag's name has 1 to 64 letters, digits, '-', '_', '.', '/', its value 1 to 255 bytes",
          at: ["tags", name])
      }
    }
  }
}
