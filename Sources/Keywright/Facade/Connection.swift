public import HTTPTypes
internal import KeywrightDefinition

/// One person's connection to a provider: signs requests, and can be renewed.
///
/// It is not Codable and prints no secret: ``sealed(with:in:)`` is the one way to keep it.
public struct Connection<P: Provider>: Sendable {
  let record: AnyConnectionRecord
  let engine: Engine

  /// The provider, with what the person filled in.
  public let provider: P

  init(_ record: AnyConnectionRecord, of engine: Engine) throws(AuthorizationError) {
    self.record = record
    self.engine = engine
    do {
      provider = try P(keywrightFields: ProviderFields(texts: record.fields))
    } catch {
      throw AuthorizationError(.incompatible, "the connection's fields do not fit: \(error)")
    }
  }

  /// Whose account it is; nil where the spec does not say how to find out.
  public var account: Account? { record.account.map(Account.init) }

  /// The credential, of several the first that is present; nil where the method has none.
  public var credential: Credential? {
    credential(defaultCredential ?? "")
  }

  /// A credential by the spec's name, of a method that has several; nil where it was not made.
  public func credential(_ name: String) -> Credential? {
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

  /// Signs a request to the API.
  ///
  /// A request without an authority goes to the API's base, whose path its path continues. The request's own headers
  /// win over the spec's, but not over those that carry the credential.
  /// - Parameter name: which credential signs, of a method that has several; the first that is present where none is named.
  /// - Throws: ``AuthorizationError/Code/foreignOrigin`` for a request to any other host.
  public func sign(
    _ request: HTTPRequest, body: [UInt8]? = nil, as name: String? = nil
  ) throws(AuthorizationError) -> (HTTPRequest, body: [UInt8]?) {
    try sign(request, body: body, as: name, setup: .none)
  }

  /// Signs a request to an API that wants something of the integrator's as well, such as its client id.
  public func sign(
    _ request: HTTPRequest, body: [UInt8]? = nil, as name: String? = nil,
    client: some ClientSetup
  ) throws(AuthorizationError) -> (HTTPRequest, body: [UInt8]?) {
    try sign(request, body: body, as: name, setup: Setup(client, for: engine.method))
  }

  private func sign(
    _ request: HTTPRequest, body: [UInt8]?, as name: String?, setup: Setup
  ) throws(AuthorizationError) -> (HTTPRequest, body: [UInt8]?) {
    if let name, record.credentials[name] == nil {
      throw AuthorizationError(.missingCredential, "the connection has no credential '\(name)'")
    }
    let state = record.state(.verify, at: UnixTime(seconds: 0))
    return try Signer(engine: engine, state: state, setup: setup)
      .sign(request, body: body, as: name)
  }

  /// The connection with a new credential.
  /// - Parameter name: which credential is renewed, of a method that has several; the first that is present where none
  ///   is named.
  /// - Throws: ``AuthorizationError/Code/personNeeded`` where it can't be renewed without its person.
  public func renewed(
    _ name: String? = nil, client: some ClientSetup, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> Connection<P> {
    let subject = name ?? defaultCredential
    let hasToken = record.credentials[subject ?? ""]?.parts["refresh_token"] != nil
    guard let rule = engine.method.rule(subject), hasToken || !rule.promisesRefreshToken,
      !engine.method.renewalSteps(of: subject).isEmpty
    else {
      throw AuthorizationError(
        .personNeeded, "there is nothing that the credential could be renewed with")
    }
    let end = try await run(.renew, of: subject, client, transport, surroundings)
    return try Connection(AnyConnectionRecord(end, of: engine.method), of: engine)
  }

  private var defaultCredential: String? {
    engine.method.defaultRule(among: record.credentials)?.name
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
  /// - Throws: ``AuthorizationError`` where it is not, or where nobody could say.
  public func verify(
    over transport: some Transport, in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) {
    _ = try await run(.verify, NoClient?.none, transport, surroundings)
  }

  /// As ``verify(over:in:)``, where the API wants something of the integrator's as well.
  public func verify(
    client: some ClientSetup, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) {
    _ = try await run(.verify, client, transport, surroundings)
  }

  private func run(
    _ run: FlowState.Run, of subject: String? = nil, _ client: (some ClientSetup)?,
    _ transport: some Transport,
    _ surroundings: Surroundings
  ) async throws(AuthorizationError) -> FlowState {
    guard !engine.plan(run, of: subject).isEmpty else {
      throw AuthorizationError(.notOffered, "the spec has no request for this")
    }
    var setup = Setup.none
    if let client { setup = try Setup(client, for: engine.method) }
    let runner = Runner(engine: engine, setup: setup, surroundings: surroundings)
    let state = record.state(run, of: subject, at: surroundings.now())
    return try await runner.run(state, .begin, over: transport)
  }
}

// MARK: - Keeping

extension Connection {
  /// The connection, encrypted under a key.
  public func sealed(
    with key: SealingKey, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> String {
    try key.seal(record.json.compactText, for: .connection, of: record.provider, surroundings)
  }

  /// Opens a connection that was kept.
  /// - Throws: ``AuthorizationError`` where the key is another, or the connection is another provider's.
  public init(opening sealed: String, with key: SealingKey) throws(AuthorizationError) {
    let definition = try P.definition()
    guard let bytes = key.open(sealed, for: .connection, of: definition.id),
      let record = (try? JSON(reading: bytes)).flatMap(AnyConnectionRecord.init(json:))
    else {
      throw AuthorizationError(
        .unreadableFlow, "what was kept is no connection of '\(definition.id)' under this key")
    }
    try self.init(record, of: try Engine(definition, method: record.method))
  }
}

extension Connection: CustomStringConvertible, CustomReflectable {
  /// The provider and the account's id.
  public var description: String {
    "<connection to \(record.provider)\(record.account.map { " of \($0.id)" } ?? "")>"
  }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
