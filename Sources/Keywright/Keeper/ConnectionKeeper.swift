public import HTTPTypes
internal import KeywrightDefinition

/// Keeps connections and hands them out fresh: one renewal at a time, kept before it is used.
///
/// ```swift
/// let keeper = ConnectionKeeper(
///   store: FileStore(at: folder, key: key), providers: [Zendesk.self], over: http)
/// try await keeper.keep(connection, as: "acme")
/// let answer = try await keeper.send(.get("/api/v2/tickets.json"), as: "acme", client: app)
/// ```
///
/// However many tasks ask for a credential that has ended, one token request is made, and all get its result. A
/// renewal of which nobody knows how it ended is repeated at once with the same refresh token, since providers that
/// rotate allow that for a few seconds. While a credential is still good, a renewal that fails is no error.
public actor ConnectionKeeper {
  private let store: any ConnectionStore
  private let providers: Catalogue
  private let transport: any Transport
  private let surroundings: Surroundings
  private let pause: @Sendable (Duration) async throws -> Void

  /// The renewals that are under way, by the connection's id.
  private var renewals: [String: Renewal] = [:]

  /// What the store could not take: it is served from here, and offered to the store again.
  private var unsaved: [String: KeptConnection] = [:]

  /// When a credential may be renewed again, after a renewal that failed or helped nothing.
  private var rests: [Subject: Rest] = [:]

  private struct Renewal {
    let credential: String?
    let task: Task<AnyConnection, any Error>
  }

  private struct Subject: Hashable {
    let id: String
    let credential: String?
  }

  private struct Rest {
    let until: UnixTime
    let failures: Int
    /// Nil where the renewal went well and gave a credential that has ended already.
    let error: AuthorizationError?
  }

  /// A keeper.
  ///
  /// - Parameters:
  ///   - store: where connections are kept.
  ///   - providers: those whose connections it renews and signs with.
  ///   - transport: what brings requests to providers.
  ///   - pause: waits between attempts; tests pass their own.
  public init(
    store: any ConnectionStore, providers: Catalogue, over transport: any Transport,
    in surroundings: Surroundings = .system,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.store = store
    self.providers = providers
    self.transport = transport
    self.surroundings = surroundings
    self.pause = pause
  }

  // MARK: Keeping

  /// Keeps a connection, in the place of the one that has the id.
  ///
  /// Where the new one came without a refresh token and the old one has one, that is carried over if both are shown to
  /// be the same account.
  /// - Throws: ``AuthorizationError/Code/accountMismatch`` where the id belongs to another account, and
  ///   ``AuthorizationError/Code/notRenewable`` where a connection that can be renewed would be replaced by one that
  ///   can't; then the old one stays as it is.
  public func keep(_ connection: AnyConnection, as id: String) async throws(AuthorizationError) {
    while let renewal = renewals[id] { _ = try? await renewal.task.value }
    let (store, unsaved) = (store, unsaved[id])
    try await failing {
      try await store.exclusively(id) {
        let old: KeptConnection?
        do {
          old = if let unsaved { unsaved } else { try await store.load(id) }
        } catch let error as AuthorizationError where error.code == .unreadableConnection {
          // Sealed under a key that is gone: whoever connects anew replaces it.
          old = nil
        }
        let record = try connection.record.replacing(old?.record, of: connection.engine.method)
        try await store.save(KeptConnection(record), as: id)
      }
    }
    self.unsaved[id] = nil
    rests = rests.filter { $0.key.id != id }
  }

  /// Keeps a connection, in the place of the one that has the id, as ``keep(_:as:)-(AnyConnection,_)`` says.
  public func keep<P>(
    _ connection: Connection<P>, as id: String
  ) async throws(AuthorizationError) { try await keep(connection.any, as: id) }

  /// All ids, sorted.
  public func ids() async throws(AuthorizationError) -> [String] {
    let store = store
    return try await failing { try await store.ids() }
  }

  /// Ends a connection at the provider, where the spec says how, and forgets it.
  ///
  /// It is forgotten also where the provider can't be reached; then the error says that it may still be good there.
  public func end(
    _ id: String, client: some ClientSetup = NoClient()
  ) async throws(AuthorizationError) {
    while let renewal = renewals[id] { _ = try? await renewal.task.value }
    let connection = try await kept(id)
    var failure: AuthorizationError?
    do {
      try await connection.revoke(client: client, over: transport, in: surroundings)
    } catch {
      if error.code != .notOffered { failure = error }
    }
    let store = store
    try await failing { try await store.exclusively(id) { try await store.remove(id) } }
    unsaved[id] = nil
    if let failure { throw failure }
  }

  // MARK: Reading

  /// A connection whose credential is good: renewed, where it is due.
  ///
  /// - Parameters:
  ///   - name: which credential is to be good, of a method that has several; the first that is present where none is
  ///     named.
  ///   - client: what the integrator fills in, for the renewal.
  /// - Throws: ``AuthorizationError`` where the credential has ended and can't be renewed, or can't be now.
  public func connection(
    _ id: String, credential name: String? = nil, client: some ClientSetup = NoClient()
  ) async throws(AuthorizationError) -> AnyConnection {
    let connection = try await kept(id)
    let subject = name ?? connection.defaultCredential
    guard let credential = connection.credential(named: subject ?? "") else { return connection }
    let now = surroundings.now()
    guard credential.isDue(at: now), connection.isRenewable(subject) else {
      if credential.isExpired(at: now), rests[Subject(id: id, credential: subject)] == nil {
        throw AuthorizationError(
          .personNeeded, "the credential has ended, and there is nothing to renew it with")
      }
      return connection
    }
    if let rest = rests[Subject(id: id, credential: subject)], now < rest.until {
      guard let error = rest.error, credential.isExpired(at: now) else { return connection }
      throw error
    }
    do {
      return try await renewed(id, subject, stale: nil, client)
    } catch {
      // What is still good is served, whatever became of its renewal.
      if credential.isExpired(at: surroundings.now()) { throw error }
      return connection
    }
  }

  /// A typed connection whose credential is good: renewed, where it is due.
  /// - Throws: ``AuthorizationError`` as ``connection(_:credential:client:)`` does, and where it is another provider's.
  public func connection<P: Provider>(
    _ id: String, of provider: P.Type, credential name: P.CredentialName? = nil,
    client: some ClientSetup = NoClient()
  ) async throws(AuthorizationError) -> Connection<P> {
    try Connection(await connection(id, credential: name?.rawValue, client: client))
  }

  /// Renews a credential now, whether or not it is due.
  @discardableResult
  public func renew(
    _ id: String, credential name: String? = nil, client: some ClientSetup = NoClient()
  ) async throws(AuthorizationError) -> AnyConnection {
    let connection = try await kept(id)
    let subject = name ?? connection.defaultCredential
    return try await renewed(id, subject, stale: connection.token(subject), client)
  }

  /// Sends a request to the provider's API: signed, and renewed when due.
  ///
  /// Where the answer says that the credential is no longer good (a status of 401, where the spec says nothing else),
  /// it is renewed once, and the request is built anew and sent once more.
  /// - Returns: the answer, whatever its status.
  public func send(
    _ request: HTTPRequest, body: [UInt8]? = nil, as id: String, credential name: String? = nil,
    client: some ClientSetup = NoClient()
  ) async throws(AuthorizationError) -> TransportAnswer {
    let connection = try await connection(id, credential: name, client: client)
    let answer = try await send(request, body, name, by: connection, client)
    let subject = name ?? connection.defaultCredential
    guard connection.isUnauthorized(answer), connection.isRenewable(subject) else { return answer }
    let token = connection.token(subject)
    guard let again = try? await renewed(id, subject, stale: token, client),
      again.token(subject) != token
    else { return answer }
    return try await send(request, body, name, by: again, client)
  }

  private func send(
    _ request: HTTPRequest, _ body: [UInt8]?, _ name: String?, by connection: AnyConnection,
    _ client: some ClientSetup
  ) async throws(AuthorizationError) -> TransportAnswer {
    let signed: (request: HTTPRequest, body: [UInt8]?)
    // An API that wants nothing of the integrator's gets nothing of it.
    if connection.needsSetupToSign {
      signed = try connection.sign(request, body: body, as: name, client: client)
    } else {
      signed = try connection.sign(request, body: body, as: name)
    }
    do {
      return try await transport.send(signed.request, body: signed.body)
    } catch {
      throw AuthorizationError(error)
    }
  }

  // MARK: Renewing

  /// The connection as it is kept.
  private func kept(_ id: String) async throws(AuthorizationError) -> AnyConnection {
    let (store, unsaved) = (store, unsaved[id])
    if let unsaved, (try? await store.save(unsaved, as: id)) != nil { self.unsaved[id] = nil }
    let kept = try await failing { if let unsaved { unsaved } else { try await store.load(id) } }
    guard let kept else {
      throw AuthorizationError(.unknownConnection, "nothing is kept as '\(id)'")
    }
    return try AnyConnection(kept.record, by: providers.definition(kept.provider))
  }

  /// Renews, or takes part in the renewal that is under way.
  /// - Parameter stale: the token that is no longer wanted; nil where the time decides.
  private func renewed(
    _ id: String, _ credential: String?, stale: String?, _ client: some ClientSetup
  ) async throws(AuthorizationError) -> AnyConnection {
    while let renewal = renewals[id], renewal.credential != credential {
      _ = try? await renewal.task.value
    }
    let task: Task<AnyConnection, any Error>
    if let renewal = renewals[id] {
      task = renewal.task
    } else {
      // Its own task: whoever asked first may go away, and what came is kept all the same.
      task = Task { try await self.renewOnce(id, credential, stale: stale, client) }
      renewals[id] = Renewal(credential: credential, task: task)
    }
    return try await failing { try await task.value }
  }

  private func renewOnce(
    _ id: String, _ credential: String?, stale: String?, _ client: some ClientSetup
  ) async throws -> AnyConnection {
    defer { renewals[id] = nil }
    let subject = Subject(id: id, credential: credential)
    let (store, unsaved, providers, surroundings) = (store, unsaved[id], providers, surroundings)
    let renewer = Renewer(
      credential: credential, stale: stale, store: store, transport: transport,
      surroundings: surroundings, pause: pause)
    do {
      let outcome = try await store.exclusively(id) {
        let loaded = if let unsaved { unsaved } else { try await store.load(id) }
        guard let loaded else {
          throw AuthorizationError(.unknownConnection, "nothing is kept as '\(id)'")
        }
        let definition = try providers.definition(loaded.provider)
        return try await renewer.renew(loaded, by: definition, as: id, client)
      }
      self.unsaved[id] = outcome.isSaved ? nil : KeptConnection(outcome.connection.record)
      rests[subject] = rest(after: outcome.connection, credential)
      return outcome.connection
    } catch let error as AuthorizationError {
      rests[subject] = rest(after: error, subject)
      throw error
    }
  }

  /// A new credential that has ended already is served as it is for a minute, not asked for again and again.
  private func rest(after connection: AnyConnection, _ credential: String?) -> Rest? {
    let now = surroundings.now()
    guard connection.credential(named: credential ?? "")?.isDue(at: now) == true else { return nil }
    return Rest(until: now.adding(seconds: 60), failures: 0, error: nil)
  }

  /// A provider that asks for rest gets it; one that fails is asked less and less often; a refusal is for good.
  private func rest(after error: AuthorizationError, _ subject: Subject) -> Rest {
    let failures = (rests[subject]?.failures ?? 0) + 1
    let wait =
      error.isTransient ? error.retryAfter ?? min(5 << Int64(min(failures, 8)), 900) : Int64.max
    return Rest(
      until: surroundings.now().adding(seconds: wait), failures: failures, error: error)
  }

  /// Runs what may fail in many ways; what the store says is told as an error of ours.
  private func failing<Outcome: Sendable>(
    _ work: @Sendable () async throws -> Outcome
  ) async throws(AuthorizationError) -> Outcome {
    do {
      return try await work()
    } catch let error as AuthorizationError {
      throw error
    } catch {
      throw AuthorizationError(.storeFailed, "the store failed: \(error)")
    }
  }
}

extension ConnectionKeeper {
  /// `<keeper>`: what it keeps is nobody's to read.
  public nonisolated var description: String { "<keeper of connections>" }
}
