internal import HTTPTypes
internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition

/// What the person who runs the installation calls: environments, their keys and switches.
struct AdminRoutes {
  let broker: Broker

  func add(to router: RouterGroup<ServerContext>) {
    let admin = router.group("admin")
    admin.get("status") { _, _ in
      Response(.object([.init("is_set_up", .boolean(try await broker.administrator.exists()))]))
    }
    admin.post("setup") { request, context in
      let body = try await request.jsonBody()
      try body.allow(["token", "password"])
      try broker.guesses.take(context.address ?? "unknown")
      try await broker.administrator.setUp(
        token: body.required("token"), password: body.required("password"))
      return try await logIn(body)
    }
    admin.post("session") { request, context in
      let body = try await request.jsonBody()
      try body.allow(["password"])
      // Each try costs a tenth of a second of a core: who guesses waits.
      try broker.guesses.take(context.address ?? "unknown")
      return try await logIn(body)
    }
    admin.delete("session") { request, _ in
      try await check(request)
      try await broker.administrator.logOut(request.bearer())
      return Response(status: .noContent)
    }
    addEnvironments(to: admin)
    addKeys(to: admin)
  }

  private func logIn(_ body: Body) async throws -> Response {
    let token = try await broker.administrator.logIn(password: body.required("password"))
    return Response(.object([.init("token", .string(token))]), status: .created)
  }

  private func check(_ request: Request) async throws {
    guard try await broker.administrator.isLoggedIn(request.bearer()) else {
      throw APIError(
        401, "not_logged_in", "log in with POST /admin/session; a log-in lasts twelve hours")
    }
  }

  // MARK: Environments

  private func addEnvironments(to admin: RouterGroup<ServerContext>) {
    admin.get("environments") { request, _ in
      try await check(request)
      let all = try await broker.environments.all()
      return Response(.object([.init("data", .array(all.map(json)))]))
    }
    admin.post("environments") { request, _ in
      try await check(request)
      let body = try await request.jsonBody()
      try body.allow(["name"])
      let made = try await broker.environments.create(body.required("name"))
      return Response(.object([.init("data", json(made))]), status: .created)
    }
    admin.get("environments/{name}") { request, context in
      try await check(request)
      let found = try await broker.environments.named(context.parameters.require("name"))
      return Response(.object([.init("data", json(found))]))
    }
    admin.patch("environments/{name}") { request, context in
      try await check(request)
      let body = try await request.jsonBody()
      try body.allow([
        "hmac_enabled", "hmac_key", "callback_url", "retention_days", "allowed_origins",
      ])
      let change = Environments.Change(
        requiresHMAC: try body.truth("hmac_enabled"), hmacKey: try body.text("hmac_key"),
        callbackURL: try body.text("callback_url"),
        retentionDays: try body.number("retention_days").map { Int(clamping: $0) },
        allowedOrigins: try body.list("allowed_origins"))
      let changed = try await broker.environments.change(context.parameters.require("name"), change)
      return Response(.object([.init("data", json(changed))]))
    }
  }

  private func json(_ environment: DeploymentEnvironment) -> JSON {
    .object([
      .init("name", .string(environment.name)),
      .init("public_key", .string(environment.publicKey)),
      .init("hmac_enabled", .boolean(environment.requiresHMAC)),
      .init("has_hmac_key", .boolean(environment.hasHMACKey)),
      .init("callback_url", .optional(environment.callbackURL)),
      .init("default_callback_url", .string("\(broker.publicURL.text)/oauth/callback")),
      .init("allowed_origins", .texts(environment.allowedOrigins.list)),
      .init("retention_days", .integer(Int64(environment.retentionDays))),
      .init("created_at", .time(environment.createdAt)),
    ])
  }

  // MARK: Keys

  private func addKeys(to admin: RouterGroup<ServerContext>) {
    admin.get("environments/{name}/keys") { request, context in
      try await check(request)
      let environment = try await broker.environments.named(context.parameters.require("name"))
      let keys = try await broker.environments.keys(of: environment)
      return Response(.object([.init("data", .array(keys.map(json)))]))
    }
    admin.post("environments/{name}/keys") { request, context in
      try await check(request)
      let body = try await request.jsonBody()
      try body.allow(["name"])
      let environment = try await broker.environments.named(context.parameters.require("name"))
      let (key, text) = try await broker.environments.makeKey(
        body.text("name") ?? "key", in: environment)
      guard case .object(let members) = json(key) else { return Response.success }
      // Shown now, and never again.
      return Response(
        .object([.init("data", .object(members + [.init("secret_key", .string(text))]))]),
        status: .created)
    }
    admin.delete("environments/{name}/keys/{id}") { request, context in
      try await check(request)
      let environment = try await broker.environments.named(context.parameters.require("name"))
      try await broker.environments.revokeKey(context.parameters.require("id"), of: environment)
      return Response(status: .noContent)
    }
  }

  private func json(_ key: SecretKey) -> JSON {
    .object([
      .init("id", .string(key.id)), .init("name", .string(key.name)),
      .init("prefix", .string(key.prefix)), .init("created_at", .time(key.createdAt)),
      .init("last_used_at", key.lastUsedAt.map { .time($0) } ?? .null),
      .init("revoked", .boolean(key.isRevoked)),
    ])
  }
}
