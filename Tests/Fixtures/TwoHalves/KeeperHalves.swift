import Foundation
import Keywright
import KeywrightHTTPClient
import NotebookProvider

/// A keeper in a process of its own, over a folder: keeps, renews, or dies between the answer and the store.
struct KeeperHalves {
  static let id = "ada"

  let key: SealingKey
  let folder: String
  let origins: OriginMap

  /// `keep SEALED`: keeps a connection.
  func keep(_ sealed: String) async throws {
    let connection = try Connection<Notebook>(opening: sealed, with: key)
    try await with(FileStore(at: folder, key: key)) { keeper in
      try await keeper.keep(connection, as: Self.id)
    }
  }

  /// `renew`: renews now, and prints what came of it.
  func renew() async throws {
    try await with(FileStore(at: folder, key: key)) { keeper in
      do {
        let connection = try await keeper.renew(Self.id, client: TwoHalves.client)
        print("renewed \(connection.account?.id ?? "nobody")")
      } catch let error as AuthorizationError {
        print("error \(error.code)")
      }
    }
  }

  /// `die`: renews, and is killed when the provider has answered and nothing is kept yet.
  func die() async throws {
    try await with(DyingStore(inner: FileStore(at: folder, key: key))) { keeper in
      _ = try? await keeper.renew(Self.id, client: TwoHalves.client)
    }
  }

  private func with(
    _ store: any ConnectionStore, _ work: (ConnectionKeeper) async throws -> Void
  ) async throws {
    try await HTTPClientTransport.with(origins: origins) { transport in
      try await work(
        ConnectionKeeper(store: store, providers: [Notebook.self], over: transport))
    }
  }
}

/// Keeps the mark of an attempt; what is to be kept after it never is, since the process is gone.
private actor DyingStore: ConnectionStore {
  private let inner: FileStore
  private var saves = 0

  init(inner: FileStore) { self.inner = inner }

  func load(_ id: String) throws -> KeptConnection? { try inner.load(id) }
  func remove(_ id: String) throws { try inner.remove(id) }
  func ids() throws -> [String] { try inner.ids() }

  func save(_ connection: KeptConnection, as id: String) throws {
    saves += 1
    if saves == 2 { kill(getpid(), SIGKILL) }
    try inner.save(connection, as: id)
  }
}
