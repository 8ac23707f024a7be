internal import KeywrightDefinition

/// A connection by what a person fills in: an API key, a user name and a password, a log-in.
public struct CredentialForm<P: Provider, Client: ClientSetup>: Sendable {
  private let provider: P
  private let method: String
  private let asked: ProviderFields

  /// For generated files.
  public init(_ provider: P, method: String, asking asked: ProviderFields = []) {
    self.provider = provider
    self.method = method
    self.asked = asked
  }

  /// Connects: makes the credential, and asks the provider whether it is good and whose it is.
  /// - Parameter client: what the integrator fills in.
  /// - Throws: ``AuthorizationError`` where a field does not fit, or the provider refuses.
  public func connect(
    client: Client, over transport: some Transport, in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> Connection<P> {
    try Connection(
      await AnyMethod(P.definition(), id: method).connect(
        provider.keywrightFields.merging(asked), client: client, over: transport,
        in: surroundings))
  }
}

extension CredentialForm where Client == NoClient {
  /// Connects: makes the credential, and asks the provider whether it is good and whose it is.
  /// - Throws: ``AuthorizationError`` where a field does not fit, or the provider refuses.
  public func connect(
    over transport: some Transport, in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> Connection<P> {
    try await connect(client: NoClient(), over: transport, in: surroundings)
  }
}

extension CredentialForm: CustomStringConvertible, CustomReflectable {
  /// The method's id.
  public var description: String { "<form of \(method)>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
