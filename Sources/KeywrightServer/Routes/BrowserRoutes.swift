internal import HTTPTypes
internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition

/// What browsers call: thin names for one engine, each with what its method asks.
struct BrowserRoutes {
  let broker: Broker

  /// Names the cookie of one flow; what follows tells when it began.
  static let cookie = "kwf_"
  /// How many authorizations one browser may have open.
  private static let openFlows = 10

  func add(to router: RouterGroup<ServerContext>) {
    router.get("oauth/connect/{integration}") { request, context in
      try await connect(request, context)
    }
    for path in ["oauth/callback", "oauth/callback/{integration}"] as [RouterPath] {
      router.get(path) { request, context in try await callback(request, context) }
      router.post(path) { request, context in try await posted(request, context) }
    }
    for (path, failure) in Self.forms {
      router.post(RouterPath(path + "/{integration}")) { request, context in
        try await form(request, context, failure: failure)
      }
      router.on(RouterPath(path + "/{integration}"), method: .options) { _, _ in Self.preflight }
    }
  }

  /// The routes of what is filled in, with the code that each refusal has.
  static let forms: [(path: String, failure: String)] = [
    ("api-auth/api-key", "connection_test_failed"),
    ("api-auth/basic", "connection_test_failed"),
    ("oauth2/auth", "client_credentials_fetch_error"),
    ("auth/two-step", "two_step_credentials_fetch_error"),
    ("auth/tba", "connection_test_failed"),
    ("auth/jwt", "connection_test_failed"),
    ("auth/bill", "connection_test_failed"),
    ("auth/signature", "connection_test_failed"),
    ("auth/aws-sigv4", "connection_test_failed"),
    ("auth/custom", "connection_test_failed"),
    ("auth/unauthenticated", "connection_test_failed"),
  ]

  /// What frontends call the kinds of credentials that they send.
  private static let kinds: Set<String> = [
    "API_KEY", "BASIC", "TWO_STEP", "SIGNATURE", "JWT", "AWS_SIGV4", "BILL", "TBA", "OAUTH2_CC",
    "CUSTOM", "NONE",
  ]

  private static var preflight: Response {
    Response(
      status: .noContent,
      headers: [
        .accessControlAllowMethods: "GET, POST, DELETE, OPTIONS",
        .accessControlAllowHeaders: "Authorization, Content-Type", .accessControlMaxAge: "600",
      ])
  }

  // MARK: It begins

  private func connect(_ request: Request, _ context: ServerContext) async throws -> Response {
    if let refusal = Self.refusal(of: request) { return refusal }
    do {
      let wish = try wish(request.query, try context.parameters.require("integration"))
      let started = try await broker.start(wish)
      var response = Response(
        status: .found,
        headers: [
          .location: started.url, .cacheControl: "no-store",
          .init("Referrer-Policy")!: "no-referrer",
        ])
      set(started, in: request, &response)
      return response
    } catch let error as APIError {
      let socket = (try? request.query.value("ws_client_id")) ?? nil
      await broker.sockets.tell(
        socket,
        .object([
          .init("message_type", .string("error")), .init("error_type", .string(error.code)),
          .init("error_desc", .string(error.message)),
        ]))
      guard Self.wantsPage(request) else { throw error }
      var response = Response(page: Page.failed(error), status: .init(code: error.status))
      if let wait = error.retryAfter { response.headers[.retryAfter] = String(wait) }
      return response
    }
  }

  /// An authorization begins by going to an address: not by a picture of a page, a script, or a guess of the browser's.
  private static func refusal(of request: Request) -> Response? {
    if isSpeculative(request) { return Response(status: .noContent) }
    if let destination = request.headers[.init("Sec-Fetch-Dest")!],
      !["document", "iframe", "frame", "empty"].contains(destination)
        || destination == "empty" && request.headers[.init("Sec-Fetch-Mode")!] != "navigate"
    {
      return Response(
        APIError(
          403, "not_a_navigation", "an authorization begins by opening this address in a window"))
    }
    return nil
  }

  private static func isSpeculative(_ request: Request) -> Bool {
    [request.headers[.init("Sec-Purpose")!], request.headers[.init("Purpose")!]].contains {
      $0?.contains("prefetch") == true || $0?.contains("prerender") == true
    }
  }

  private static func wantsPage(_ request: Request) -> Bool {
    request.headers[.accept]?.contains("text/html") == true
  }

  private func wish(_ query: Query, _ integration: String) throws -> ConnectionWish {
    var wish = ConnectionWish(integration: integration)
    wish.publicKey = try query.value("public_key")
    wish.sessionToken = try query.value("connect_session_token")
    wish.connectionID = try query.value("connection_id")
    wish.hmac = try query.value("hmac")
    wish.fields = try query.map("params").merging(query.map("credentials")) { $1 }
    wish.hints = try query.map("authorization_params")
    wish.scopes = try query.value("user_scope").map { $0.split(separator: ",").map(String.init) }
    wish.socket = try query.value("ws_client_id")
    return wish
  }

  private var cookieAttributes: String {
    let url = broker.publicURL
    return "; Path=\(url.prefix)/oauth; HttpOnly"
      + (url.isSecure ? "; Secure; SameSite=None" : "; SameSite=Lax")
  }

  func set(_ started: Broker.Started, in request: Request, _ response: inout Response) {
    let attributes = cookieAttributes
    let time = String(started.endsAt, radix: 36)
    let name = Self.cookie + time + "_" + started.cookie.prefix(6)
    let mine = request.cookies(Self.cookie).map(\.name).sorted()
    // The oldest make room: a browser sends a few kilobytes of cookies at most.
    for old in mine.prefix(max(0, mine.count + 1 - Self.openFlows)) {
      response.headers.append(.init(name: .setCookie, value: "\(old)=; Max-Age=0" + attributes))
    }
    response.headers.append(
      .init(
        name: .setCookie,
        value: "\(name)=\(started.cookie); Max-Age=\(Engine.timeLimit)" + attributes))
  }

  // MARK: It ends

  private func callback(_ request: Request, _ context: ServerContext) async throws -> Response {
    if Self.isSpeculative(request) { return Response(status: .noContent) }
    let (text, parked): (String, String?)
    do throws(APIError) {
      let query = try request.query
      (text, parked) = (query.text, try query.value("kw_parked"))
    } catch { return page(error) }
    guard let parked else { return try await finish(text, request, context) }
    guard let (body, _) = try await broker.flows.parked(parked) else {
      return page(APIError(400, "unknown_state", "there is nothing to finish here; start again"))
    }
    if body.isEmpty { return page(Broker.used) }
    return try await finish(body, request, context)
  }

  /// A provider that posts: what it sent waits until the browser comes by itself, with its cookie.
  private func posted(_ request: Request, _ context: ServerContext) async throws -> Response {
    let body = String(decoding: try await request.bytes(upTo: 64 * 1_024), as: UTF8.self)
    guard let pairs = FormText.pairs(body),
      let flow = try await broker.flows.find(pairs.map(\.value)),
      let id = try await broker.flows.park(body, of: flow)
    else {
      return page(
        APIError(
          400, "unknown_state",
          "no authorization of this server has this state, or it was finished already; start again")
      )
    }
    let name = context.parameters.get("integration").map { "/\($0)" } ?? ""
    return Response(
      status: .seeOther,
      headers: [
        .location: "\(broker.publicURL.prefix)/oauth/callback\(name)?kw_parked=\(id)",
        .cacheControl: "no-store",
      ])
  }

  private func finish(
    _ query: String, _ request: Request, _ context: ServerContext
  ) async throws -> Response {
    let cookies = request.cookies(Self.cookie)
    do {
      let ending = try await broker.finish(
        .init(
          query: query, integration: context.parameters.get("integration"),
          cookies: cookies.map(\.value)))
      let name = broker.providers.definitions[ending.provider]?.name ?? ending.integration
      var response =
        ending.error.map(page) ?? Response(page: Page.connected(name), script: Page.closingHash)
      for cookie in cookies where cookie.value == ending.cookie {
        response.headers.append(
          .init(name: .setCookie, value: "\(cookie.name)=; Max-Age=0" + cookieAttributes))
      }
      return response
    } catch let error as APIError {
      return page(error)
    }
  }

  private func page(_ error: APIError) -> Response {
    Response(page: Page.failed(error), status: .init(code: error.status))
  }

  // MARK: What is filled in

  private func form(
    _ request: Request, _ context: ServerContext, failure: String
  ) async throws -> Response {
    let integration = try context.parameters.require("integration")
    var wish = try wish(request.query, integration)
    for member in try await request.jsonBody().json.members ?? [] {
      guard let text = member.value.text else {
        throw Broker.invalid(member.name, "'\(member.name)' is a text")
      }
      // Frontends say which kind of credentials they send; the integration's method knows.
      if member.name == "type", Self.kinds.contains(text) { continue }
      guard wish.fields.updateValue(text, forKey: member.name) == nil else {
        throw APIError.invalidBody(
          "'\(member.name)' stands in the query and in the body", at: [member.name])
      }
    }
    let row = try await broker.connect(wish, failure: failure)
    return Response(
      .object([
        .init("providerConfigKey", .string(integration)),
        .init("connectionId", .string(row.connectionID)),
      ]))
  }
}
