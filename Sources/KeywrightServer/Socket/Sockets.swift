internal import KeywrightDefinition
internal import Synchronization

/// The browsers that wait for a result, by the id that each was given.
final class Sockets: Sendable {
  typealias Sender = @Sendable (String) async -> Void

  private let senders = Mutex<[String: Sender]>([:])

  /// How many may wait at once.
  static let limit = 5_000
  var isFull: Bool { senders.withLock { $0.count >= Self.limit } }

  func add(_ id: String, _ sender: @escaping Sender) { senders.withLock { $0[id] = sender } }

  func remove(_ id: String) { senders.withLock { $0[id] = nil } }

  /// Tells a browser how its authorization ended; one that is gone asks the server.
  func tell(_ id: String?, _ message: JSON) async {
    guard let id, let sender = senders.withLock({ $0[id] }) else { return }
    await sender(message.compactText)
  }
}
