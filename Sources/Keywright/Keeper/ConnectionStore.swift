/// Where connections are kept, by ids of the application's own.
///
/// ``FileStore`` and ``InMemoryStore`` are given. One of your own, such as a table, keeps what
/// ``KeptConnection/sealed(with:as:in:)`` gives; it has to have kept it when `save` returns.
public protocol ConnectionStore: Sendable {
  /// The connection of an id; nil where there is none.
  func load(_ id: String) async throws -> KeptConnection?

  /// Keeps a connection, in the place of the one that has the id.
  func save(_ connection: KeptConnection, as id: String) async throws

  /// Forgets a connection.
  func remove(_ id: String) async throws

  /// All ids, sorted.
  func ids() async throws -> [String]

  /// Runs some work while no other process works on the same connection. Within one process the keeper sees to that.
  func exclusively<Outcome: Sendable>(
    _ id: String, _ work: @Sendable () async throws -> Outcome
  ) async throws -> Outcome
}

extension ConnectionStore {
  /// Runs the work as it is: for a store that one process has to itself.
  public func exclusively<Outcome: Sendable>(
    _ id: String, _ work: @Sendable () async throws -> Outcome
  ) async throws -> Outcome {
    try await work()
  }
}

/// A store that ends with its process: for tests, and for programs that connect anew each time.
public actor InMemoryStore: ConnectionStore {
  private var connections: [String: KeptConnection] = [:]

  /// An empty store.
  public init() {}

  /// The connection of an id; nil where there is none.
  public func load(_ id: String) -> KeptConnection? { connections[id] }

  /// Keeps a connection, in the place of the one that has the id.
  public func save(_ connection: KeptConnection, as id: String) { connections[id] = connection }

  /// Forgets a connection.
  public func remove(_ id: String) { connections[id] = nil }

  /// All ids, sorted.
  public func ids() -> [String] { connections.keys.sorted() }
}
