internal import KeywrightDefinition

/// One renewal: what is done between reading a connection and having kept the new one.
struct Renewer: Sendable {
  let credential: String?
  let stale: String?
  let store: any ConnectionStore
  let transport: any Transport
  let surroundings: Surroundings

  enum Outcome: Sendable {
    /// It was good already: somebody else had renewed it.
    case isGood(AnyConnection)
    /// It is new; unless the store failed, that has it.
    case renewed(AnyConnection, isSaved: Bool)
  }

  /// How long is waited before each further attempt after one of which nobody knows how it ended.
  ///
  /// At once, since providers that rotate take the old token for a few seconds only.
  static let pauses: [Duration] = [.zero, .seconds(1), .seconds(4)]

  func renew(
    _ kept: KeptConnection, by definition: LoadedDefinition, as id: String,
    _ client: some ClientSetup
  ) async throws -> Outcome {
    let connection = try AnyConnection(kept.record, by: definition)
    if isDone(connection) { return .isGood(connection) }
    // The mark is on the disk before the first byte goes out: who comes after a crash knows of the attempt.
    let marked = KeptConnection(kept.record, attempt: surroundings.now())
    try await store.save(marked, as: id)
    let next: AnyConnection
    do {
      next = try await attempt(connection, client, afterOpenEnd: kept.attempt != nil)
    } catch {
      // As long as nobody connects anew, who asks next is told the same.
      let isOpen = error.outcome == .ambiguous || error.code == .lostRotation
      try? await store.save(
        KeptConnection(kept.record, attempt: isOpen ? marked.attempt : nil), as: id)
      throw error
    }
    do {
      try await store.save(KeptConnection(next.record), as: id)
      return .renewed(next, isSaved: true)
    } catch {
      // The provider has replaced the old one: the new one is served from memory until the store takes it.
      return .renewed(next, isSaved: false)
    }
  }

  /// Whether somebody else has renewed it meanwhile.
  private func isDone(_ connection: AnyConnection) -> Bool {
    if let stale { return connection.token(credential) != stale }
    let current = connection.credential(named: credential ?? connection.defaultCredential ?? "")
    return current?.isDue(at: surroundings.now()) == false
  }

  /// - Parameter isOpen: whether nobody knows how an earlier attempt ended.
  private func attempt(
    _ connection: AnyConnection, _ client: some ClientSetup, afterOpenEnd isOpen: Bool
  ) async throws(AuthorizationError) -> AnyConnection {
    var left = Self.pauses[...]
    var isOpen = isOpen
    while true {
      do {
        return try await connection.renewed(
          credential, client: client, over: transport, in: surroundings)
      } catch {
        guard error.outcome == .ambiguous, let wait = left.popFirst() else {
          throw isOpen ? lost(error) : error
        }
        isOpen = true
        do { try await surroundings.pause(wait) } catch {
          throw AuthorizationError(.interrupted, "the wait was cancelled")
        }
      }
    }
  }

  /// A refusal after an attempt of which nobody knew how it ended is a token that was lost on the way.
  private func lost(_ error: AuthorizationError) -> AuthorizationError {
    guard error.code == .invalidGrant else { return error }
    var lost = AuthorizationError(
      .lostRotation, "the provider had replaced the refresh token, and its answer never came",
      stage: error.stage)
    lost.status = error.status
    lost.providerCode = error.providerCode
    lost.providerDescription = error.providerDescription
    return lost
  }
}

extension AnyConnection {
  /// The token that a credential is told apart by.
  func token(_ name: String?) -> String? {
    guard let record = record.credentials[name ?? defaultCredential ?? ""] else { return nil }
    return record.parts["access_token"] ?? record.parts.min { $0.key < $1.key }?.value
  }
}

extension AnyConnectionRecord {
  /// This connection in the place of another that had the same id.
  func replacing(
    _ old: AnyConnectionRecord?, of method: Method
  ) throws(AuthorizationError) -> AnyConnectionRecord {
    guard let old, old.provider == provider else { return self }
    if let one = old.account, let other = account, one.id != other.id {
      throw AuthorizationError(
        .accountMismatch, "the connection is of another account than the one that is kept")
    }
    // An account's id says something within its tenant alone, and that is where the person has it.
    for field in method.ask where [.hostLabel, .host, .origin, .url].contains(field.type) {
      guard let one = old.fields[field.name], let other = fields[field.name], one != other else {
        continue
      }
      throw AuthorizationError(
        .accountMismatch, "'\(field.name)' is another than that of the connection that is kept")
    }
    var result = self
    for rule in method.credentials where rule.promisesRefreshToken {
      let name = rule.name ?? ""
      guard let token = old.credentials[name]?.parts["refresh_token"],
        let new = credentials[name], new.parts["refresh_token"] == nil
      else { continue }
      guard old.account != nil, old.account?.id == account?.id else {
        throw AuthorizationError(
          .notRenewable,
          "no refresh token came, and the connection that is kept has one; it stays as it is")
      }
      result.credentials[name]?.parts["refresh_token"] = token
    }
    return result
  }
}
