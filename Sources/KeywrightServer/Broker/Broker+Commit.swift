internal import Foundation
internal import GRDB
internal import Keywright
internal import KeywrightDefinition

extension Broker {
  func find(_ connectionID: String, of integration: Integration) async throws -> ConnectionRow? {
    try await store.read {
      try ConnectionRow.fetchOne(
        $0, sql: "SELECT * FROM connection WHERE integration = ? AND connection_id = ?",
        arguments: [integration.id, connectionID])
    }
  }

  /// Keeps a connection that was obtained and verified; one that was there stays as it is until then.
  ///
  /// Whoever holds a session's token makes no second connection with it, not even at the same moment.
  func commit(
    _ connection: AnyConnection, _ plan: FlowPlan, _ integration: Integration
  ) async throws -> ConnectionRow {
    guard let session = plan.session else { return try await keep(connection, plan, integration) }
    try await sessions.claim(session)
    do {
      return try await keep(connection, plan, integration)
    } catch {
      try? await sessions.reopen(session)
      throw error
    }
  }

  private func keep(
    _ connection: AnyConnection, _ plan: FlowPlan, _ integration: Integration
  ) async throws -> ConnectionRow {
    if let existing = try await find(plan.connectionID, of: integration) {
      // Somebody else may have made it since the flow began.
      guard plan.mayReplace else {
        throw APIError(
          409, "connection_exists",
          "a connection '\(plan.connectionID)' was made meanwhile; take another id")
      }
      return try await replace(existing, by: connection, plan, integration)
    }
    return try await insert(connection, plan, integration)
  }

  private func insert(
    _ connection: AnyConnection, _ plan: FlowPlan, _ integration: Integration,
    metadata: JSON = .object([])
  ) async throws -> ConnectionRow {
    let (id, kept, time) = (try random.uuid(), KeptConnection(connection), now)
    let place = ConnectionRow.place(environment: integration.environment, id: id, version: 1)
    let sealed = try vault.seal(kept.plainText, in: place)
    let facts = try ConnectionFacts(kept, providers, now: time, lastFetchedAt: nil)
    let (metadataText, tags, endUser) = (
      metadata.compactText, plan.tags.compactText, plan.endUser?.compactText
    )
    let arguments: StatementArguments = [
      id, integration.environment, integration.id, plan.connectionID, integration.provider,
      facts.method, facts.definition, sealed, facts.config, metadataText, tags, endUser,
      facts.account?.id, facts.account?.name, facts.account?.email, facts.granted, facts.missing,
      facts.expiresAt, facts.dueAt, time, time,
    ]
    do {
      try await store.write { database in
        try facts.keepDefinition(in: database)
        try database.execute(
          sql: """
            INSERT INTO connection
              (id, number, version, state, environment, integration, connection_id, provider, method, definition,
               kept_sealed, config, metadata, tags, end_user, account_id, account_name, account_email, scopes_granted,
               scopes_missing, expires_at, due_at, created_at, updated_at)
            VALUES (?, (SELECT coalesce(max(number), 0) + 1 FROM connection), 1, 'ok',
               ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, arguments: arguments)
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      throw APIError(
        409, "connection_exists",
        "a connection '\(plan.connectionID)' was made meanwhile; take another id")
    }
    return try await stored(id)
  }

  /// The good credential stays until the new one is shown to be good, and of the same account.
  private func replace(
    _ row: ConnectionRow, by connection: AnyConnection, _ plan: FlowPlan, _ integration: Integration
  ) async throws -> ConnectionRow {
    try await keeper.keep(connection, as: row.id, ofAnyAccount: plan.allowsOtherAccount)
    try await mend(row)
    return try await stored(row.id)
  }

  /// Keeps a connection that somebody else obtained.
  func importing(
    _ connection: AnyConnection, as plan: FlowPlan, metadata: JSON, _ integration: Integration
  ) async throws -> ConnectionRow {
    if try await find(plan.connectionID, of: integration) != nil {
      throw APIError(
        409, "connection_exists", "there is a connection '\(plan.connectionID)' already")
    }
    return try await insert(connection, plan, integration, metadata: metadata)
  }

  func stored(_ id: String) async throws -> ConnectionRow {
    guard let row = try await kept.row(id) else {
      throw APIError.notFound("unknown_connection", "the connection was deleted meanwhile")
    }
    return row
  }

  // MARK: Good and broken

  /// Writes down that a connection is good again, where it was broken; once.
  func mend(_ row: ConnectionRow) async throws {
    let (id, time) = (row.id, now)
    let isMended = try await store.write { database in
      // The background looks at it again, and finds out when it is due.
      try database.execute(
        sql: """
          UPDATE connection SET state = 'ok', reason = NULL, reason_text = NULL, updated_at = ?,
            due_at = coalesce(due_at, CASE WHEN expires_at IS NULL THEN NULL ELSE ? END)
          WHERE id = ? AND state = 'broken'
          """, arguments: [time, time, id])
      return database.changesCount == 1
    }
    cache.forget(id)
    guard isMended else { return }
    try await tell(.recovered, of: row, .success("the connection is good again"))
  }

  /// Errors that only a person can mend.
  static let lasting: Set<AuthorizationError.Code> = [.invalidGrant, .lostRotation, .personNeeded]

  /// Writes down that a connection is broken, and why; once, until it is good again.
  ///
  /// - Parameter connection: what failed. Where another credential has taken its place meanwhile, nothing is broken.
  func markBroken(
    _ row: ConnectionRow, _ connection: AnyConnection, by error: AuthorizationError
  ) async throws {
    guard case .failure(let code, let message, let next) = AttemptEnding(error) else { return }
    guard let current = try await kept.row(row.id),
      try kept.open(current).record.credentials == connection.record.credentials
    else { return }
    let (id, time, version) = (row.id, now, current.version)
    // What mends by itself, or by a new client secret, is tried again now and then.
    let again: Int64? = Self.lasting.contains(error.code) ? nil : time + 900
    let isNews = try await store.write { database in
      try database.execute(
        sql: """
          UPDATE connection SET reason = ?, reason_text = ?, updated_at = ?, due_at = ? WHERE id = ? AND version = ?
          """, arguments: [code, message, time, again, id, version])
      try database.execute(
        sql: "UPDATE connection SET state = 'broken' WHERE id = ? AND version = ? AND state = 'ok'",
        arguments: [id, version])
      return database.changesCount == 1
    }
    cache.forget(id)
    guard isNews else { return }
    try await tell(.broken, of: row, .failure(code: code, message: message, nextStep: next))
  }

  private func tell(_ kind: Attempt.Kind, of row: ConnectionRow, _ ending: AttemptEnding)
    async throws
  {
    let integration = try await integrations.withID(row.integration)
    let event = try await activity.begin(
      kind, in: row.environment, of: integration, connectionID: row.connectionID,
      connection: row.id)
    await activity.end(event, ending)
  }
}
