internal import Hummingbird
internal import KeywrightDefinition

/// What was attempted, and each attempt stage by stage.
struct ActivityPages {
  func add(to routes: DashboardRoutes, _ router: RouterGroup<ServerContext>) {
    routes.page(router, "activity") { visit in try await list(visit) }
    routes.page(router, "activity/{id}") { visit in try await page(visit) }
  }

  /// How an attempt can be shown to stand.
  private static func tone(_ state: String) -> String {
    switch state {
    case "success": "good"
    case "failed": "bad"
    case "timeout": "warn"
    default: ""
    }
  }

  /// Entries of the log for the template `entries`.
  static func entries(_ found: [JSON], _ visit: Visit) -> [String: Any?] {
    let shown = found.map { entry in
      let state = entry["state"]?.text ?? ""
      var values: [String: Any?] = [
        "link": "\(visit.home)/activity/\(entry["id"]?.text ?? "")",
        "kind": Wording.word(entry["kind"]?.text ?? ""), "state": state, "tone": tone(state),
        "integration": entry["integration"]?.text, "connection": entry["connection_id"]?.text,
        "code": entry["code"]?.text, "message": entry["message"]?.text,
      ]
      values.merge(Wording.time("at", seconds(entry["started_at"]))) { $1 }
      return facts(values)
    }
    return ["entries": shown, "any": !shown.isEmpty]
  }

  private static func seconds(_ json: JSON?) -> Int64? {
    json?.text.flatMap(CalendarTime.init(iso8601:))?.seconds
  }

  private func list(_ visit: Visit) async throws -> Response {
    let query = try visit.request.query
    var search = ActivityLog.Search()
    search.text = try query.words("search")
    search.kind = try query.value("kind").flatMap(Attempt.Kind.init(rawValue:))
    search.state = try query.value("state")
    search.integration = try query.value("integration")
    search.before = try query.number("before", in: 1...Int64.max)
    let found = try await visit.broker.activity.find(search, in: visit.environment)
    let last = found.count == search.limit ? found.last?["number"]?.integerValue : nil
    let integrations = try await visit.broker.integrations.all(in: visit.environment)
    var values = Self.entries(found, visit)
    values.merge([
      "search": search.text, "count": Wording.count(found.count, "entry", "entries"),
      "isSearch": search.text != nil || search.kind != nil || search.state != nil
        || search.integration != nil,
      "kinds": Attempt.Kind.allCases.map {
        [
          "value": $0.rawValue, "name": Wording.word($0.rawValue), "selected": $0 == search.kind,
        ] as Shown
      },
      "states": Attempt.states.map {
        ["value": $0, "name": Wording.word($0), "selected": $0 == search.state] as Shown
      },
      "integrations": integrations.map {
        ["name": $0.key, "selected": $0.key == search.integration] as Shown
      },
      "next": last.map {
        "\(visit.home)/activity?\(ConnectionPages.again(query, "before", $0))"
      },
    ]) { $1 }
    return visit.view("activity", .activity, title: "Activity", facts(values)).response
  }

  private func page(_ visit: Visit) async throws -> Response {
    let entry = try await visit.broker.activity.entry(
      visit.parameter("id"), in: visit.environment)
    let (kind, state) = (Wording.word(entry["kind"]?.text ?? ""), entry["state"]?.text ?? "")
    let message = entry["message"]?.text.map(Page.sentence)
    let isBad = state == "failed" || state == "timeout"
    let (key, id) = (entry["integration"]?.text, entry["connection_id"]?.text)
    let isEvent = ["broken", "recovered"].contains(entry["kind"]?.text)
    var values: [String: Any?] = [
      "kind": kind, "state": state, "tone": Self.tone(state),
      "problemText": isBad ? message ?? "It failed." : nil, "saidText": isBad ? nil : message,
      "code": entry["code"]?.text, "nextStep": entry["next_step"]?.text.map(Page.sentence),
      "integration": key, "connection": id,
      "connectionLink": try await link(visit, key, id), "isEvent": isEvent,
      "stages": (entry["stages"]?.elements ?? []).map(Self.stage),
    ]
    values.merge(Wording.time("at", Self.seconds(entry["started_at"]))) { $1 }
    values.merge(Wording.time("ended", Self.seconds(entry["ended_at"]))) { $1 }
    return visit.view("entry", .activity, title: kind, facts(values)).response
  }

  /// Where the connection of an entry is shown; nil where there is none, or none any more.
  private func link(_ visit: Visit, _ key: String?, _ id: String?) async throws -> String? {
    guard let key, let id,
      let integration = try await visit.broker.integrations.all(in: visit.environment).first(
        where: { $0.key == key }),
      try await visit.broker.find(id, of: integration) != nil
    else { return nil }
    return ConnectionPages.link(visit, key, id)
  }

  private static func stage(_ json: JSON) -> Shown {
    let status = json["status"]?.integerValue
    let isRequest = json["request"] != nil
    let isGood = status.map { (200...299).contains($0) } ?? !isRequest
    return facts([
      "stage": json["stage"]?.text, "step": json["step"]?.text, "message": json["message"]?.text,
      "at": json["at_ms"]?.scalarText, "took": json["took_ms"]?.scalarText,
      "request": json["request"]?.text, "status": json["status"]?.scalarText,
      "response": json["response"].map { $0.text ?? $0.laidOut(width: 80) },
      "tone": isRequest ? (isGood ? "good" : "bad") : "",
    ])
  }
}
