internal import Hummingbird
internal import KeywrightDefinition

/// Keys, HMAC, the callback URL: what belongs to one environment.
struct SettingsPages {
  func add(to routes: DashboardRoutes, _ router: RouterGroup<ServerContext>) {
    routes.page(router, "settings") { visit in try await page(visit) }
    routes.change(router, "settings/key") { visit, form in
      try await doing(visit) {
        let name = form.text("name") ?? "key"
        let (_, text) = try await visit.broker.environments.makeKey(name, in: visit.environment)
        return try await page(visit, newKey: text)
      }
    }
    routes.change(router, "settings/revoke") { visit, form in
      try await doing(visit) {
        try await visit.broker.environments.revokeKey(
          form.text("key") ?? "", of: visit.environment)
        return visit.redirect(to: "\(visit.home)/settings", done: "revoked")
      }
    }
    routes.change(router, "settings/hmac") { visit, form in try await hmac(visit, form) }
    routes.change(router, "settings/callback") { visit, form in
      try await save(visit, form, .init(callbackURL: form.entry("callback_url") ?? ""))
    }
    routes.change(router, "settings/origins") { visit, form in
      let lines = (form.entry("allowed_origins") ?? "").split { $0.isWhitespace || $0 == "," }
      return try await save(visit, form, .init(allowedOrigins: lines.map(String.init)))
    }
    routes.change(router, "settings/retention") { visit, form in
      let days = form.text("retention_days").flatMap { Int($0) } ?? 0
      return try await save(visit, form, .init(retentionDays: days))
    }
  }

  private func hmac(_ visit: Visit, _ form: Form) async throws -> Response {
    try await doing(visit) {
      let isMade = form.text("do") == "make"
      let key = isMade ? try visit.broker.random.hexToken("") : form.text("hmac_key")
      let change = Environments.Change(
        requiresHMAC: form.text("hmac_enabled") == "true", hmacKey: key)
      guard isMade else { return try await save(visit, form, change) }
      let changed = try await visit.broker.environments.change(visit.environment.name, change)
      return try await page(visit, changed, newHMAC: key)
    }
  }

  private func save(
    _ visit: Visit, _ form: Form, _ change: Environments.Change
  ) async throws -> Response {
    try await doing(visit, form) {
      _ = try await visit.broker.environments.change(visit.environment.name, change)
      return visit.redirect(to: "\(visit.home)/settings", done: "saved")
    }
  }

  private func doing(
    _ visit: Visit, _ form: Form? = nil, _ work: () async throws -> Response
  ) async throws -> Response {
    do { return try await work() } catch let error as APIError {
      return try await page(visit, filled: form, problem: error)
    }
  }

  private func page(
    _ visit: Visit, _ changed: DeploymentEnvironment? = nil, newKey: String? = nil,
    newHMAC: String? = nil, filled: Form? = nil, problem: APIError? = nil
  ) async throws -> Response {
    let environment = changed ?? visit.environment
    let keys = try await visit.broker.environments.keys(of: environment)
    var view = visit.view(
      "settings", .settings, title: "Environment Settings",
      facts([
        "publicKey": environment.publicKey, "newKey": newKey, "newHMAC": newHMAC,
        "hasKeys": !keys.isEmpty,
        "keys": keys.map { key in
          var values: [String: Any?] = [
            "id": key.id, "name": key.name, "prefix": key.prefix, "revoked": key.isRevoked,
          ]
          values.merge(Wording.time("created", key.createdAt)) { $1 }
          values.merge(Wording.time("used", key.lastUsedAt)) { $1 }
          return facts(values)
        },
        "hasHMAC": environment.hasHMACKey, "requiresHMAC": environment.requiresHMAC,
        "callbackURL": filled?.entry("callback_url") ?? environment.callbackURL,
        "origins": filled?.entry("allowed_origins")
          ?? environment.allowedOrigins.list.joined(separator: "\n"),
        "defaultCallback": "\(visit.broker.publicURL.text)/oauth/callback",
        "retention": String(environment.retentionDays),
      ]), problem: problem?.message)
    if let problem { view.status = .init(code: problem.status) }
    return view.response
  }
}
