internal import Foundation
internal import GRDB
internal import KeywrightDefinition

/// What is to become of an authorization, decided when it began; no secret is in it.
struct FlowPlan: Sendable {
  /// What the connection will be called.
  let connectionID: String
  /// Whether it may replace a connection of that name.
  let mayReplace: Bool
  /// Whether it may then be of another account.
  let allowsOtherAccount: Bool
  /// The connect session that began it.
  let session: String?
  /// The log's entry.
  let activity: String
  /// The socket that waits for the result.
  let socket: String?
  let endUser: JSON?
  let tags: JSON
  /// Who hears of the result, and where the browser goes.
  var opening = ConnectionWish.Opening()

  var json: JSON {
    .object([
      .init("connection_id", .string(connectionID)), .init("may_replace", .boolean(mayReplace)),
      .init("other_account", .boolean(allowsOtherAccount)), .init("session", .optional(session)),
      .init("activity", .string(activity)), .init("socket", .optional(socket)),
      .init("end_user", endUser ?? .null), .init("tags", tags),
      .init("ticket", .optional(opening.ticket?.hexadecimal)),
      .init("origin", .optional(opening.origin)), .init("return", .optional(opening.returnURL)),
    ])
  }

  init(
    connectionID: String, mayReplace: Bool, allowsOtherAccount: Bool, session: String?,
    activity: String, socket: String?, endUser: JSON?, tags: JSON
  ) {
    self.connectionID = connectionID
    self.mayReplace = mayReplace
    self.allowsOtherAccount = allowsOtherAccount
    self.session = session
    self.activity = activity
    self.socket = socket
    self.endUser = endUser
    self.tags = tags
  }

  init?(json: JSON) {
    guard let id = json["connection_id"]?.text, let activity = json["activity"]?.text else {
      return nil
    }
    self.init(
      connectionID: id, mayReplace: json["may_replace"]?.truth ?? false,
      allowsOtherAccount: json["other_account"]?.truth ?? false, session: json["session"]?.text,
      activity: activity, socket: json["socket"]?.text,
      endUser: json["end_user"].flatMap { $0 == .null ? nil : $0 },
      tags: json["tags"] ?? .object([]))
    opening.ticket = json["ticket"]?.text.flatMap(Ticket.init(hexadecimal:))
    opening.origin = json["origin"]?.text
    opening.returnURL = json["return"]?.text
  }
}

/// An authorization whose browser is away, as its row has it.
struct Flow: Sendable, FetchableRecord {
  let id: String
  let environment: String
  let integration: String
  let cookieDigest: [UInt8]
  let plan: FlowPlan
  let isUsed: Bool
  let expiresAt: Int64
  fileprivate let sealed: Data?
  fileprivate let parked: Data?

  init(row: Row) throws {
    id = row["id"]
    environment = row["environment"]
    integration = row["integration"]
    cookieDigest = Array(row["cookie_digest"] as Data)
    guard let plan = (try? JSON(reading: row["plan"] as String)).flatMap(FlowPlan.init(json:))
    else {
      throw StoreFailure("a flow that is stored can't be read")
    }
    self.plan = plan
    isUsed = row["used_at"] as Int64? != nil
    expiresAt = row["expires_at"]
    sealed = row["flow_sealed"]
    parked = row["parked_sealed"]
  }
}

/// The authorizations that are under way: each outlives a restart, and is finished once.
final class Flows: Sendable {
  private let store: Store
  private let vault: Vault
  private let random: Random
  private let now: @Sendable () -> Int64

  /// How many may be under way in one environment.
  private static let limit = 10_000
  /// How long it is known that a flow has ended, after its time. Unit: seconds.
  private static let memory: Int64 = 3_600

  init(store: Store, vault: Vault, random: Random, now: @escaping @Sendable () -> Int64) {
    self.store = store
    self.vault = vault
    self.random = random
    self.now = now
  }

  private func place(_ environment: String, _ id: String, _ field: String) -> Place {
    Place(environment: environment, row: id, field: field, version: 1)
  }

  /// Keeps a flow until its browser comes back.
  /// - Returns: what the browser's cookie holds.
  func keep(
    _ text: String, state: String, plan: FlowPlan, of integration: Integration, until end: Int64
  ) async throws -> String {
    let (id, cookie) = (try random.uuid(), try random.token(""))
    let sealed = try vault.seal(text, in: place(integration.environment, id, "flow"))
    let arguments: StatementArguments = [
      id, Data(fingerprint(state)), Data(fingerprint(cookie)), integration.environment,
      integration.id, sealed, plan.json.compactText, end,
    ]
    let (time, environment) = (now(), integration.environment)
    let isKept = try await store.write { database in
      try database.execute(
        sql: "DELETE FROM flow WHERE expires_at < ?", arguments: [time - Self.memory])
      let count =
        try Int.fetchOne(
          database,
          sql:
            "SELECT count(*) FROM flow WHERE environment = ? AND used_at IS NULL AND expires_at >= ?",
          arguments: [environment, time]) ?? 0
      if count >= Self.limit { return false }
      try database.execute(
        sql: """
          INSERT INTO flow (id, state_digest, cookie_digest, environment, integration, flow_sealed, plan, expires_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """, arguments: arguments)
      return true
    }
    guard isKept else {
      var error = APIError(
        429, "too_many_request",
        "too many authorizations are under way in this environment; those that nobody finishes end after ten minutes"
      )
      error.retryAfter = 60
      throw error
    }
    return cookie
  }

  /// The flow that a callback belongs to, by what the provider brought back unchanged.
  func find(_ values: [String]) async throws -> Flow? {
    let marks = values.prefix(20).map { Data(fingerprint($0)) }
    return try await store.read { database in
      for mark in marks {
        if let flow = try Flow.fetchOne(
          database, sql: "SELECT * FROM flow WHERE state_digest = ?", arguments: [mark])
        {
          return flow
        }
      }
      return nil
    }
  }

  /// The flows that a browser has cookies of.
  func ofBrowser(_ cookies: [String]) async throws -> [Flow] {
    let marks = cookies.prefix(20).map { Data(fingerprint($0)) }
    return try await store.read { database in
      try marks.flatMap { mark in
        try Flow.fetchAll(
          database, sql: "SELECT * FROM flow WHERE cookie_digest = ?", arguments: [mark])
      }
    }
  }

  /// Takes a flow, which nobody can take a second time; nil where somebody has.
  func take(_ flow: Flow) async throws -> [UInt8]? {
    let time = now()
    let isTaken = try await store.write { database in
      try database.execute(
        sql:
          "UPDATE flow SET used_at = ?, flow_sealed = NULL, parked_sealed = NULL WHERE id = ? AND used_at IS NULL",
        arguments: [time, flow.id])
      return database.changesCount == 1
    }
    guard isTaken, let sealed = flow.sealed else { return nil }
    return try vault.open(sealed, in: place(flow.environment, flow.id, "flow"))
  }

  // MARK: Form post

  /// Keeps what a provider posted, until the browser comes by itself and brings its cookie.
  /// - Returns: the id by which it is asked for, once.
  func park(_ body: String, of flow: Flow) async throws -> String? {
    let id = try random.token("")
    let sealed = try vault.seal(body, in: place(flow.environment, flow.id, "parked"))
    let mark = Data(fingerprint(id))
    let isParked = try await store.write { database in
      try database.execute(
        sql:
          "UPDATE flow SET parked_sealed = ?, parked_digest = ? WHERE id = ? AND used_at IS NULL AND parked_digest IS NULL",
        arguments: [sealed, mark, flow.id])
      return database.changesCount == 1
    }
    return isParked ? id : nil
  }

  /// What was posted, and its flow; nil where nothing is parked under the id.
  func parked(_ id: String) async throws -> (body: String, flow: Flow)? {
    let mark = Data(fingerprint(id))
    let flow = try await store.read {
      try Flow.fetchOne($0, sql: "SELECT * FROM flow WHERE parked_digest = ?", arguments: [mark])
    }
    guard let flow else { return nil }
    guard let parked = flow.parked else { return ("", flow) }
    let body = try vault.open(parked, in: place(flow.environment, flow.id, "parked"))
    return (String(decoding: body, as: UTF8.self), flow)
  }
}
