internal import Foundation
internal import GRDB
internal import Keywright
internal import KeywrightDefinition

extension Broker {
  /// Changes what a backend says about a connection; what is nil stays as it is.
  func change(_ row: ConnectionRow, tags: JSON?, endUser: JSON?) async throws {
    let (id, time) = (row.id, now)
    let (tagText, userText) = (tags?.compactText, endUser?.compactText)
    try await store.write {
      try $0.execute(
        sql:
          "UPDATE connection SET tags = coalesce(?, tags), end_user = coalesce(?, end_user), updated_at = ? WHERE id = ?",
        arguments: [tagText, userText, time, id])
    }
    cache.forget(id)
  }

  /// Replaces the metadata of connections, or merges into it: member by member, at the first level.
  func setMetadata(_ metadata: JSON, isMerged: Bool, of rows: [ConnectionRow]) async throws {
    let time = now
    let limit = 256 * 1_024
    try await store.write { database in
      for row in rows {
        var members = metadata.members ?? []
        if isMerged {
          let text = try String.fetchOne(
            database, sql: "SELECT metadata FROM connection WHERE id = ?", arguments: [row.id])
          let old = text.flatMap { try? JSON(reading: $0) }?.members ?? []
          members =
            old.filter { one in !members.contains { $0.name.isSameBytes(as: one.name) } } + members
        }
        let text = JSON.object(members).compactText
        if text.utf8.count > limit {
          throw APIError.invalidBody(
            "the metadata of a connection has 256 KB at most", at: ["metadata"])
        }
        try database.execute(
          sql: "UPDATE connection SET metadata = ?, updated_at = ? WHERE id = ?",
          arguments: [text, time, row.id])
      }
    }
    for row in rows { cache.forget(row.id) }
  }

  /// Deletes an integration with its connections, each ended at its provider as far as that answers.
  func deleteAll(of integration: Integration) async throws {
    // Those too that are made meanwhile; one that can't be ended ends the whole, and can be tried again.
    while true {
      let rows = try await store.read {
        try ConnectionRow.fetchAll(
          $0, sql: "SELECT * FROM connection WHERE integration = ? LIMIT 200",
          arguments: [integration.id])
      }
      if rows.isEmpty { break }
      try await forEach(rows, atMost: 8) { try await self.delete($0, of: integration) }
    }
    try await integrations.remove(integration)
    cache.forgetAll()
  }

  /// Changes an integration. What failed for want of a client secret is tried again.
  func change(
    _ key: String, _ wish: Integrations.Wish, in environment: DeploymentEnvironment
  ) async throws -> Integration {
    let changed = try await integrations.change(key, wish, in: environment)
    cache.forgetAll()
    guard wish.setup != nil else { return changed }
    let (id, time) = (changed.id, now)
    let broken = try await store.write { database in
      try database.execute(
        sql:
          "UPDATE connection SET due_at = ? WHERE integration = ? AND state = 'broken' AND due_at IS NOT NULL",
        arguments: [time, id])
      return try String.fetchAll(
        database, sql: "SELECT id FROM connection WHERE integration = ?", arguments: [id])
    }
    await keeper.retry(broken)
    return changed
  }

  // MARK: Import

  /// A connection that a backend brings along.
  struct Import: Sendable {
    let connectionID: String?
    let credentials: JSON
    let fields: [String: String]
    let metadata: JSON
    let tags: JSON
    let endUser: JSON?
  }

  func take(
    _ given: Import, _ integration: Integration, _ environment: DeploymentEnvironment
  ) async throws -> ConnectionRow {
    let id = try given.connectionID ?? random.uuid()
    try Self.check(connectionID: id)
    let method = try providers.method(integration.method, of: integration.provider)
    let attempt = try await activity.begin(
      .importing, in: environment.id, of: integration, connectionID: id)
    do {
      let plan = FlowPlan(
        connectionID: id, mayReplace: false, allowsOtherAccount: false, session: nil,
        activity: attempt.id, socket: nil, endUser: given.endUser, tags: given.tags)
      let connection = try await Attempt.$current.withValue(attempt) {
        try await self.connection(given, method, integration)
      }
      let row = try await importing(connection, as: plan, metadata: given.metadata, integration)
      attempt.belongs(to: row.id, named: id)
      await activity.end(attempt, .success("imported"))
      return row
    } catch {
      await activity.end(attempt, AttemptEnding(error))
      log(error, "a connection could not be imported")
      throw Self.told(error)
    }
  }

  /// What a browser obtained is taken as it is; what was filled in is tried, as if it were filled in here.
  private func connection(
    _ given: Import, _ method: Method, _ integration: Integration
  ) async throws -> AnyConnection {
    var fields = try asked(given.fields, of: method, integration.provider)
    let any = try providers.running.provider(integration.provider).method(method.id)
    let texts = Dictionary(
      (given.credentials.members ?? []).compactMap { member in
        member.value.scalarText.map { (member.name, $0) }
      }
    ) { $1 }
    guard method.leaves else {
      fields.merge(
        try asked(texts.filter { $0.key != "type" }, of: method, integration.provider)
      ) { $1 }
      try Self.fill(&fields, of: integration)
      return try await any.connect(
        ProviderFields(entries: fields), client: try integrations.client(of: integration),
        over: transport,
        in: surroundings)
    }
    try Self.fill(&fields, of: integration)
    let known = Set(method.exchange.flatMap(\.credentials).flatMap(\.parts).map(\.name))
    let parts = texts.filter { known.contains($0.key) }
    guard parts["access_token"] != nil else {
      throw APIError.invalidBody("'access_token' is missing", at: ["credentials", "access_token"])
    }
    let scopes = texts["scope"].map { $0.split { $0 == " " || $0 == "," }.map(String.init) }
    return try any.imported(
      ProviderFields(entries: fields), parts: parts,
      scopes: scopes ?? integration.scopes ?? method.scopes.defaults,
      expiresAt: try Self.moment(texts["expires_at"]), in: surroundings)
  }

  private static func moment(_ text: String?) throws(APIError) -> UnixTime? {
    guard let text else { return nil }
    let time = Int64(text).flatMap(CalendarTime.init(seconds:)) ?? CalendarTime(iso8601: text)
    guard let time, time.seconds >= 0 else {
      throw APIError.invalidBody(
        "'expires_at' is a moment as RFC 3339 has it, or seconds since 1970",
        at: ["credentials", "expires_at"])
    }
    return UnixTime(seconds: time.seconds)
  }
}
