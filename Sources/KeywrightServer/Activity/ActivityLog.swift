internal import Foundation
internal import GRDB
internal import KeywrightDefinition
internal import Metrics

/// What was attempted, and how it went: written when an attempt begins and when it ends.
final class ActivityLog: Sendable {
  private let store: Store
  private let random: Random
  private let now: @Sendable () -> Int64

  init(store: Store, random: Random, now: @escaping @Sendable () -> Int64) {
    self.store = store
    self.random = random
    self.now = now
  }

  // MARK: Writing

  /// Begins an attempt. What waits for a person is written at once; anything else when it ends.
  func begin(
    _ kind: Attempt.Kind, in environment: String, of integration: Integration?,
    connectionID: String? = nil, connection: String? = nil, isWritten: Bool = false
  ) async throws -> Attempt {
    let attempt = Attempt(
      id: try random.uuid(), kind: kind, environment: environment, integration: integration?.key,
      provider: integration?.provider, connectionID: connectionID, connection: connection,
      startedAt: now())
    if isWritten { try await write(attempt, nil) }
    return attempt
  }

  /// Takes an attempt up again that another request, or another process, began.
  func resume(_ id: String) async throws -> Attempt? {
    let time = now()
    return try await store.read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM activity WHERE id = ?", arguments: [id])
      guard let row, let kind = Attempt.Kind(rawValue: row["kind"]) else { return nil }
      let startedAt: Int64 = row["started_at"]
      let stages = (try? JSON(reading: row["stages"] as String))?.elements ?? []
      return Attempt(
        id: id, kind: kind, environment: row["environment"], integration: row["integration"],
        provider: row["provider"], connectionID: row["connection_id"],
        connection: row["connection"],
        startedAt: startedAt,
        before: max(max(0, time - startedAt) * 1_000, stages.last?["at_ms"]?.integerValue ?? 0),
        stages: stages.compactMap(Stage.init(json:)))
    }
  }

  /// Writes down where an attempt stands, before its process is left by the browser.
  func save(_ attempt: Attempt) async throws { try await write(attempt, nil) }

  /// Ends an attempt.
  func end(_ attempt: Attempt, _ ending: AttemptEnding) async {
    let state = if case .success = ending { "success" } else { "failed" }
    Counter(label: "attempts", dimensions: [("kind", attempt.kind.rawValue), ("state", state)])
      .increment()
    // What can't be written down does not undo what was done.
    try? await write(attempt, ending)
  }

  private func write(_ attempt: Attempt, _ ending: AttemptEnding?) async throws {
    var (state, code, message, next): (String, String?, String?, String?) = (
      "running", nil, nil, nil
    )
    switch ending {
    case nil: break
    case .success(let text)?: (state, message) = ("success", text)
    case .failure(let why, let text, let step)?:
      (state, code, message, next) = ("failed", why, text, step)
    }
    let stages = JSON.array(attempt.stages.map(\.json)).compactText
    let ended: Int64? = ending == nil ? nil : now()
    let arguments: StatementArguments = [
      attempt.id, attempt.environment, attempt.kind.rawValue, state, attempt.integration,
      attempt.provider, attempt.connection, attempt.connectionID, code, message, next, stages,
      attempt.startedAt, ended,
    ]
    try await store.write { database in
      try database.execute(
        sql: """
          INSERT INTO activity
            (id, environment, kind, state, integration, provider, connection, connection_id, code, message, next_step,
             stages, started_at, ended_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET
            state = excluded.state, connection = excluded.connection, connection_id = excluded.connection_id,
            code = excluded.code, message = excluded.message, next_step = excluded.next_step,
            stages = excluded.stages, ended_at = excluded.ended_at
          """, arguments: arguments)
    }
  }

  /// Ends what nobody came back to, and forgets what is older than its environment keeps.
  func sweep() async throws {
    let time = now()
    try await store.write { database in
      try database.execute(
        sql: """
          UPDATE activity SET state = 'timeout', ended_at = ?, code = 'expired_flow',
            message = 'the browser did not come back within ten minutes',
            next_step = 'start the authorization again'
          WHERE state = 'running' AND started_at < ?
          """, arguments: [time, time - 600])
      try database.execute(
        sql: """
          DELETE FROM activity WHERE number IN (
            SELECT activity.number FROM activity JOIN environment ON environment.id = activity.environment
            WHERE activity.started_at < ? - environment.retention_days * 86400 LIMIT 5000)
          """, arguments: [time])
    }
  }

  // MARK: Reading

  /// What of the log is wanted.
  struct Search: Sendable {
    var kind: Attempt.Kind?
    var state: String?
    var integration: String?
    var connectionID: String?
    var text: String?
    var before: Int64?
    var limit = 50
  }

  func find(_ search: Search, in environment: DeploymentEnvironment) async throws -> [JSON] {
    var conditions = ["environment = ?"]
    var arguments: [(any DatabaseValueConvertible)?] = [environment.id]
    func wants(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
      guard let value else { return }
      conditions.append(condition)
      arguments.append(value)
    }
    wants("kind = ?", search.kind?.rawValue)
    wants("state = ?", search.state)
    wants("integration = ?", search.integration)
    wants("connection_id = ?", search.connectionID)
    wants("number < ?", search.before)
    if let text = search.text {
      let pattern = Words.pattern(text)
      conditions.append(
        "(message LIKE ? ESCAPE '\\' OR code LIKE ? ESCAPE '\\' OR connection_id LIKE ? ESCAPE '\\' OR integration LIKE ? ESCAPE '\\' OR stages LIKE ? ESCAPE '\\')"
      )
      arguments += Array(repeating: pattern as (any DatabaseValueConvertible)?, count: 5)
    }
    arguments.append(search.limit)
    let sql =
      "SELECT * FROM activity WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?"
    let values = StatementArguments(arguments)
    return try await store.read {
      try Row.fetchAll($0, sql: sql, arguments: values).map { Self.json($0, isWhole: false) }
    }
  }

  func entry(_ id: String, in environment: DeploymentEnvironment) async throws -> JSON {
    let entry = try await store.read {
      try Row.fetchOne(
        $0, sql: "SELECT * FROM activity WHERE id = ? AND environment = ?",
        arguments: [id, environment.id]
      ).map { Self.json($0, isWhole: true) }
    }
    guard let entry else {
      throw APIError.notFound("unknown_activity", "there is no such entry, or it is no longer kept")
    }
    return entry
  }

  private static func json(_ row: Row, isWhole: Bool) -> JSON {
    var members: [JSON.Member] = [
      .init("id", .string(row["id"])), .init("number", .integer(row["number"])),
      .init("kind", .string(row["kind"])), .init("state", .string(row["state"])),
    ]
    for name in ["integration", "provider", "connection_id", "code", "message", "next_step"] {
      members.append(.init(name, (row[name] as String?).map { .string($0) } ?? .null))
    }
    members.append(.init("started_at", .time(row["started_at"])))
    members.append(.init("ended_at", (row["ended_at"] as Int64?).map { .time($0) } ?? .null))
    if isWhole {
      members.append(.init("stages", (try? JSON(reading: row["stages"] as String)) ?? .array([])))
    }
    return .object(members)
  }
}

extension Stage {
  /// Reads a stage that was kept; nil where it is none.
  init?(json: JSON) {
    guard let at = json["at_ms"]?.integerValue, let stage = json["stage"]?.text,
      let message = json["message"]?.text
    else { return nil }
    self.init(at: at, stage: stage, message: message)
    step = json["step"]?.text
    took = json["took_ms"]?.integerValue
    request = json["request"]?.text
    status = json["status"]?.integerValue.map { Int($0) }
    response = json["response"]
  }
}
