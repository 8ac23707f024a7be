internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition

extension BackendRoutes {
  func addConnections(to router: RouterGroup<ServerContext>) {
    // The name in the singular is that of older clients.
    for name in ["connections", "connection"] {
      router.get(RouterPath(name)) { request, _ in try await list(request) }
      router.post(RouterPath(name)) { request, _ in try await take(request) }
      for method in [HTTPRequest.Method.post, .patch] {
        router.on(RouterPath(name + "/metadata"), method: method) { request, _ in
          try await setMetadata(request, isMerged: method == .patch)
        }
      }
      router.get(RouterPath(name + "/{id}")) { request, context in try await read(request, context)
      }
      router.patch(RouterPath(name + "/{id}")) { request, context in
        try await change(request, context)
      }
      router.delete(RouterPath(name + "/{id}")) { request, context in
        try await delete(request, context)
      }
      router.post(RouterPath(name + "/{id}/verify")) { request, context in
        try await verify(request, context)
      }
    }
  }

  private func id(_ context: ServerContext) throws -> String {
    let text = try context.parameters.require("id")
    guard text.holds(UInt8(ascii: "%")) else { return text }
    guard let decoded = text.removingPercentEncoding else {
      throw APIError(
        400, "invalid_uri_params", "the connection id in the path is not percent-encoded UTF-8")
    }
    return decoded
  }

  private func read(_ request: Request, _ context: ServerContext) async throws -> Response {
    let environment = try await environment(of: request)
    let query = try request.query
    var reading = Broker.Reading(
      integration: try query.required("provider_config_key"), connectionID: try id(context))
    reading.isForced = try query.flag("force_refresh")
    reading.includesRefreshToken = try query.flag("refresh_token")
    return Response(json: try await broker.read(reading, in: environment))
  }

  private func list(_ request: Request) async throws -> Response {
    let environment = try await environment(of: request)
    let query = try request.query
    var search = Broker.Search()
    search.connectionID = try query.value("connectionId")
    search.text = try query.words("search")
    search.integrations =
      try query.value("integrationId").map { $0.split(separator: ",").map(String.init) } ?? []
    search.endUserID = try query.value("endUserId")
    search.organizationID = try query.value("endUserOrganizationId")
    search.tags = try query.map("tags")
    try Tags.check(search.tags)
    guard search.integrations.count <= 100 else {
      throw APIError.invalidQuery(
        "'integrationId' names 100 integrations at most", at: ["integrationId"])
    }
    if let state = try query.value("state") {
      guard ["ok", "broken"].contains(state) else {
        throw APIError.invalidQuery("'state' is 'ok' or 'broken'", at: ["state"])
      }
      search.isBroken = state == "broken"
    }
    search.after = try query.number("cursor", in: 1...Int64.max)
    search.limit = Int(try query.number("limit", in: 1...Broker.Search.most) ?? Broker.Search.most)
    search.offset = Int(try query.number("page", in: 0...1_000_000) ?? 0) * search.limit
    let (connections, next) = try await broker.list(search, in: environment)
    return Response(
      .object([
        .init("connections", .array(connections)),
        .init("next_cursor", next.map { .string(String($0)) } ?? .null),
      ]))
  }

  private func row(_ request: Request, _ context: ServerContext) async throws -> (
    Integration, ConnectionRow
  ) {
    let environment = try await environment(of: request)
    let key = try request.query.required("provider_config_key")
    let integration = try await broker.integrations.named(key, in: environment)
    return (integration, try await broker.named(id(context), of: integration))
  }

  private func change(_ request: Request, _ context: ServerContext) async throws -> Response {
    let (_, row) = try await row(request, context)
    let body = try await request.jsonBody()
    try body.allow(["tags", "end_user"])
    if let tags = try body.texts("tags") { try Tags.check(tags) }
    try body.checkEndUser()
    try await broker.change(row, tags: body.object("tags"), endUser: body.object("end_user"))
    return .success
  }

  private func delete(_ request: Request, _ context: ServerContext) async throws -> Response {
    let (integration, row) = try await row(request, context)
    let isRevoked = try await broker.delete(row, of: integration)
    return Response(
      .object([.init("success", .boolean(true)), .init("revoked", .boolean(isRevoked))]))
  }

  private func verify(_ request: Request, _ context: ServerContext) async throws -> Response {
    let (integration, row) = try await row(request, context)
    do {
      try await broker.verify(row, of: integration)
    } catch { throw Broker.told(error) }
    return .success
  }

  private func setMetadata(_ request: Request, isMerged: Bool) async throws -> Response {
    let environment = try await environment(of: request)
    let body = try await request.jsonBody()
    try body.allow(["connection_id", "provider_config_key", "metadata"])
    let integration = try await broker.integrations.named(
      body.required("provider_config_key"), in: environment)
    guard let metadata = try body.object("metadata") else {
      throw APIError.invalidBody("'metadata' is missing", at: ["metadata"])
    }
    let ids: [String] =
      if case .array? = body.json["connection_id"] { try body.list("connection_id") ?? [] } else {
        [try body.required("connection_id")]
      }
    var rows: [ConnectionRow] = []
    // All of them or none: the first that is unknown ends it.
    for id in ids { rows.append(try await broker.named(id, of: integration)) }
    try await broker.setMetadata(metadata, isMerged: isMerged, of: rows)
    return Response(body.json)
  }

  // MARK: Import

  private func take(_ request: Request) async throws -> Response {
    let environment = try await environment(of: request)
    let body = try await request.jsonBody()
    try body.allow([
      "provider_config_key", "connection_id", "credentials", "connection_config", "metadata",
      "tags",
      "end_user",
    ])
    let integration = try await broker.integrations.named(
      body.required("provider_config_key"), in: environment)
    let tags = try body.texts("tags") ?? [:]
    try Tags.check(tags)
    try body.checkEndUser()
    guard let credentials = try body.object("credentials") else {
      throw APIError.invalidBody("'credentials' is missing", at: ["credentials"])
    }
    let imported = Broker.Import(
      connectionID: try body.text("connection_id"), credentials: credentials,
      fields: try body.texts("connection_config") ?? [:],
      metadata: try body.object("metadata") ?? .object([]), tags: .texts(tags),
      endUser: try body.object("end_user"))
    let row = try await broker.take(imported, integration, environment)
    let view = ConnectionView(row: row, integration: integration.key)
    return Response(view.json(credentials: .object([]), fetchedAt: nil), status: .created)
  }
}
