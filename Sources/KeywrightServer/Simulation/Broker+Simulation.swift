internal import Foundation
internal import GRDB
internal import KeywrightDefinition

extension Broker {
  /// Tells simulated providers what they gave out before a restart.
  func handOver(to world: SimulatedWorld) async throws {
    let rows = try await store.read {
      try ConnectionRow.fetchAll($0, sql: "SELECT * FROM connection")
    }
    for row in rows { world.adopt(try kept.open(row)) }
  }
}

extension Store {
  /// Keeps real connections and simulated ones apart: a store is of one kind for good.
  /// - Throws: ``StoreFailure`` where it is of the other kind.
  package func dedicate(toSimulation isSimulated: Bool) async throws {
    let kind = isSimulated ? "simulated" : "real"
    let known = try await setting("kind")
    if let known, known != kind {
      throw StoreFailure(
        known == "real"
          ? "'\(folder.path)' holds real connections, and --simulate would mix them with made-up ones; give it a folder of its own with --data"
          : "'\(folder.path)' holds simulated connections; start with --simulate, or give real ones a folder of their own with --data"
      )
    }
    if known == nil { try await set("kind", to: kind) }
  }
}
