internal import HTTPTypes
internal import Hummingbird
internal import KeywrightDefinition

/// The pages of whoever runs the installation.
struct DashboardRoutes {
  let broker: Broker
  let isSimulated: Bool

  /// What the addresses of pages begin with: they are no part of the interface that programs use.
  static let prefixes = [
    "/dashboard", "/setup", "/login", "/logout", "/connect/embed", "/connect/check",
  ]

  func add(to router: RouterGroup<ServerContext>) {
    SignInPages(broker: broker).add(to: router)
    router.get("/") { request, _ in try await first(request) }
    router.get("dashboard") { request, _ in try await first(request) }
    router.post("dashboard") { request, context in
      try await change(request, context, environment: nil) { visit, form in
        let made = try await broker.environments.create(form.text("name") ?? "")
        return visit.redirect(to: "\(visit.root)/dashboard/\(made.name)/settings", done: "created")
      }
    }
    CataloguePages().add(to: self, router)
    IntegrationPages().add(to: self, router)
    ConnectionPages().add(to: self, router)
    ActivityPages().add(to: self, router)
    SettingsPages().add(to: self, router)
  }

  private func first(_ request: Request) async throws -> Response {
    let name = try await broker.environments.all().first?.name ?? "dev"
    return Response(
      status: .seeOther,
      headers: [.location: "\(broker.publicURL.prefix)/dashboard/\(name)/integrations"])
  }

  // MARK: Who may

  typealias Show = @Sendable (Visit) async throws -> Response
  typealias Change = @Sendable (Visit, Form) async throws -> Response

  /// A page of an environment.
  func page(
    _ router: RouterGroup<ServerContext>, _ path: String, _ body: @escaping Show
  ) {
    router.get(RouterPath("dashboard/{environment}/\(path)")) { request, context in
      let name = try context.parameters.require("environment")
      return try await guarded(request, context, name, body)
    }
  }

  /// What a form of a page changes.
  /// - Parameter isPage: whether a page has the same address; else who opens it is led to the page that it belongs to.
  func change(
    _ router: RouterGroup<ServerContext>, _ path: String, isPage: Bool = false,
    _ body: @escaping Change
  ) {
    if !isPage {
      router.get(RouterPath("dashboard/{environment}/\(path)")) { request, _ in
        let path = SignInPages(broker: broker).whole(request).prefix { $0 != "?" }
        let address = path.split(separator: "/").dropLast().joined(separator: "/")
        return Response(
          status: .seeOther, headers: [.location: "/\(address)", .cacheControl: "no-store"])
      }
    }
    router.post(RouterPath("dashboard/{environment}/\(path)")) { request, context in
      let name = try context.parameters.require("environment")
      return try await change(request, context, environment: name, body)
    }
  }

  private func change(
    _ request: Request, _ context: ServerContext, environment: String?, _ body: @escaping Change
  ) async throws -> Response {
    try await guarded(request, context, environment) { visit in
      guard SignInPages.isOwn(request) else { throw Self.foreign }
      let form = try await Form(request)
      guard visit.logIn.made(form.entry("csrf") ?? "") else { throw Self.foreign }
      return try await body(visit, form)
    }
  }

  private static let foreign = APIError(
    403, "foreign_form", "this form does not come from a page of this log-in; load the page anew")

  private func guarded(
    _ request: Request, _ context: ServerContext, _ name: String?, _ body: Show
  ) async throws -> Response {
    if let elsewhere = SignInPages(broker: broker).elsewhere(request) { return elsewhere }
    guard let logIn = try await LogIn(request, broker) else {
      return try await SignInPages(broker: broker).goThere(from: request)
    }
    let environments = try await broker.environments.all()
    let found = environments.first { $0.name == name }
    guard let environment = found ?? environments.first else {
      throw APIError.notFound("unknown_environment", "there is no environment")
    }
    let visit = Visit(
      broker: broker, request: request, context: context, logIn: logIn, environment: environment,
      environments: environments, isSimulated: isSimulated)
    do {
      if let name, found == nil {
        throw APIError.notFound("unknown_environment", "there is no environment '\(name)'")
      }
      return try await body(visit)
    } catch let error as APIError {
      var view = visit.view(
        "lost", .integrations, title: error.status == 404 ? "Not here" : "That did not work",
        ["message": Page.sentence(error.message)])
      view.status = .init(code: error.status)
      return view.response
    }
  }
}
