/// A flow whose browser is away. Kept sealed, it is finished by any process that has the key.
///
/// It is not Codable and prints nothing: ``sealed(with:in:)`` is the one way to keep it.
public struct Pending<P: Provider>: Sendable {
  /// The flow without its type.
  public let any: AnyPending

  init(_ any: AnyPending) { self.any = any }

  /// The URL that the browser goes to.
  public var url: String { any.url }

  /// The flow, encrypted under a key: safe in a session, a cookie or a row.
  public func sealed(
    with key: SealingKey, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> String {
    try any.sealed(with: key, in: surroundings)
  }

  /// Opens a flow that was kept.
  /// - Throws: ``AuthorizationError`` where the key is another, or the flow is another provider's.
  public init(opening sealed: String, with key: SealingKey) throws(AuthorizationError) {
    self.init(try AnyPending(opening: sealed, with: key, of: P.definition()))
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
  ) async throws(AuthorizationError) -> Connection<P> {
    try Connection(
      await any.finish(callback: callback, client: client, over: transport, in: surroundings))
  }
}

extension Pending: CustomStringConvertible, CustomReflectable {
  /// The provider's name alone.
  public var description: String { any.description }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
