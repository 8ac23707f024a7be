public import HTTPTypes
internal import KeywrightDefinition

/// A connection to a provider that is chosen at run time: what signs, renews, verifies and ends it.
///
/// ``Connection`` is a typed view of one. It is not Codable and prints no secret: ``sealed(with:in:)`` is the one way
/// to keep it.
public struct AnyConnection: Sendable {
  /// What is kept of it.
  package let record: AnyConnectionRecord
  let engine: Engine

  init(_ record: AnyConnectionRecord, of engine: Engine) {
    self.record = record
    self.engine = engine
  }

  /// A connection that was kept, run by the definition at hand.
  init(_ record: AnyConnectionRecord, by definition: LoadedDefinition) throws(AuthorizationError) {
    self.init(record, of: try definition.engine(record.method))
  }

  /// The provider's id, such as `zendesk`.
  public var provider: String { record.provider }

  /// The id of the method that it was made by.
  public var method: String { record.method }

  /// Whose account it is; nil where the spec does not say how to find out.
  public var account: Account? { record.account.map(Account.init) }

  /// The credential, of several the first that is present; nil where the method has none.
  public var credential: Credential? { credential(named: defaultCredential ?? "") }

  /// A credential by the spec's name, of a method that has several; nil where it was not made.
  public func credential(named name: String) -> Credential? {
    record.credentials[name].map(Credential.init)
  }

  /// A value that answers gave, by the spec's name: its canonical text; nil where none came.
  public func savedText(_ name: String) -> String? { record.saved[name] }

  /// What the person allowed.
  public var grantedScopes: [String] { credential?.scopes ?? [] }

  /// What was asked for and not granted.
  public var missingScopes: [String] {
    let granted = grantedScopes
    return record.scopes.filter { !granted.contains($0) }
  }

  /// What should be known, though nothing failed.
  public var warnings: [String] { record.warnings }

  /// The name of the first credential that is present; nil where the method has one, without a name.
  package var defaultCredential: String? {
    engine.method.defaultRule(among: record.credentials)?.name
  }
}

// MARK: - Signing

extension AnyConnection {
  /// Signs a request to the API.
  ///
  /// A request without an authority goes to the API's base, whose path its path continues. The request's own headers
  /// win over the spec's, but not over those that carry the credential. Send it with ``Transport/deliver(_:body:)``.
  /// - Parameters:
  ///   - name: which credential signs, of a method that has several; the first that is present where none is named.
  ///   - client: for an API that wants something of the integrator's as well, such as its client id.
  /// - Throws: ``AuthorizationError/Code/foreignOrigin`` for a request to any other host.
  public func sign(
    _ request: HTTPRequest, body: [UInt8]? = nil, as name: String? = nil,
    client: some ClientSetup = NoClient()
  ) throws(AuthorizationError) -> (HTTPRequest, body: [UInt8]?) {
    if let name, record.credentials[name] == nil {
      throw AuthorizationError(.missingCredential, "the connection has no credential '\(name)'")
    }
    let state = record.state(.verify, at: UnixTime(seconds: 0))
    return try Signer(engine: engine, state: state, setup: setup(client))
      .sign(request, body: body, as: name)
  }

  /// What the integrator filled in; nothing, where nothing is passed.
  private func setup(_ client: some ClientSetup) throws(AuthorizationError) -> Setup {
    client is NoClient ? .none : try Setup(client, for: engine.method)
  }

  /// Whether an answer says that the credential is no longer good: what the spec says, else a status of 401.
  package func isUnauthorized(_ answer: TransportAnswer) -> Bool {
    guard let condition = engine.method.api?.unauthorized else { return answer.status == 401 }
    let bindings = FlowBindings(
      method: engine.method, state: record.state(.verify, at: UnixTime(seconds: 0)), setup: .none,
      answer: ReadAnswer(answer, as: .json))
    return condition.truth(in: bindings) == true
  }
}

// MARK: - Renewing and ending

extension AnyConnection {
  /// Whether a credential can be replaced without its person.
  /// - Parameter name: which one, of a method that has several; the first that is present where none is named.
  public func isRenewable(_ name: String? = nil) -> Bool {
    let subject = name ?? defaultCredential
    guard let rule = engine.method.rule(subject) else { return false }
    let hasToken = record.credentials[subject ?? ""]?.parts["refresh_token"] != nil
    return (hasToken || !rule.promisesRefreshToken)
      && !engine.method.renewalSteps(of: subject).isEmpty
  }

  /// The connection with a new credential.
  /// - Parameter name: which credential is renewed, of a method that has several; the first that is present where none
  ///   is named.
  /// - Throws: ``AuthorizationError/Code/personNeeded`` where it can't be renewed without its person.
  public func renewed(
    _ name: String? = nil, client: some ClientSetup, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> AnyConnection {
    guard isRenewable(name) else {
      throw AuthorizationError(
        .personNeeded, "there is nothing that the credential could be renewed with")
    }
    let end = try await run(
      .renew, of: name ?? defaultCredential, client, transport, surroundings)
    return AnyConnection(AnyConnectionRecord(end, of: engine.method), of: engine)
  }

  /// Ends the credential at the provider (RFC 7009, where the spec says nothing else); of several, each.
  /// - Throws: ``AuthorizationError/Code/notOffered`` where the provider has no request for that.
  public func revoke(
    client: some ClientSetup, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) {
    let names = engine.method.credentials.map(\.name).filter { record.credentials[$0 ?? ""] != nil }
    let readsOne = engine.method.revoke.contains { $0.isOfOneCredential(in: engine.method) }
    for name in readsOne && names.count > 1 ? names : [nil] {
      _ = try await run(.revoke, of: name, client, transport, surroundings)
    }
  }

  /// Asks the provider whether the credential is still good.
  /// - Parameter client: for an API that wants something of the integrator's as well.
  /// - Throws: ``AuthorizationError`` where it is not, or where nobody could say.
  public func verify(
    client: some ClientSetup = NoClient(), over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) {
    _ = try await run(.verify, of: nil, client, transport, surroundings)
  }

  private func run(
    _ run: FlowState.Run, of subject: String?, _ client: some ClientSetup,
    _ transport: some Transport, _ surroundings: Surroundings
  ) async throws(AuthorizationError) -> FlowState {
    guard !engine.plan(run, of: subject).isEmpty else {
      throw AuthorizationError(.notOffered, "the spec has no request for this")
    }
    // What only asks may do without the integrator; what renews or ends says what is missing.
    let setup =
      run == .verify ? try setup(client) : try Setup(client, for: engine.method)
    let runner = Runner(engine: engine, setup: setup, surroundings: surroundings)
    let state = record.state(run, of: subject, at: surroundings.now())
    return try await runner.run(state, .begin, over: transport)
  }
}

// MARK: - Keeping

extension AnyConnection {
  /// The connection, encrypted under a key.
  public func sealed(
    with key: SealingKey, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> String {
    try key.seal(record.json.compactText, for: .connection, of: record.provider, surroundings)
  }

  /// Opens a connection that was kept.
  /// - Throws: ``AuthorizationError`` where the key is another, or the connection is another provider's.
  init(
    opening sealed: String, with key: SealingKey, of definition: LoadedDefinition
  ) throws(AuthorizationError) {
    guard let bytes = key.open(sealed, for: .connection, of: definition.id),
      let record = (try? JSON(reading: bytes)).flatMap(AnyConnectionRecord.init(json:))
    else {
      throw AuthorizationError(
        .unreadableConnection, "what was kept is no connection of '\(definition.id)' under this key"
      )
    }
    try self.init(record, by: definition)
  }
}

extension AnyConnection: CustomStringConvertible, CustomReflectable {
  /// The provider and the account's id.
  public var description: String {
    "<connection to \(record.provider)\(record.account.map { " of \($0.id)" } ?? "")>"
  }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
