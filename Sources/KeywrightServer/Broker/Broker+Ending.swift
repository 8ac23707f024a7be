internal import Keywright
internal import KeywrightDefinition
internal import Logging

/// What the provider said to an end.
private actor Outcome {
  private(set) var result = Result<Void, AuthorizationError>.failure(
    AuthorizationError(.notOffered, "what is stored can't be read, so it could not be ended"))

  func set(_ result: Result<Void, AuthorizationError>) { self.result = result }
}

extension Broker {
  /// How long the provider has for ending a credential.
  private static let revocationDeadline = Duration.seconds(10)

  /// Ends a connection at the provider, as far as that answers, and deletes it here in any case.
  /// - Returns: whether the provider says that it has ended it.
  @discardableResult
  func delete(_ row: ConnectionRow, of integration: Integration) async throws -> Bool {
    let attempt = try await activity.begin(
      .deletion, in: row.environment, of: integration, connectionID: row.connectionID,
      connection: row.id)
    let client = try integrations.client(of: integration)
    // The newest one: a renewal that was under way may have replaced what the caller saw.
    let outcome = Outcome()
    try await keeper.remove(row.id) { connection in
      guard let connection else { return }
      await outcome.set(
        Attempt.$current.withValue(attempt) { await self.revoke(connection, client) })
    }
    cache.forget(row.id)
    switch await outcome.result {
    case .success:
      await activity.end(attempt, .success("deleted; revoked"))
      return true
    case .failure(let error):
      await activity.end(attempt, .success("deleted; not_revoked: \(error.message)"))
      return false
    }
  }

  private func revoke(_ connection: AnyConnection, _ client: AnyClient) async -> Result<
    Void, AuthorizationError
  > {
    await withTaskGroup(of: Result<Void, AuthorizationError>.self) { group in
      group.addTask { [transport, surroundings] in
        do throws(AuthorizationError) {
          try await connection.revoke(client: client, over: transport, in: surroundings)
          return .success(())
        } catch { return .failure(error) }
      }
      group.addTask {
        try? await Task.sleep(for: Self.revocationDeadline)
        return .failure(
          AuthorizationError(.timedOut, "the provider did not answer within ten seconds"))
      }
      defer { group.cancelAll() }
      return await group.next() ?? .failure(AuthorizationError(.timedOut, "cancelled"))
    }
  }

  /// Asks the provider whether a connection is still good.
  func verify(_ row: ConnectionRow, of integration: Integration) async throws {
    let attempt = try await activity.begin(
      .verification, in: row.environment, of: integration, connectionID: row.connectionID,
      connection: row.id)
    let client = try integrations.client(of: integration)
    let connection = try await keeper.connection(row.id, client: client)
    do {
      try await Attempt.$current.withValue(attempt) {
        try await connection.verify(client: client, over: transport, in: surroundings)
      }
      await activity.end(attempt, .success("the credential is good"))
      if row.isBroken { try await mend(row) }
    } catch let error as AuthorizationError {
      await activity.end(attempt, AttemptEnding(error))
      if !error.isTransient, error.code != .notOffered {
        try await markBroken(row, connection, by: error)
      }
      throw error
    }
  }
}
