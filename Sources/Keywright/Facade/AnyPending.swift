internal import KeywrightDefinition

/// A flow whose browser is away, of a provider that is chosen at run time. ``Pending`` is a typed view of one.
///
/// It is not Codable and prints nothing: ``sealed(with:in:)`` is the one way to keep it.
public struct AnyPending: Sendable {
  let engine: Engine
  let state: FlowState

  /// The URL that the browser goes to.
  public let url: String

  init(engine: Engine, state: FlowState, url: String) {
    self.engine = engine
    self.state = state
    self.url = url
  }

  /// The provider's id.
  public var provider: String { state.provider }

  /// The flow, encrypted under a key: safe in a session, a cookie or a row.
  public func sealed(
    with key: SealingKey, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> String {
    try key.seal(plainText, for: .flow, of: state.provider, surroundings)
  }

  /// Opens a flow that was kept.
  init(
    opening sealed: String, with key: SealingKey, of definition: LoadedDefinition
  ) throws(AuthorizationError) {
    guard let bytes = key.open(sealed, for: .flow, of: definition.id) else {
      throw AuthorizationError(
        .unreadableFlow, "what was kept is no flow of '\(definition.id)' under this key")
    }
    try self.init(plainText: bytes, of: definition)
  }

  /// Reads a flow as a text.
  init(plainText: [UInt8], of definition: LoadedDefinition) throws(AuthorizationError) {
    guard let kept = try? JSON(reading: plainText), let url = kept["url"]?.text,
      let state = kept["state"].flatMap(FlowState.init(json:))
    else {
      throw AuthorizationError(
        .unreadableFlow, "what was kept is no flow of '\(definition.id)'")
    }
    guard state.digest.isSameBytes(as: definition.digest) else {
      throw AuthorizationError(
        .incompatible, "the definition of '\(definition.id)' has changed since the flow began")
    }
    self.init(engine: try definition.engine(state.method), state: state, url: url)
  }

  /// Finishes the flow: checks the callback, exchanges the code, finds out whose account it is.
  ///
  /// - Parameters:
  ///   - callback: the URL that the browser called, or its path and query, unchanged.
  ///   - client: the same as at the beginning.
  /// - Throws: ``AuthorizationError``; ``AuthorizationError/Code/accessDenied`` where the person said no.
  public func finish(
    callback: String, client: some ClientSetup, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> AnyConnection {
    let runner = Runner(
      engine: engine, setup: try Setup(client, for: engine.method), surroundings: surroundings)
    let end = try await runner.run(state, .callback(callback), over: transport)
    return AnyConnection(AnyConnectionRecord(end, of: engine.method), of: engine)
  }
}

extension AnyPending: CustomStringConvertible, CustomReflectable {
  /// The provider's name alone.
  public var description: String { "<flow of \(state.provider)>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
