internal import HTTPTypes
internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition

/// The integrations of an environment, and the page of each.
struct IntegrationPages {
  func add(to routes: DashboardRoutes, _ router: RouterGroup<ServerContext>) {
    routes.page(router, "integrations") { visit in try await list(visit) }
    routes.page(router, "integrations/{key}") { visit in
      try await page(visit, try await integration(visit))
    }
    routes.change(router, "integrations/{key}", isPage: true) { visit, form in
      try await save(visit, form)
    }
    routes.change(router, "integrations/{key}/delete") { visit, _ in
      try await visit.broker.deleteAll(of: integration(visit))
      return visit.redirect(to: "\(visit.home)/integrations", done: "deleted")
    }
    routes.change(router, "integrations/{key}/session") { visit, _ in
      try await session(visit, for: try await integration(visit), anew: nil).json
    }
    routes.change(router, "integrations/{key}/connect") { visit, _ in
      try await session(visit, for: try await integration(visit), anew: nil).page
    }
  }

  private func integration(_ visit: Visit) async throws -> Integration {
    try await visit.broker.integrations.named(visit.parameter("key"), in: visit.environment)
  }

  // MARK: List

  private func list(_ visit: Visit) async throws -> Response {
    let broker = visit.broker
    let counts = try await broker.connectionCounts(in: visit.environment)
    let items = try await broker.integrations.all(in: visit.environment).map { one in
      let definition = broker.providers.definitions[one.provider]
      let method = definition?.method(one.method)
      let count = counts[one.id]
      let missing = try method.flatMap { try broker.missingTitles(of: one, $0) }
      let broken = count?.broken ?? 0
      return facts([
        "name": one.displayName ?? definition?.name ?? one.key, "key": one.key,
        "link": "\(visit.home)/integrations/\(Visit.part(one.key))",
        "provider": definition?.name ?? one.provider,
        "mode": method.map { Wording.mode($0.authMode) } ?? "–", "isGone": method == nil,
        "connections": String(count?.all ?? 0),
        "broken": broken > 0 ? String(broken) : nil, "missing": missing,
      ])
    }
    return visit.view(
      "integrations", .integrations, title: "Integrations", ["items": items, "any": !items.isEmpty]
    ).response
  }

  // MARK: One

  private func page(
    _ visit: Visit, _ integration: Integration, filled: Form? = nil, problem: APIError? = nil
  ) async throws -> Response {
    let broker = visit.broker
    guard
      let method = broker.providers.definitions[integration.provider]?.method(integration.method)
    else { return try await gone(visit, integration) }
    let entry = broker.providers.entries[integration.provider]
    let provider = broker.providers.definitions[integration.provider]?.name ?? integration.provider
    let setup = try broker.integrations.setup(of: integration)
    let missing = try broker.missingTitles(of: integration, method)
    let fields = method.setup.filter { !$0.isGenerated }
    let counts = try await broker.connectionCounts(in: visit.environment)
    let scopes =
      filled.map { method.chosenScopes($0) ?? method.scopes.defaults } ?? integration.scopes
    var view = visit.view(
      "integration", .integrations, title: integration.displayName ?? provider,
      facts([
        "name": integration.displayName ?? provider,
        "displayName": filled?.entry("display_name") ?? integration.displayName,
        "key": integration.key, "provider": provider,
        "link": "\(visit.home)/integrations/\(Visit.part(integration.key))",
        "mode": Wording.mode(method.authMode),
        "connections": String(counts[integration.id]?.all ?? 0),
        "callback": method.leaves
          ? visit.environment.callbackURL ?? broker.publicURL.callback(for: integration.key) : nil,
        "appsLink": entry?.link("apps"),
        "missing": missing,
        "needsSetup": !fields.isEmpty,
        "fields": fields.map { field in
          FieldView(
            field: field, value: filled?.entry("setup." + field.name) ?? setup[field.name],
            invalid: problem?.invalid(field.name),
            isKept: field.isSecret && setup[field.name] != nil,
            prefix: "setup.", isRequired: false
          ).shown
        },
        "scopes": ScopesView(method: method, entry: entry, chosen: scopes).shown,
        "about": entry?.about, "code": code(visit, integration, method),
      ]), problem: problem?.problem(beside: fields))
    if let problem { view.status = .init(code: problem.status) }
    return view.response
  }

  /// The page of an integration whose spec is no longer known: it can be deleted.
  private func gone(_ visit: Visit, _ integration: Integration) async throws -> Response {
    let counts = try await visit.broker.connectionCounts(in: visit.environment)
    return visit.view(
      "gone", .integrations, title: integration.displayName ?? integration.key,
      facts([
        "name": integration.displayName ?? integration.key, "key": integration.key,
        "provider": integration.provider, "method": integration.method,
        "link": "\(visit.home)/integrations/\(Visit.part(integration.key))",
        "connections": String(counts[integration.id]?.all ?? 0),
      ])
    ).response
  }

  /// What an app writes, to copy from.
  private func code(_ visit: Visit, _ integration: Integration, _ method: Method) -> String {
    let asked = method.ask.filter { !$0.isGenerated }
    func list(_ fields: [Field]) -> String {
      fields.map { "\($0.name): \(JSON.string($0.isSecret ? "…" : $0.example ?? "…").wireText)" }
        .joined(separator: ", ")
    }
    let (plain, secret) = (asked.filter { !$0.isSecret }, asked.filter(\.isSecret))
    var parts: [String] = []
    if !plain.isEmpty { parts.append("params: { \(list(plain)) }") }
    if !secret.isEmpty { parts.append("credentials: { \(list(secret)) }") }
    if visit.environment.requiresHMAC { parts.append("hmac: digestOfYourBackend") }
    let options = parts.isEmpty ? "" : ", { \(parts.joined(separator: ", ")) }"
    // What is filled in needs no window.
    let call = method.leaves || !secret.isEmpty ? "auth" : "create"
    return """
      import { Keywright } from "\(visit.broker.publicURL.text)/keywright.js";

      const keywright = new Keywright({ publicKey: "\(visit.environment.publicKey)" });
      await keywright.\(call)("\(integration.key)", "YOUR-USER-1"\(options));
      """
  }

  private func save(_ visit: Visit, _ form: Form) async throws -> Response {
    let old = try await integration(visit)
    let method = try visit.broker.providers.method(old.method, of: old.provider)
    do {
      var wish = Integrations.Wish()
      wish.displayName = form.entry("display_name")
      var setup = form.entries("setup.")
      // A secret that is not filled in stays.
      for field in method.setup where field.isSecret && setup[field.name] == "" {
        setup[field.name] = nil
      }
      wish.setup = setup.isEmpty ? nil : setup
      if method.takesScopes {
        let chosen = method.chosenScopes(form)
        wish.scopes = chosen ?? (old.scopes == nil ? nil : method.scopes.defaults)
      }
      let saved = try await visit.broker.change(old.key, wish, in: visit.environment)
      return visit.redirect(
        to: "\(visit.home)/integrations/\(Visit.part(saved.key))", done: "saved")
    } catch let error as APIError {
      return try await page(visit, old, filled: form, problem: error)
    }
  }

  // MARK: Connect

  /// A connect session of whoever looks at the page.
  struct Session {
    let token: String
    let visit: Visit

    /// For the page's script.
    var json: Response {
      Response(
        .object([
          .init("token", .string(token)),
          .init("host", .string(visit.broker.publicURL.text)),
        ]))
    }

    /// For a browser without scripts.
    var page: Response {
      visit.redirect(to: "\(visit.root)/connect?session_token=\(token)")
    }
  }

  func session(
    _ visit: Visit, for integration: Integration, anew connection: ConnectionRow?
  ) async throws -> Session {
    let wish = JSON.object([.init("allowed_integrations", .texts([integration.key]))])
    let (token, _) = try await visit.broker.sessions.make(
      wish, connection: connection?.id, in: visit.environment)
    return Session(token: token, visit: visit)
  }
}
