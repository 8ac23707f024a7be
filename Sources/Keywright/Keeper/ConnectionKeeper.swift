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

  /// The renewals that are under way: whoever wants one takes part in it.
  private var renewals: [Subject: Task<AnyConnection, any Error>] = [:]

  /// The connections that are being changed, and who waits for each.
  private var changing: [String: [CheckedContinuation<Void, Never>]] = [:]

  /// What the store could not take: it is served from here, and offered to the store again.
  private var unsaved: [String: KeptConnection] = [:]

  /// When a credential may be renewed again, after a renewal that failed or helped nothing.
  private var rests: [Subject: Rest] = [:]

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
  public init(
    store: any ConnectionStore, providers: Catalogue, over transport: any Transport,
    in surroundings: Surroundings = .system
  ) {
    self.store = store
    self.providers = providers
    self.transport = transport
    self.surroundings = surroundings
  }

  // MARK: One change at a time

  /// Waits until nobody else changes a connection. Who enters leaves.
  private func enter(_ id: String) async {
    while changing[id] != nil {
      await withCheckedContinuation { changing[id]?.append($0) }
    }
    changing[id] = []
  }

  private func leave(_ id: String) {
    for waiting in changing.removeValue(forKey: id) ?? [] { waiting.resume() }
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
    try await keep(connection, as: id, ofAnyAccount: false)
  }

  /// Keeps a connection, as ``keep(_:as:)-(AnyConnection,_)`` says; also of another account, where somebody who may
  /// decide that wants it so.
  package func keep(
    _ connection: AnyConnection, as id: String, ofAnyAccount isFree: Bool
  ) async throws(AuthorizationError) {
    await enter(id)
    defer { leave(id) }
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
        let record =
          isFree
          ? connection.record
          : try connection.record.replacing(old?.record, of: connection.engine.method)
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
    await enter(id)
    defer { leave(id) }
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
    rests = rests.filter { $0.key.id != id }
    if let failure { throw failure }
  }

  /// Waits for the renewals that are under way, and offers the store what it could not take before: what comes of a
  /// renewal is not lost when the program ends.
  ///
  /// - Parameter grace: how long they have; who takes longer is cancelled.
  package func drain(within grace: Duration) async {
    let end = Task {
      try await Task.sleep(for: grace)
      for task in renewals.values { task.cancel() }
    }
    while let task = renewals.values.first { _ = try? await task.value }
    end.cancel()
    for id in unsaved.keys { await offerUnsaved(id) }
  }

  /// Forgets that a connection was to be left alone, since what failed has been mended.
  package func retry(_ ids: [String]) {
    rests = rests.filter { rest in
      !ids.contains(rest.key.id) || rest.value.until.seconds == .max
    }
  }

  /// Runs some work on a connection while nobody else changes it, with the newest one that is kept, and forgets it.
  package func remove(
    _ id: String, after work: @Sendable (AnyConnection?) async -> Void
  ) async throws(AuthorizationError) {
    // What a renewal would bring is not wanted any more.
    for (subject, task) in renewals where subject.id == id { task.cancel() }
    await enter(id)
    defer { leave(id) }
    let (store, unsaved, providers) = (store, unsaved[id], providers)
    try await failing {
      try await store.exclusively(id) {
        let kept: KeptConnection?
        if let unsaved { kept = unsaved } else { kept = try? await store.load(id) }
        await work(kept.flatMap { try? providers.connection($0) })
        try await store.remove(id)
      }
    }
    self.unsaved[id] = nil
    rests = rests.filter { $0.key.id != id }
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
    await offerUnsaved(id)
    let connection = try await kept(id)
    let subject = name ?? connection.defaultCredential
    let now = surroundings.now()
    guard let credential = connection.credential(named: subject ?? ""), credential.isDue(at: now)
    else { return connection }
    if let rest = rest(of: Subject(id: id, credential: subject)) {
      guard let error = rest.error, credential.isExpired(at: now) else { return connection }
      throw error
    }
    guard connection.isRenewable(subject) else {
      guard credential.isExpired(at: now) else { return connection }
      throw AuthorizationError(
        .personNeeded, "the credential has ended, and there is nothing to renew it with")
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
    guard connection.isUnauthorized(answer), connection.isRenewable(subject),
      rest(of: Subject(id: id, credential: subject)) == nil
    else { return answer }
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
    let (signed, body) = try connection.sign(request, body: body, as: name, client: client)
    do {
      return try await transport.deliver(signed, body: body)
    } catch {
      throw AuthorizationError(error)
    }
  }

  // MARK: Renewing

  /// The connection as it is kept.
  private func kept(_ id: String) async throws(AuthorizationError) -> AnyConnection {
    let (store, unsaved) = (store, unsaved[id])
    let kept = try await failing { if let unsaved { unsaved } else { try await store.load(id) } }
    guard let kept else {
      throw AuthorizationError(.unknownConnection, "nothing is kept as '\(id)'")
    }
    return try AnyConnection(kept.record, by: providers.definition(kept.provider))
  }

  /// Offers the store once more what it could not take.
  private func offerUnsaved(_ id: String) async {
    guard unsaved[id] != nil else { return }
    await enter(id)
    defer { leave(id) }
    guard let kept = unsaved[id] else { return }
    if (try? await store.save(kept, as: id)) != nil { unsaved[id] = nil }
  }

  /// Renews, or takes part in the renewal that is under way.
  /// - Parameter stale: the token that is no longer wanted; nil where the time decides.
  private func renewed(
    _ id: String, _ credential: String?, stale: String?, _ client: some ClientSetup
  ) async throws(AuthorizationError) -> AnyConnection {
    let subject = Subject(id: id, credential: credential)
    // Its own task: whoever asked first may go away, and what came is kept all the same.
    let task =
      renewals[subject] ?? Task { try await self.renewOnce(subject, stale: stale, client) }
    renewals[subject] = task
    return try await failing { try await task.value }
  }

  private func renewOnce(
    _ subject: Subject, stale: String?, _ client: some ClientSetup
  ) async throws -> AnyConnection {
    let id = subject.id
    await enter(id)
    defer {
      renewals[subject] = nil
      leave(id)
    }
    let (store, unsaved, providers) = (store, unsaved[id], providers)
    let renewer = Renewer(
      credential: subject.credential, stale: stale, store: store, transport: transport,
      surroundings: surroundings)
    do {
      let outcome = try await store.exclusively(id) {
        let loaded = if let unsaved { unsaved } else { try await store.load(id) }
        guard let loaded else {
          throw AuthorizationError(.unknownConnection, "nothing is kept as '\(id)'")
        }
        let definition = try providers.definition(loaded.provider)
        return try await renewer.renew(loaded, by: definition, as: id, client)
      }
      switch outcome {
      case .isGood(let connection): return connection
      case .renewed(let connection, let isSaved):
        self.unsaved[id] = isSaved ? nil : KeptConnection(connection.record)
        rests[subject] = rest(after: connection, subject.credential)
        return connection
      }
    } catch let error as AuthorizationError {
      rests[subject] = rest(after: error, subject)
      throw error
    }
  }

  /// The rest that a credential has to be left, where it is not over.
  private func rest(of subject: Subject) -> Rest? {
    guard let rest = rests[subject], surroundings.now() < rest.until else { return nil }
    return rest
  }

  /// A new credential that has ended already is served as it is for a minute, not asked for again and again.
  private func rest(after connection: AnyConnection, _ credential: String?) -> Rest? {
    let now = surroundings.now()
    guard connection.credential(named: credential ?? "")?.isDue(at: now) == true else { return nil }
    return Rest(until: now.adding(seconds: 60), failures: 0, error: nil)
  }

  /// A provider that asks for rest gets it; one that fails, or finds fault with the client, is asked less and less
  /// often. A grant that is gone is gone for good. What never came to a request, such as one without its client,
  /// leaves nothing behind.
  private func rest(after error: AuthorizationError, _ subject: Subject) -> Rest? {
    guard error.isTransient || error.outcome == .rejected else { return nil }
    let failures = (rests[subject]?.failures ?? 0) + 1
    let isGone = [.invalidGrant, .lostRotation].contains(error.code)
    let wait =
      isGone ? Int64.max : error.retryAfter ?? min(5 << Int64(min(failures, 8)), 900)
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

extension ConnectionKeeper: CustomStringConvertible {
  /// `<keeper>`: what it keeps is nobody's to read.
  public nonisolated var description: String { "<keeper of connections>" }
}
