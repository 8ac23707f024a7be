internal import KeywrightDefinition

/// A connection by what a person fills in: an API key, a user name and a password, a log-in.
public struct CredentialForm<P: Provider>: Sendable {
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
  /// - Throws: ``AuthorizationError`` where a field does not fit, or the provider refuses.
  public func connect(
    over transport: some Transport, in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> Connection<P> {
    try await connect(client: NoClient(), over: transport, in: surroundings)
  }

  /// Connects, where the method needs something of the integrator's as well.
  public func connect(
    client: some ClientSetup, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> Connection<P> {
    let engine = try Engine(P.definition(), method: method)
    let state = FlowState(
      connectingBy: engine, fields: try engine.method.filled(provider.keywrightFields, asked),
      at: surroundings.now())
    let runner = Runner(
      engine: engine, setup: try Setup(client, for: engine.method), surroundings: surroundings)
    let end = try await runner.run(state, .begin, over: transport)
    return try Connection(AnyConnectionRecord(end, of: engine.method), of: engine)
  }
}

extension CredentialForm: CustomStringConvertible, CustomReflectable {
  /// The method's id.
  public var description: String { "<form of \(method)>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
