internal import Foundation
internal import GRDB
internal import KeywrightDefinition

/// What a backend lets one browser do: connect once, within half an hour, for one of its users.
struct ConnectSession: Sendable {
  let id: String
  let environment: String
  /// The row of the connection that is made anew; nil where a new one is made.
  let connection: String?
  /// What the backend said, as it said it.
  fileprivate(set) var wish: JSON
  let expiresAt: Int64
  /// How many authorizations it has started.
  var starts = 0
  /// Whether a connection was made with it, or nobody wants one any more.
  var isEnded = false
  fileprivate var sealed = Data()

  /// Whose connection it will be, and of which organization.
  var endUser: JSON? {
    guard let user = wish["end_user"], case .object(let members) = user else { return nil }
    guard let organization = wish["organization"] else { return user }
    return .object(
      members.filter { $0.name != "organization" } + [.init("organization", organization)])
  }

  /// What whoever holds the token may see of it: not the configuration, in which secrets may be.
  var shown: [JSON.Member] {
    (wish.members ?? []).map { member in
      guard member.name == "integrations_config_defaults" else { return member }
      return .init(
        member.name,
        .object(
          (member.value.members ?? []).map { one in
            .init(
              one.name, .object((one.value.members ?? []).filter { $0.name != "connection_config" })
            )
          }))
    }
  }

  /// The integrations that may be used; empty is all.
  var allowedIntegrations: [String] { wish["allowed_integrations"]?.textList ?? [] }

  /// What the backend says about an integration; a browser can't change it.
  func defaults(for integration: String) -> JSON? {
    wish["integrations_config_defaults"]?[integration]
  }
}

extension ConnectSession: FetchableRecord {
  init(row: Row) {
    self.init(
      id: row["id"], environment: row["environment"], connection: row["connection"],
      wish: .object([]), expiresAt: row["expires_at"],
      starts: row["starts"], isEnded: row["ended_at"] as Int64? != nil)
    sealed = row["wish_sealed"]
  }

  /// Where what the backend said stands: it may hold a key or a password of the person's.
  fileprivate static func place(_ environment: String, _ id: String) -> Place {
    Place(environment: environment, row: id, field: "wish", version: 1)
  }
}

/// The sessions of all environments: their tokens are stored as digests.
final class ConnectSessions: Sendable {
  private let store: Store
  private let vault: Vault
  private let random: Random
  private let now: @Sendable () -> Int64

  /// How long a token works. Unit: seconds.
  static let lifetime: Int64 = 1_800
  /// How many authorizations one token may start: a person may turn back and try again.
  private static let starts = 20

  init(store: Store, vault: Vault, random: Random, now: @escaping @Sendable () -> Int64) {
    self.store = store
    self.vault = vault
    self.random = random
    self.now = now
  }

  func make(
    _ wish: JSON, connection: String? = nil, in environment: DeploymentEnvironment
  ) async throws -> (token: String, session: ConnectSession) {
    let token = try random.hexToken("nango_connect_session_")
    let session = ConnectSession(
      id: try random.uuid(), environment: environment.id, connection: connection, wish: wish,
      expiresAt: now() + Self.lifetime)
    let (mark, time) = (Data(fingerprint(token)), now())
    let sealed = try vault.seal(
      wish.compactText, in: ConnectSession.place(environment.id, session.id))
    try await store.write { database in
      try database.execute(
        sql: "DELETE FROM connect_session WHERE expires_at < ?", arguments: [time - 3_600])
      try database.execute(
        sql:
          "INSERT INTO connect_session (id, digest, environment, connection, wish_sealed, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [session.id, mark, environment.id, connection, sealed, session.expiresAt])
    }
    return (token, session)
  }

  /// The session of a token.
  /// - Throws: where there is none, where it has ended, or where a connection was made with it.
  func open(_ token: String, starting: Bool = false) async throws -> ConnectSession {
    let mark = Data(fingerprint(token))
    if starting {
      try await store.write {
        try $0.execute(
          sql: "UPDATE connect_session SET starts = starts + 1 WHERE digest = ?", arguments: [mark])
      }
    }
    let session = try await store.read {
      try ConnectSession.fetchOne(
        $0, sql: "SELECT * FROM connect_session WHERE digest = ?", arguments: [mark])
    }
    guard var session else {
      throw APIError(
        401, "invalid_connect_session_token",
        "there is no such connect session; the backend makes one with POST /connect/sessions")
    }
    if session.expiresAt <= now() {
      throw APIError(
        401, "expired_connect_session_token",
        "the connect session ended after half an hour; the backend makes a new one")
    }
    if session.isEnded { throw Self.used }
    if session.starts > Self.starts {
      throw APIError(
        409, "used_connect_session_token",
        "this connect session has started too many authorizations; the backend makes a new one")
    }
    let place = ConnectSession.place(session.environment, session.id)
    session.wish = try JSON(reading: vault.open(session.sealed, in: place))
    return session
  }

  private static let used = APIError(
    401, "used_connect_session_token",
    "this connect session has ended: a connection was made with it, or its backend ended it; the backend makes a new one"
  )

  /// Checks that no connection was made yet with a session whose flow comes back.
  func checkOpen(_ id: String) async throws {
    let isEnded = try await store.read { database in
      try Int.fetchOne(
        database, sql: "SELECT 1 FROM connect_session WHERE id = ? AND ended_at IS NOT NULL",
        arguments: [id]) != nil
    }
    if isEnded { throw Self.used }
  }

  /// Ends a session for the one connection that is made with it.
  /// - Throws: where somebody else has ended it.
  func claim(_ id: String) async throws {
    let time = now()
    let isClaimed = try await store.write { database in
      try database.execute(
        sql: "UPDATE connect_session SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
        arguments: [time, id])
      return database.changesCount == 1
    }
    if !isClaimed { throw Self.used }
  }

  /// Takes a claim back: the connection could not be kept.
  func reopen(_ id: String) async throws {
    try await store.write {
      try $0.execute(
        sql: "UPDATE connect_session SET ended_at = NULL WHERE id = ?", arguments: [id])
    }
  }

  /// Ends a session: a connection was made, or nobody wants one any more.
  func end(_ id: String) async throws {
    let time = now()
    try await store.write {
      try $0.execute(
        sql: "UPDATE connect_session SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
        arguments: [time, id])
    }
  }
}
