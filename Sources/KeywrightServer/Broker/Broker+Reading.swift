internal import Foundation
internal import GRDB
internal import Keywright
internal import KeywrightDefinition

extension Broker {
  /// What of a connection is wanted.
  struct Reading: Sendable {
    var integration: String
    var connectionID: String
    /// Renews whether or not it is due.
    var isForced = false
    var includesRefreshToken = false

    /// Names an answer that can be given again.
    func key(_ environment: String) -> String {
      "\(environment)\u{0}\(integration)\u{0}\(connectionID)\u{0}\(includesRefreshToken)"
    }
  }

  /// A connection with a credential that is good.
  func read(_ reading: Reading, in environment: DeploymentEnvironment) async throws -> [UInt8] {
    let key = reading.key(environment.id)
    let time = now
    if !reading.isForced, let entry = cache.entry(key, at: time) { return entry.bytes }
    let changes = cache.changes
    let integration = try await integrations.named(reading.integration, in: environment)
    let row = try await named(reading.connectionID, of: integration)
    let (connection, shown) = try await fresh(row, integration, isForced: reading.isForced)
    let view = ConnectionView(row: shown, integration: integration.key)
    let method = try providers.method(connection.method, of: connection.provider)
    var writer = JSONWriter(keepsUnicode: true)
    writer.write(
      view.json(
        credentials: connection.credentialsJSON(
          method, includingRefreshToken: reading.includesRefreshToken),
        fetchedAt: time))
    let due = connection.record.credentials.values.compactMap(\.dueAt?.seconds).min()
    // What does not end is looked at again after a while all the same.
    let until = min(due ?? .max, time + 300)
    cache.keep(
      .init(bytes: writer.bytes, row: row.id, until: until), for: key, madeAfter: changes, at: time)
    return writer.bytes
  }

  func named(_ connectionID: String, of integration: Integration) async throws -> ConnectionRow {
    guard let row = try await find(connectionID, of: integration) else {
      throw APIError.notFound(
        "unknown_connection",
        "the integration '\(integration.key)' has no connection '\(connectionID)'")
    }
    return row
  }

  /// The connection, renewed where that is due, and its row as it then is.
  private func fresh(
    _ row: ConnectionRow, _ integration: Integration, isForced: Bool
  ) async throws -> (AnyConnection, ConnectionRow) {
    let connection = try providers.running.connection(try kept.open(row))
    let isLost =
      row.isBroken
      && row.reason.map { reason in Self.lasting.contains { $0.text == reason } } ?? false
    let time = surroundings.now()
    let isDue = !connection.dueCredentials(at: time).isEmpty
    if !isForced, !isDue, !row.isBroken { return (connection, row) }
    if isLost, !isForced {
      // It can't be renewed; what is left of it is good until it ends.
      if connection.credential?.isExpired(at: time) == false { return (connection, row) }
      throw failure(row, integration, code: row.reason ?? "", message: row.reasonText ?? "")
    }
    guard isDue || isForced else { return (connection, row) }
    do {
      let renewed = try await renew(row, integration, connection, isForced: isForced)
      return (renewed, try await stored(row.id))
    } catch let error as AuthorizationError {
      // As it is now that this is known.
      throw failure(try await stored(row.id), integration, error)
    }
  }

  /// Renews, as one of all who want that, and writes down how it went.
  @discardableResult
  func renew(
    _ row: ConnectionRow, _ integration: Integration, _ connection: AnyConnection, isForced: Bool
  ) async throws -> AnyConnection {
    let attempt = try await activity.begin(
      .renewal, in: row.environment, of: integration, connectionID: row.connectionID,
      connection: row.id)
    let client = try integrations.client(of: integration)
    do {
      let renewed = try await Attempt.$current.withValue(attempt) {
        try await self.renewed(row, connection, client, isForced: isForced)
      }
      let isNew = renewed.record.credentials != connection.record.credentials
      // Who only took part, or was served what is still good, has nothing to tell.
      if !attempt.stages.isEmpty {
        await activity.end(
          attempt,
          isNew
            ? .success("renewed")
            : .failure(
              code: "renewal_failed", message: "the renewal failed; what is still good is served",
              nextStep: "nothing yet: it is tried again"))
      }
      if row.isBroken, isNew || renewed.dueCredentials(at: surroundings.now()).isEmpty {
        try await mend(row)
      }
      return renewed
    } catch let error as AuthorizationError {
      if !attempt.stages.isEmpty { await activity.end(attempt, AttemptEnding(error)) }
      if Self.lasting.contains(error.code) || !error.isTransient, error.code != .storeFailed,
        error.code != .unknownConnection
      {
        try await markBroken(row, connection, by: error)
      }
      throw error
    }
  }

  /// The connection with each credential renewed that is due; of several the first one's failure is the connection's.
  private func renewed(
    _ row: ConnectionRow, _ connection: AnyConnection, _ client: AnyClient, isForced: Bool
  ) async throws(AuthorizationError) -> AnyConnection {
    var renewed: AnyConnection
    if isForced, connection.isRenewable() {
      renewed = try await keeper.renew(row.id, client: client)
    } else {
      renewed = try await keeper.connection(row.id, client: client)
    }
    for name in renewed.dueCredentials(at: surroundings.now()) where !name.isEmpty {
      if let next = try? await keeper.connection(row.id, credential: name, client: client) {
        renewed = next
      }
    }
    return renewed
  }

  private func failure(
    _ row: ConnectionRow, _ integration: Integration, _ error: AuthorizationError
  ) -> APIError {
    guard case .failure(let code, let message, let next) = AttemptEnding(error) else {
      return APIError(error)
    }
    var told = failure(row, integration, code: code, message: "\(message); next: \(next)")
    if error.isTransient {
      told = APIError(424, "connection_refresh_backoff", told.message, payload: told.payload)
      told.retryAfter = error.retryAfter ?? 5
    }
    return told
  }

  private func failure(
    _ row: ConnectionRow, _ integration: Integration, code: String, message: String
  ) -> APIError {
    let view = ConnectionView(row: row, integration: integration.key)
    return APIError(
      424, "invalid_credentials", "\(code): \(message)",
      payload: .object([
        .init("connection", view.json(credentials: .object([]), fetchedAt: row.lastFetchedAt))
      ]))
  }

  // MARK: Lists

  /// Which connections are wanted.
  struct Search: Sendable {
    var text: String?
    var connectionID: String?
    var integrations: [String] = []
    var endUserID: String?
    var organizationID: String?
    var isBroken: Bool?
    var tags: [String: String] = [:]
    /// The number of the last one that was seen.
    var after: Int64?
    var offset = 0
    var limit = 100

    /// How many one list has at most. Clients that know no cursor read one list and take it for all.
    static let most: Int64 = 10_000

    /// Where names of tags lead by which other systems find the user of a connection.
    static let ofEndUser = [
      "end_user_id": "$.id", "end_user_email": "$.email", "end_user_display_name": "$.display_name",
      "organization_id": "$.organization.id",
      "organization_display_name": "$.organization.display_name",
    ]
  }

  func list(
    _ search: Search, in environment: DeploymentEnvironment
  ) async throws -> (connections: [JSON], next: Int64?) {
    var conditions = ["connection.environment = ?"]
    var values: [(any DatabaseValueConvertible)?] = [environment.id]
    func wants(_ condition: String, _ given: (any DatabaseValueConvertible)?...) {
      conditions.append(condition)
      values += given
    }
    if let id = search.connectionID { wants("connection.connection_id = ?", id) }
    if let after = search.after { wants("connection.number < ?", after) }
    if let isBroken = search.isBroken { wants("connection.state = ?", isBroken ? "broken" : "ok") }
    if let id = search.endUserID { wants("json_extract(connection.end_user, '$.id') = ?", id) }
    if let id = search.organizationID {
      wants("json_extract(connection.end_user, '$.organization.id') = ?", id)
    }
    for (name, value) in search.tags.sorted(by: { $0.key < $1.key }) {
      let tag =
        "EXISTS (SELECT 1 FROM json_each(connection.tags) WHERE key = ? COLLATE NOCASE AND value = ?)"
      if let path = Search.ofEndUser[name.asciiLowered] {
        wants(
          "(\(tag) OR json_extract(connection.end_user, ?) = ?)", name, value, path, value)
      } else {
        wants(tag, name, value)
      }
    }
    if let text = search.text {
      let pattern = Words.pattern(text)
      wants(
        "(connection.connection_id LIKE ? ESCAPE '\\' OR account_name LIKE ? ESCAPE '\\' OR account_email LIKE ? ESCAPE '\\' OR account_id LIKE ? ESCAPE '\\' OR end_user LIKE ? ESCAPE '\\')",
        pattern, pattern, pattern, pattern, pattern)
    }
    if !search.integrations.isEmpty {
      conditions.append(
        "integration.key IN (\(search.integrations.map { _ in "?" }.joined(separator: ", ")))")
      values += search.integrations.map { $0 as (any DatabaseValueConvertible)? }
    }
    values += [search.limit + 1, search.offset]
    let sql = """
      SELECT connection.*, integration.key AS integration_key,
        (SELECT id FROM activity WHERE activity.connection = connection.id AND connection.state = 'broken'
          AND activity.state = 'failed' ORDER BY activity.number DESC LIMIT 1) AS failure
      FROM connection
      JOIN integration ON integration.id = connection.integration
      WHERE \(conditions.joined(separator: " AND ")) ORDER BY connection.number DESC LIMIT ? OFFSET ?
      """
    let arguments = StatementArguments(values)
    let found = try await store.read { database in
      try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
        ConnectionView(
          row: ConnectionRow(row: row), integration: row["integration_key"],
          failure: row["failure"])
      }
    }
    let shown = found.prefix(search.limit)
    return (
      shown.map { .object($0.summary + [.init("connection_config", $0.row.config)]) },
      found.count > search.limit ? shown.last?.row.number : nil
    )
  }
}

extension AnyConnection {
  /// The names of the credentials that are due: the first one's, and those of others that can be renewed.
  func dueCredentials(at now: UnixTime) -> [String] {
    let first = defaultCredential ?? ""
    return record.credentials.filter { name, credential in
      let isDue = credential.dueAt.map { $0 <= now } ?? false
      return isDue && (name == first || isRenewable(name))
    }.keys.sorted()
  }
}
