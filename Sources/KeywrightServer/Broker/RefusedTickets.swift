internal import KeywrightDefinition
internal import Synchronization

/// Tickets of what never began: refused, or cancelled before the window came. Anybody can make such a one, so they are
/// kept in memory alone, and the oldest make room.
final class RefusedTickets: Sendable {
  /// Why one was refused.
  struct Refusal: Sendable {
    let told: JSON
    /// Whose pages may know that; nil where nobody can say.
    let environment: String?
  }

  private struct Kept {
    var refusals: [Ticket: Refusal] = [:]
    /// In the order in which they came.
    var order: [Ticket] = []
  }

  private static let limit = 20_000
  private let kept = Mutex(Kept())

  /// Keeps one; the first word counts.
  func add(_ ticket: Ticket, _ refusal: Refusal) {
    kept.withLock { kept in
      guard kept.refusals[ticket] == nil else { return }
      kept.refusals[ticket] = refusal
      kept.order.append(ticket)
      guard kept.order.count > Self.limit else { return }
      // Half of them at once: an array gives its first element away dearly.
      for old in kept.order.prefix(Self.limit / 2) { kept.refusals[old] = nil }
      kept.order.removeFirst(Self.limit / 2)
    }
  }

  /// Why one was refused; nil where it was not.
  func refusal(_ ticket: Ticket) -> Refusal? { kept.withLock { $0.refusals[ticket] } }
}
