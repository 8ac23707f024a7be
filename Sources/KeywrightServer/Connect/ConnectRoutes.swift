internal import HTTPTypes
internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition

/// The connect page, behind a link that a backend shares or in a frame of an application: it picks an integration, asks
/// what the method asks, goes on to the provider, and tells how it ended.
struct ConnectRoutes {
  let broker: Broker

  func add(to router: RouterGroup<ServerContext>) {
    router.get("connect") { request, _ in
      try await told {
        if let origin = try Self.frame(request) { return try await embed(origin) }
        return try await show(ConnectVisit(request, form: nil, broker))
      }
    }
    router.post("connect") { request, _ in
      let form: Form
      do { form = try await Form(request) } catch let error as APIError {
        return Page.failed(error, at: broker.publicURL.prefix).response
      }
      return try await told(form) {
        let visit = try await ConnectVisit(request, form: form, broker)
        switch form.text("kw_do") {
        case "show", "choose": return try await show(visit)
        default: return try await go(visit)
        }
      }
    }
    router.get("connect/embed") { request, _ in
      try await told { try await embed(request.query.required("origin")) }
    }
    router.post("connect/check") { request, _ in try await check(request) }
  }

  /// Tells what went wrong: to the page that waits for a window, to the page around a frame, or to the person alone.
  private func told(_ form: Form? = nil, _ work: () async throws -> Response) async throws
    -> Response
  {
    do { return try await work() } catch let error as APIError {
      if let ticket = form?.text("kw_ticket").flatMap({ try? Ticket($0) }) {
        broker.tickets.refuse(ticket, in: nil, by: error)
        return ended(error, ticket)
      }
      var view = Page.failed(error, at: broker.publicURL.prefix)
      if let origin = form?.text("kw_origin"), try await mayEmbed(origin) {
        view.policy.ancestors = origin
        view.values.merge(
          facts([
            "script": "connect.js", "origin": origin, "error": error.code, "said": error.message,
          ])
        ) { $1 }
      }
      return view.response
    }
  }

  /// The page of a window that another page of ours waits for.
  private func ended(_ error: APIError, _ ticket: Ticket, of integration: String? = nil) -> Response
  {
    let opening = ConnectionWish.Opening(ticket: ticket, origin: broker.publicURL.origin)
    return BrowserRoutes(broker: broker).end(
      .init(opening, integration: integration, connection: nil, error: error), of: nil)
  }

  private func mayEmbed(_ origin: String) async throws -> Bool {
    try await broker.environments.all().contains { $0.mayEmbed(origin, on: broker.publicURL) }
  }

  // MARK: In a frame

  /// The page around a frame that brings no session and does not say who it is, as Nango's SDK opens it: its browser says
  /// that. It is held against the environments' origins like any other.
  private static func frame(_ request: Request) throws -> String? {
    guard request.headers[.init("Sec-Fetch-Dest")!] == "iframe",
      try request.query.value("session_token") == nil,
      let page = request.headers[.init("Referer")!], let parts = try? URLParts(reading: page)
    else { return nil }
    return parts.origin.description
  }

  /// What an application's frame begins with: the page around it brings the session, which stands in no address.
  private func embed(_ origin: String) async throws -> Response {
    guard try await mayEmbed(origin) else {
      throw APIError(
        403, "origin_not_allowed",
        "pages of that origin may not embed this one; if they are yours, add their origin to 'allowed_origins' in Environment Settings"
      )
    }
    var view = View(
      "embed",
      [
        "title": "Connect", "script": "connect.js", "origin": origin,
        "action": "\(broker.publicURL.prefix)/connect",
      ], root: broker.publicURL.prefix)
    view.policy.ancestors = origin
    return view.response
  }

  // MARK: What is asked

  /// What can be chosen, or what the one integration asks for.
  private func show(_ visit: ConnectVisit, problem: APIError? = nil) async throws -> Response {
    guard let integration = try visit.chosen() else { return choice(visit) }
    let method = try broker.providers.method(integration.method, of: integration.provider)
    let name = visit.name(of: integration)
    let fields = try await visit.asked(method, of: integration)
    let filled = visit.filled
    let wrong = fields.filter { problem?.invalid($0.name) != nil }
    var view = visit.view(
      "connect", title: "\(visit.session.connection == nil ? "Connect" : "Connect anew:") \(name)",
      facts([
        "key": integration.key, "name": name, "leaves": method.leaves,
        "provider": broker.providers.definitions[integration.provider]?.name ?? name,
        "several": visit.offered.count > 1,
        "fields": fields.map { field in
          FieldView(
            field: field, value: filled[field.name], invalid: problem?.invalid(field.name),
            isChecked: true
          ).shown
        },
        // What is said beside a field is not said twice.
        "problem": wrong.isEmpty ? problem.map { Page.words($0).text } : nil,
        "detail": wrong.isEmpty ? problem.flatMap { Page.words($0).detail } : nil,
        "words": Page.titles.map { ["code": $0.code, "text": "\($0.text)."] as Shown },
        "inApp": isInApp(visit.request), "pageLink": pageLink(visit),
      ]))
    if let problem { view.status = .init(code: problem.status) }
    return view.response
  }

  private func choice(_ visit: ConnectVisit) -> Response {
    let names = visit.offered.map(visit.name)
    let items = visit.offered.map { one in
      // Two of one name are told apart by what the integrator calls them.
      let name = visit.name(of: one)
      let isAlone = names.filter { $0 == name }.count == 1
      return ["key": one.key, "name": isAlone ? name : "\(name) (\(one.key))"] as Shown
    }
    return visit.view(
      "choose", title: items.isEmpty ? "Nothing to connect" : "What do you want to connect?",
      ["items": items, "many": items.count > 8]
    ).response
  }

  /// Browsers inside apps: providers refuse to log people in there (RFC 8252 §8.12).
  private func isInApp(_ request: Request) -> Bool {
    let agent = request.headers[.userAgent] ?? ""
    return ["FBAN", "FBAV", "Instagram", "Line/", "MicroMessenger", "; wv)"]
      .contains { agent.contains($0) }
  }

  /// The address that a person can open elsewhere: a frame has none.
  private func pageLink(_ visit: ConnectVisit) -> String? {
    visit.origin == nil
      ? "\(broker.publicURL.text)/connect?session_token=\(Encoding.percent(visit.token))" : nil
  }

  // MARK: It goes on

  private func go(_ visit: ConnectVisit) async throws -> Response {
    guard let integration = try visit.chosen() else { return choice(visit) }
    let method = try broker.providers.method(integration.method, of: integration.provider)
    var wish = ConnectionWish(integration: integration.key)
    wish.sessionToken = visit.token
    wish.fields = visit.filled
    do {
      // What was filled in may be secret, and goes into no address.
      if method.leaves { return try await leave(wish, visit) }
      let row = try await broker.connect(wish, failure: "connection_test_failed")
      return visit.view(
        "connected", title: "Connected to \(visit.name(of: integration))",
        facts([
          "key": integration.key, "connection": row.connectionID,
          "account": row.accountName ?? row.accountID,
        ])
      ).response
    } catch let error as APIError where [400, 409, 424, 429].contains(error.status) {
      // What was filled in is asked for again; secrets are not shown back.
      return try await show(visit, problem: error)
    }
  }

  /// On to the provider, in a window of its own where the page's script opened one.
  private func leave(_ given: ConnectionWish, _ visit: ConnectVisit) async throws -> Response {
    guard let ticket = try visit.form?.text("kw_ticket").map(Ticket.init(_:)) else {
      return try await left(given, visit)
    }
    var wish = given
    wish.opening.ticket = ticket
    wish.opening.origin = broker.publicURL.origin
    do {
      return try await left(wish, visit)
    } catch let error as APIError {
      // The page that waits for this window says it too.
      broker.tickets.refuse(ticket, in: visit.environment.id, by: error)
      return ended(error, ticket, of: wish.integration)
    }
  }

  private func left(_ wish: ConnectionWish, _ visit: ConnectVisit) async throws -> Response {
    let started = try await broker.start(wish)
    var response = Response(
      status: .seeOther,
      headers: [
        .location: started.url, .cacheControl: "no-store",
        .init("Referrer-Policy")!: "no-referrer",
      ])
    BrowserRoutes(broker: broker).set(started, in: visit.request, &response)
    return response
  }

  // MARK: While it is typed

  /// What the server thinks of an entry, by the rules that it will be judged by.
  private func check(_ request: Request) async throws -> Response {
    let form = try await Form(request)
    let visit = try await ConnectVisit(request, form: form, broker)
    guard let integration = try visit.chosen(), let name = form.text("name") else {
      throw APIError.invalidBody("'kw_integration' or 'name' is missing")
    }
    let method = try broker.providers.method(integration.method, of: integration.provider)
    guard let field = method.ask.first(where: { $0.name == name && !$0.isSecret }) else {
      throw APIError.invalidBody("nothing of the name '\(name)' can be checked", at: ["name"])
    }
    do {
      let text = try field.canonical(form.entry("value") ?? "")
      let shown = try? field.shownAs?.value(in: [field.name: field.value(text)])
      return Response(
        .object([.init("shown", .optional(shown.flatMap { field.text(of: $0) }))]))
    } catch {
      return Response(.object([.init("reason", .string(Page.sentence(error.reason)))]))
    }
  }
}
