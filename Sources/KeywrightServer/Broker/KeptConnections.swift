internal import Foundation
internal import GRDB
internal import Keywright
internal import KeywrightDefinition

/// The rows of connections as the keeper's store: encrypted, changed one version at a time, under a lease in the row.
struct KeptConnections: ConnectionStore {
  let store: Store
  let vault: Vault
  let providers: Providers
  let surroundings: Surroundings
  let cache: FreshCache

  /// How long a lease lasts unless it is prolonged, and how often it is. Unit: seconds.
  static let lease: Int64 = 10
  private static let heartbeat = Duration.seconds(3)

  /// The row of an id.
  func row(_ id: String) async throws -> ConnectionRow? {
    try await store.read {
      try ConnectionRow.fetchOne($0, sql: "SELECT * FROM connection WHERE id = ?", arguments: [id])
    }
  }

  /// What a row keeps.
  func open(_ row: ConnectionRow) throws -> KeptConnection {
    guard let kept = KeptConnection(plainText: try vault.open(row.sealed, in: row.place)) else {
      throw VaultFailure("what is stored for the connection is no connection")
    }
    return kept
  }

  func load(_ id: String) async throws -> KeptConnection? { try await row(id).map(open) }

  func save(_ connection: KeptConnection, as id: String) async throws {
    guard let row = try await row(id) else {
      throw AuthorizationError(.unknownConnection, "the connection was deleted meanwhile")
    }
    let version = row.version + 1
    let place = ConnectionRow.place(environment: row.environment, id: id, version: version)
    let sealed = try vault.seal(connection.plainText, in: place)
    let now = surroundings.now().seconds
    let facts = try ConnectionFacts(
      connection, providers, now: now, lastFetchedAt: row.lastFetchedAt)
    // What only says that a renewal begins, or how it failed, changes nothing that anybody reads, and not when it is due.
    let isMark = (try? open(row).record) == connection.record
    let isSaved = try await store.write { database in
      try facts.keepDefinition(in: database)
      try database.execute(
        sql: """
          UPDATE connection SET
            version = ?, kept_sealed = ?, config = ?, definition = ?, method = ?, account_id = ?, account_name = ?,
            account_email = ?, scopes_granted = ?, scopes_missing = ?, expires_at = ?,
            due_at = CASE WHEN ? THEN due_at ELSE ? END, updated_at = ?
          WHERE id = ? AND version = ?
          """,
        arguments: [
          version, sealed, facts.config, facts.definition, facts.method, facts.account?.id,
          facts.account?.name, facts.account?.email, facts.granted, facts.missing, facts.expiresAt,
          isMark, facts.dueAt, isMark ? row.updatedAt : now, id, row.version,
        ])
      return database.changesCount == 1
    }
    cache.forget(id)
    guard isSaved else { throw StoreFailure("somebody else has changed the connection meanwhile") }
  }

  func remove(_ id: String) async throws {
    try await store.write {
      try $0.execute(sql: "DELETE FROM connection WHERE id = ?", arguments: [id])
    }
    cache.forget(id)
  }

  func ids() async throws -> [String] {
    try await store.read { try String.fetchAll($0, sql: "SELECT id FROM connection ORDER BY id") }
  }

  // MARK: The lease

  func exclusively<Result: Sendable>(
    _ id: String, _ work: @Sendable () async throws -> Result
  ) async throws -> Result {
    let owner = try Random(bytes: surroundings.randomBytes).uuid()
    try await acquire(id, owner)
    let heart = Task { [store, surroundings] in
      while !Task.isCancelled {
        try await Task.sleep(for: Self.heartbeat)
        let until = surroundings.now().seconds + Self.lease
        // One that fails is not the last: the next is in time, too.
        try? await store.write { database in
          try database.execute(
            sql: "UPDATE connection SET lease_until = ? WHERE id = ? AND lease_owner = ?",
            arguments: [until, id, owner])
        }
      }
    }
    do {
      let result = try await work()
      heart.cancel()
      await release(id, owner)
      return result
    } catch {
      heart.cancel()
      await release(id, owner)
      throw error
    }
  }

  private func acquire(_ id: String, _ owner: String) async throws {
    for _ in 0..<800 {
      let now = surroundings.now().seconds
      let (isTaken, exists) = try await store.write { database in
        try database.execute(
          sql: """
            UPDATE connection SET lease_owner = ?, lease_until = ?
            WHERE id = ? AND (lease_owner IS NULL OR lease_until <= ?)
            """, arguments: [owner, now + Self.lease, id, now])
        if database.changesCount == 1 { return (true, true) }
        let found = try Int.fetchOne(
          database, sql: "SELECT 1 FROM connection WHERE id = ?", arguments: [id])
        return (false, found != nil)
      }
      if isTaken { return }
      guard exists else {
        throw AuthorizationError(.unknownConnection, "the connection was deleted meanwhile")
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw AuthorizationError(
      .temporarilyUnavailable, "another renewal of this connection does not end")
  }

  private func release(_ id: String, _ owner: String) async {
    // One that can't be given back runs out by itself.
    try? await store.write { database in
      try database.execute(
        sql:
          "UPDATE connection SET lease_owner = NULL, lease_until = NULL WHERE id = ? AND lease_owner = ?",
        arguments: [id, owner])
    }
  }
}

/// What a row shows of the connection that it keeps.
struct ConnectionFacts: Sendable {
  let config: String
  /// The digest of the one that it was made by.
  let definition: String
  /// The one that runs it now.
  private let madeBy: (definition: Definition, digest: String)?
  let method: String
  let account: AccountRecord?
  let granted: String
  let missing: String
  let expiresAt: Int64?
  let dueAt: Int64?

  init(
    _ kept: KeptConnection, _ providers: Providers, now: Int64, lastFetchedAt: Int64?
  ) throws {
    let record = kept.record
    let connection = try providers.running.connection(kept)
    let method = try providers.method(record.method, of: record.provider)
    let asked = Dictionary(method.ask.map { ($0.name, $0) }) { first, _ in first }
    let saved = Dictionary(
      (method.authorize + method.exchange).flatMap(\.save).map { ($0.name, $0) }
    ) { first, _ in first }
    let texts =
      record.fields.filter { asked[$0.key]?.isSecret == false }
      .merging(record.saved.filter { saved[$0.key]?.isSecret == false }) { $1 }
    config = JSON.texts(texts).compactText
    definition = record.digest
    madeBy = providers.definitions[record.provider].map { ($0, providers.digests[$0.id] ?? "") }
    self.method = record.method
    account = record.account
    granted = JSON.texts(connection.grantedScopes).compactText
    missing = JSON.texts(connection.missingScopes).compactText
    expiresAt = connection.credential?.expiresAt?.seconds
    dueAt = Self.dueAt(connection, method, now: now, lastFetchedAt: lastFetchedAt)
  }

  /// Keeps the definition that the connection was made by: the installation may lose its spec, and not the connection.
  func keepDefinition(in database: Database) throws {
    guard let madeBy, madeBy.digest == definition else { return }
    try database.execute(
      sql:
        "INSERT INTO definition (digest, provider, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      arguments: [madeBy.digest, madeBy.definition.id, madeBy.definition.compactText])
  }

  /// When the background renews next: before the credential ends; of a refresh token that dies unused, and that nobody
  /// reads, at half of that time.
  private static func dueAt(
    _ connection: AnyConnection, _ method: Method, now: Int64, lastFetchedAt: Int64?
  ) -> Int64? {
    let isRead = lastFetchedAt.map { now - $0 < 86_400 } ?? false
    let times = connection.record.credentials.compactMap { name, credential -> Int64? in
      let rule = method.rule(name.isEmpty ? nil : name)
      guard connection.isRenewable(name.isEmpty ? nil : name) else { return nil }
      let due = credential.dueAt?.seconds
      guard let idle = rule?.idle, credential.parts["refresh_token"] != nil else { return due }
      return isRead ? due.map { min($0, now + idle / 2) } : now + idle / 2
    }
    return times.min()
  }
}
