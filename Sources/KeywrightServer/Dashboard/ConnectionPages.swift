internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition

/// The connections of an environment, and the page of each.
struct ConnectionPages {
  func add(to routes: DashboardRoutes, _ router: RouterGroup<ServerContext>) {
    routes.page(router, "connections") { visit in try await list(visit) }
    routes.page(router, "connections/{key}/{id}") { visit in try await page(find(visit)) }
    routes.change(router, "connections/{key}/{id}/reveal") { visit, _ in
      try await doing(visit) { subject in
        try await page(subject, credentials: credentials(of: subject))
      }
    }
    routes.change(router, "connections/{key}/{id}/renew") { visit, _ in
      try await doing(visit) { subject in
        _ = try await visit.broker.read(
          .init(
            integration: subject.integration.key, connectionID: subject.row.connectionID,
            isForced: true), in: visit.environment)
        return visit.redirect(to: subject.link, done: "renewed")
      }
    }
    routes.change(router, "connections/{key}/{id}/verify") { visit, _ in
      try await doing(visit) { subject in
        do { try await visit.broker.verify(subject.row, of: subject.integration) } catch {
          throw Broker.told(error)
        }
        return visit.redirect(to: subject.link, done: "verified")
      }
    }
    routes.change(router, "connections/{key}/{id}/metadata") { visit, form in
      try await doing(visit, form) { subject in
        let body = try Body(Array((form.text("metadata") ?? "{}").utf8))
        try await visit.broker.setMetadata(body.json, isMerged: false, of: [subject.row])
        return visit.redirect(to: subject.link, done: "saved")
      }
    }
    routes.change(router, "connections/{key}/{id}/delete") { visit, _ in
      try await doing(visit) { subject in
        _ = try await visit.broker.delete(subject.row, of: subject.integration)
        return visit.redirect(to: "\(visit.home)/connections", done: "deleted")
      }
    }
    for (name, isPage) in [("session", false), ("reconnect", true)] {
      routes.change(router, "connections/{key}/{id}/\(name)") { visit, _ in
        let subject = try await find(visit)
        let session = try await IntegrationPages().session(
          visit, for: subject.integration, anew: subject.row)
        return isPage ? session.page : session.json
      }
    }
  }

  // MARK: List

  private func list(_ visit: Visit) async throws -> Response {
    let query = try visit.request.query
    var search = Broker.Search()
    search.text = try query.words("search")
    search.integrations = try query.value("integration").map { [$0] } ?? []
    let state = try query.value("state")
    search.isBroken = state.map { $0 == "broken" }
    search.after = try query.number("cursor", in: 1...Int64.max)
    search.limit = 50
    let (found, next) = try await visit.broker.list(search, in: visit.environment)
    let integrations = try await visit.broker.integrations.all(in: visit.environment)
    let isSearch = search.text != nil || state != nil || !search.integrations.isEmpty
    let items = found.map { one in
      let (key, id) = (
        one["provider_config_key"]?.text ?? "", one["connection_id"]?.text ?? ""
      )
      var item: [String: Any?] = [
        "id": id, "integration": key, "link": Self.link(visit, key, id),
        "account": one["account"]?["name"]?.text ?? one["account"]?["id"]?.text,
        "broken": one["state"]?.text == "broken", "reason": one["reason"]?["code"]?.text,
      ]
      let created = one["created_at"]?.text.flatMap(CalendarTime.init(iso8601:))?.seconds
      item.merge(Wording.time("created", created)) { $1 }
      return facts(item)
    }
    return visit.view(
      "connections", .connections, title: "Connections",
      facts([
        "search": search.text, "items": items, "any": !items.isEmpty,
        "count": Wording.count(items.count, "connection", "connections"),
        "integrations": integrations.map {
          ["name": $0.key, "selected": search.integrations.contains($0.key)] as Shown
        },
        "states": [("ok", "Good"), ("broken", "Broken")].map {
          ["value": $0.0, "name": $0.1, "selected": $0.0 == state] as Shown
        },
        "emptyTitle": isSearch ? "None found" : "No connections yet",
        "emptyText": isSearch
          ? "No connection fits all of this."
          : "Open an integration and press Connect to try it with an account of your own; or let your users connect from your app.",
        "next": next.map { "\(visit.home)/connections?\(Self.again(query, "cursor", $0))" },
      ])
    ).response
  }

  /// The same search, from another place on.
  static func again(_ query: Query, _ name: String, _ place: Int64) -> String {
    let pairs = query.pairs.filter { $0.name != name && $0.name != "done" && !$0.value.isEmpty }
    return FormText.text(pairs + [(name, String(place))], encode: Encoding.percent)
  }

  static func link(_ visit: Visit, _ integration: String, _ connection: String) -> String {
    "\(visit.home)/connections/\(Visit.part(integration))/\(Visit.part(connection))"
  }

  // MARK: One

  /// The connection that a page is about.
  struct Subject {
    let visit: Visit
    let integration: Integration
    let row: ConnectionRow
    var link: String { ConnectionPages.link(visit, integration.key, row.connectionID) }
  }

  private func find(_ visit: Visit) async throws -> Subject {
    let integration = try await visit.broker.integrations.named(
      visit.parameter("key"), in: visit.environment)
    let row = try await visit.broker.named(visit.parameter("id"), of: integration)
    return Subject(visit: visit, integration: integration, row: row)
  }

  /// Does something about a connection; what fails is told on its page.
  private func doing(
    _ visit: Visit, _ form: Form? = nil, _ work: (Subject) async throws -> Response
  ) async throws -> Response {
    let subject = try await find(visit)
    do { return try await work(subject) } catch let error as APIError {
      return try await page(find(visit), filled: form, problem: error)
    }
  }

  private func page(
    _ subject: Subject, credentials: [Shown]? = nil, filled: Form? = nil, problem: APIError? = nil
  ) async throws -> Response {
    let (visit, row) = (subject.visit, subject.row)
    let broker = visit.broker
    let connection = try? broker.providers.running.connection(broker.kept.open(row))
    let method = try? broker.providers.method(row.method, of: row.provider)
    var search = ActivityLog.Search()
    search.integration = subject.integration.key
    search.connectionID = row.connectionID
    search.limit = 20
    let history = try await broker.activity.find(search, in: visit.environment)
    let failure = history.first { $0["state"]?.text == "failed" }?["id"]?.text
    // What has just gone wrong is said above.
    let reason =
      row.isBroken && problem == nil
      ? Page.sentence(row.reasonText ?? "It no longer works") : nil
    var values: [String: Any?] = [
      "id": row.connectionID, "link": subject.link, "integration": subject.integration.key,
      "integrationLink": "\(visit.home)/integrations/\(Visit.part(subject.integration.key))",
      "provider": broker.providers.definitions[row.provider]?.name ?? row.provider,
      "account": row.accountName ?? row.accountID, "accountID": row.accountID,
      "email": row.accountEmail, "user": row.endUser.map(Self.name),
      "broken": row.isBroken, "reason": reason,
      "reasonCode": row.reason,
      "failure": failure.map { "\(visit.home)/activity/\($0)" },
      "tags": Self.list(row.tags), "config": Self.list(row.config),
      "granted": row.granted.isEmpty ? nil : ["names": row.granted] as Shown,
      "missing": row.missing.isEmpty ? nil : ["names": row.missing] as Shown,
      "renewable": connection?.isRenewable() ?? false,
      "verifiable": method.map { !$0.verify.isEmpty || $0.account != nil } ?? false,
      "metadata": filled?.entry("metadata") ?? row.metadata.laidOut(width: 60),
      "credentials": credentials.map { ["list": $0] as Shown },
    ]
    for (name, time) in [
      ("created", row.createdAt), ("expires", row.expiresAt), ("fetched", row.lastFetchedAt),
    ] { values.merge(Wording.time(name, time)) { $1 } }
    values.merge(ActivityPages.entries(history, visit)) { $1 }
    var view = visit.view(
      "connection", .connections, title: row.accountName ?? row.connectionID, facts(values),
      problem: problem?.message)
    if let problem { view.status = .init(code: problem.status) }
    return view.response
  }

  private static func name(_ user: JSON) -> String {
    let names = [
      user["display_name"]?.text ?? user["email"]?.text, user["id"]?.text,
      user["organization"]?["display_name"]?.text ?? user["organization"]?["id"]?.text,
    ]
    return names.compactMap { $0 }.joined(separator: ", ")
  }

  private static func list(_ json: JSON) -> Shown? {
    guard let members = json.members, !members.isEmpty else { return nil }
    return ["list": members.map { ["name": $0.name, "value": $0.value.scalarText ?? ""] as Shown }]
  }

  /// The credential that is good now, name by name.
  private func credentials(of subject: Subject) async throws -> [Shown] {
    let bytes = try await subject.visit.broker.read(
      .init(
        integration: subject.integration.key, connectionID: subject.row.connectionID,
        includesRefreshToken: true), in: subject.visit.environment)
    let json = try JSON(reading: bytes)["credentials"] ?? .object([])
    return Self.flat(json, "").filter { $0.name != "raw" }.map {
      ["name": $0.name, "value": $0.value]
    }
  }

  private static func flat(_ json: JSON, _ prefix: String) -> [(name: String, value: String)] {
    (json.members ?? []).flatMap { member -> [(name: String, value: String)] in
      if let text = member.value.scalarText { return [(prefix + member.name, text)] }
      // What came as it came says the same once more.
      return member.name == "raw" ? [] : flat(member.value, prefix + member.name + ".")
    }
  }
}
