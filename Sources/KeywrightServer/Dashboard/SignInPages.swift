internal import HTTPTypes
internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition

/// The first start, and coming and going.
struct SignInPages {
  let broker: Broker
  private var root: String { broker.publicURL.prefix }

  func add(to router: RouterGroup<ServerContext>) {
    router.get("setup") { request, _ in
      if let elsewhere = elsewhere(request) { return elsewhere }
      if try await broker.administrator.exists() { return to("/login") }
      return setUp(problem: nil, token: "")
    }
    router.post("setup") { request, context in try await setUp(request, context) }
    router.get("login") { request, _ in
      if let elsewhere = elsewhere(request) { return elsewhere }
      guard try await broker.administrator.exists() else { return to("/setup") }
      return logIn(problem: nil, next: try request.query.value("next") ?? "")
    }
    router.post("login") { request, context in try await logIn(request, context) }
    router.post("logout") { request, _ in
      guard Self.isOwn(request), let logIn = try await LogIn(request, broker),
        logIn.made(try await Form(request).entry("csrf") ?? "")
      else { return to("/dashboard") }
      try await broker.administrator.logOut(logIn.token)
      var response = to("/login")
      response.headers[.setCookie] = LogIn.cookie(nil, at: broker.publicURL)
      return response
    }
  }

  private func to(_ address: String) -> Response {
    Response(status: .seeOther, headers: [.location: root + address, .cacheControl: "no-store"])
  }

  /// Whether a form was sent by a page of this server.
  static func isOwn(_ request: Request) -> Bool {
    guard let site = request.headers[.init("Sec-Fetch-Site")!] else { return true }
    return site == "same-origin"
  }

  /// This machine has several names, and a cookie belongs to one of them: the one that providers send the browser to.
  func elsewhere(_ request: Request) -> Response? {
    guard let parts = try? URLParts(reading: broker.publicURL.text), parts.origin.isLoopback,
      let host = request.head.authority,
      let asked = try? URLParts(reading: "http://" + host), asked.origin.isLoopback,
      asked.origin.description != parts.origin.description,
      asked.origin.port == parts.origin.port
    else { return nil }
    return Response(
      status: .temporaryRedirect,
      headers: [.location: broker.publicURL.origin + whole(request)])
  }

  /// What was asked for, as a browser asks for it: a proxy may have taken the public URL's path away.
  func whole(_ request: Request) -> String {
    let address = request.uri.string
    return address.hasPrefix(root + "/") ? address : root + address
  }

  /// Where somebody who is not logged in goes, to come back afterwards.
  func goThere(from request: Request) async throws -> Response {
    guard try await broker.administrator.exists() else { return to("/setup") }
    guard request.method == .get else { return to("/login") }
    return to("/login?next=" + Encoding.percent(whole(request)))
  }

  // MARK: Set up

  private func setUp(problem: APIError?, token: String) -> Response {
    var view = View(
      "setup",
      facts([
        "title": "Welcome to Keywright", "script": "dashboard.js", "token": token,
        "problem": problem.map { Page.sentence($0.message) },
      ]), root: root)
    if let problem { view.status = .init(code: problem.status) }
    return view.response
  }

  private func setUp(_ request: Request, _ context: ServerContext) async throws -> Response {
    let form = try await Form(request)
    let token = form.text("token") ?? ""
    do {
      try broker.guesses.take(context.address ?? "unknown")
      let password = form.text("password") ?? ""
      try await broker.administrator.setUp(token: token, password: password)
      return try await begin(password, next: "")
    } catch let error as APIError {
      if error.code == "admin_exists" { return to("/login") }
      return setUp(problem: error, token: token)
    }
  }

  // MARK: Log in

  private func logIn(problem: APIError?, next: String) -> Response {
    var view = View(
      "login",
      facts([
        "title": "Log in to Keywright", "next": next,
        "problem": problem.map { Page.sentence($0.message) },
      ]), root: root)
    if let problem { view.status = .init(code: problem.status) }
    return view.response
  }

  private func logIn(_ request: Request, _ context: ServerContext) async throws -> Response {
    let form = try await Form(request)
    let next = form.text("next") ?? ""
    do {
      guard Self.isOwn(request) else {
        throw APIError(403, "foreign_form", "this form does not come from this server")
      }
      try broker.guesses.take(context.address ?? "unknown")
      return try await begin(form.text("password") ?? "", next: next)
    } catch let error as APIError {
      return logIn(problem: error, next: next)
    }
  }

  private func begin(_ password: String, next: String) async throws -> Response {
    let token = try await broker.administrator.logIn(password: password)
    // Only to a page of the dashboard: an address that somebody else wrote leads nowhere else.
    let isOurs =
      next.hasPrefix(root + "/dashboard/")
      && next.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    var response =
      isOurs
      ? Response(status: .seeOther, headers: [.location: next, .cacheControl: "no-store"])
      : to("/dashboard")
    response.headers[.setCookie] = LogIn.cookie(token, at: broker.publicURL)
    return response
  }
}
