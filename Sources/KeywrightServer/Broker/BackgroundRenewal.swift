internal import Foundation
internal import GRDB
internal import Keywright
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

/// Renews what is due, read or not, and keeps the house: a provider that hangs holds up no other.
package actor BackgroundRenewal: Service {
  private let broker: Broker
  private let interval: Duration

  /// The providers whose connections are being renewed.
  private var busy: Set<String> = []
  private var tasks: [String: Task<Void, Never>] = [:]

  /// How many renewals go to one provider at once.
  private static let width = 4

  /// - Parameter interval: how often it looks. Default five seconds.
  package init(_ broker: Broker, every interval: Duration = .seconds(5)) {
    self.broker = broker
    self.interval = interval
  }

  /// Works until the server ends.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await self.look()
        try? await Task.sleep(for: self.interval)
      }
    }
  }

  private var rounds = 0
  private let isEnding = Flag()

  /// Starts what is due, and does the house's work now and then.
  private func look() async {
    do {
      try await renewDue()
      if rounds % 4 == 0 { try await broker.writeReads() }
      if rounds % 12 == 0 {
        try await broker.activity.sweep()
        try await broker.tickets.sweep()
        try await broker.environments.writeUses()
      }
    } catch {
      broker.logger.error("the background's work failed", metadata: ["error": "\(error)"])
    }
    rounds += 1
  }

  /// Renews everything that is due now, and returns when it is done: for tests with a clock of their own.
  package func renewAll() async throws {
    for (_, rows) in try await due(without: []) { await renew(rows) }
  }

  /// What is due, by provider; a provider that keeps its renewals waiting fills nobody else's place.
  private func due(without busy: Set<String>) async throws -> [String: [ConnectionRow]] {
    let (time, left) = (broker.now, busy.sorted())
    let marks = left.map { _ in "?" }.joined(separator: ", ")
    let values: [(any DatabaseValueConvertible)?] = [time] + left.map { $0 }
    let arguments = StatementArguments(values)
    let rows = try await broker.store.read {
      try ConnectionRow.fetchAll(
        $0,
        sql: """
          SELECT * FROM connection WHERE due_at IS NOT NULL AND due_at <= ? AND provider NOT IN (\(marks))
          ORDER BY due_at LIMIT 500
          """, arguments: arguments)
    }
    return Dictionary(grouping: rows, by: \.provider)
  }

  private func renewDue() async throws {
    for (provider, rows) in try await due(without: busy) {
      busy.insert(provider)
      tasks[provider] = Task {
        await self.renew(rows)
        self.done(provider)
      }
    }
  }

  private func done(_ provider: String) {
    busy.remove(provider)
    tasks[provider] = nil
  }

  /// Starts nothing more.
  package nonisolated func end() { isEnding.value = true }

  /// Lets what is under way end.
  package func finish() async {
    end()
    for task in tasks.values { await task.value }
  }

  private nonisolated func renew(_ rows: [ConnectionRow]) async {
    await forEach(rows, atMost: Self.width) { row in
      if !self.isEnding.value { await self.renew(row) }
    }
  }

  private nonisolated func renew(_ row: ConnectionRow) async {
    do {
      guard let integration = try await broker.integrations.withID(row.integration) else { return }
      let connection = try broker.providers.running.connection(try broker.kept.open(row))
      // Of one that nobody reads it may be the refresh token that is due, not the credential.
      let isDue = !connection.dueCredentials(at: broker.surroundings.now()).isEmpty
      try await broker.renew(row, integration, connection, isForced: !isDue)
      try await broker.postpone(row, ifNotRenewed: 30)
    } catch {
      let wait = (error as? AuthorizationError)?.retryAfter ?? 60
      try? await broker.postpone(row, ifNotRenewed: wait)
    }
  }
}

/// Tells tasks that something has begun to end.
private final class Flag: Sendable {
  private let state = Mutex(false)
  var value: Bool {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}

extension Broker {
  /// Leaves a connection that is still due alone for a while, with a little chance in it so that not all come at once.
  func postpone(_ row: ConnectionRow, ifNotRenewed wait: Int64) async throws {
    let chance = Int64((try? random.bytes(1).first).flatMap { $0 } ?? 0) * wait / 1_280
    let (time, id) = (now, row.id)
    try await store.write {
      try $0.execute(
        sql: "UPDATE connection SET due_at = ? WHERE id = ? AND due_at <= ?",
        arguments: [time + wait + chance, id, time])
    }
  }

  /// Writes down when connections were last read: now and then, not at each read.
  package func writeReads() async throws {
    let reads = cache.takeReads()
    if reads.isEmpty { return }
    try await store.write { database in
      for (id, time) in reads {
        try database.execute(
          sql: "UPDATE connection SET last_fetched_at = ? WHERE id = ?", arguments: [time, id])
      }
    }
  }

  /// What a process that was killed has left: its leases, which nobody holds any more.
  package func recover() async throws {
    try await store.write {
      try $0.execute(
        sql:
          "UPDATE connection SET lease_owner = NULL, lease_until = NULL WHERE lease_owner IS NOT NULL"
      )
    }
  }
}
