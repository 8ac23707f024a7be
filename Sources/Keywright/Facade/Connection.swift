public import HTTPTypes

/// One person's connection to a provider: a typed view of ``AnyConnection``.
///
/// It is not Codable and prints no secret: ``sealed(with:in:)`` is the one way to keep it.
public struct Connection<P: Provider>: Sendable {
  /// The connection without its type, for what serves many providers.
  public let any: AnyConnection

  /// The provider, with what the person filled in.
  public let provider: P

  /// A typed view of a connection.
  /// - Throws: ``AuthorizationError`` where it is another provider's.
  public init(_ any: AnyConnection) throws(AuthorizationError) {
    guard try any.provider == P.definition().id else {
      throw AuthorizationError(.incompatible, "a connection to '\(any.provider)' is no \(P.self)")
    }
    self.any = any
    do {
      provider = try P(keywrightFields: ProviderFields(texts: any.record.fields))
    } catch {
      throw AuthorizationError(.incompatible, "the connection's fields do not fit: \(error)")
    }
  }

  /// Whose account it is; nil where the spec does not say how to find out.
  public var account: Account? { any.account }

  /// The credential, of several the first that is present; nil where the method has none.
  public var credential: Credential? { any.credential }

  /// A credential by its name, of a method that has several; nil where it was not made.
  public func credential(_ name: P.CredentialName) -> Credential? {
    any.credential(named: name.rawValue)
  }

  /// A value that answers gave, by the spec's name: its canonical text; nil where none came.
  public func savedText(_ name: String) -> String? { any.savedText(name) }

  /// What the person allowed.
  public var grantedScopes: [String] { any.grantedScopes }

  /// What was asked for and not granted.
  public var missingScopes: [String] { any.missingScopes }

  /// What should be known, though nothing failed.
  public var warnings: [String] { any.warnings }

  /// Signs a request to the API, as ``AnyConnection/sign(_:body:as:client:)`` says.
  public func sign(
    _ request: HTTPRequest, body: [UInt8]? = nil, as name: P.CredentialName? = nil,
    client: some ClientSetup = NoClient()
  ) throws(AuthorizationError) -> (HTTPRequest, body: [UInt8]?) {
    try any.sign(request, body: body, as: name?.rawValue, client: client)
  }

  /// The connection with a new credential.
  /// - Parameter name: which credential is renewed, of a method that has several; the first that is present where none
  ///   is named.
  /// - Throws: ``AuthorizationError/Code/personNeeded`` where it can't be renewed without its person.
  public func renewed(
    _ name: P.CredentialName? = nil, client: some ClientSetup, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> Connection<P> {
    try Connection(
      await any.renewed(name?.rawValue, client: client, over: transport, in: surroundings))
  }

  /// Ends the credential at the provider (RFC 7009, where the spec says nothing else); of several, each.
  /// - Throws: ``AuthorizationError/Code/notOffered`` where the provider has no request for that.
  public func revoke(
    client: some ClientSetup, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) {
    try await any.revoke(client: client, over: transport, in: surroundings)
  }

  /// Asks the provider whether the credential is still good.
  /// - Parameter client: for an API that wants something of the integrator's as well.
  /// - Throws: ``AuthorizationError`` where it is not, or where nobody could say.
  public func verify(
    client: some ClientSetup = NoClient(), over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) {
    try await any.verify(client: client, over: transport, in: surroundings)
  }

  /// The connection, encrypted under a key.
  public func sealed(
    with key: SealingKey, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> String {
    try any.sealed(with: key, in: surroundings)
  }

  /// Opens a connection that was kept.
  /// - Throws: ``AuthorizationError`` where the key is another, or the connection is another provider's.
  public init(opening sealed: String, with key: SealingKey) throws(AuthorizationError) {
    try self.init(AnyConnection(opening: sealed, with: key, of: P.definition()))
  }
}

extension Connection: CustomStringConvertible, CustomReflectable {
  /// The provider and the account's id.
  public var description: String { any.description }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
