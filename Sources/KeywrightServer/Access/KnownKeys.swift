internal import Synchronization

/// Who may ask, by a key's digest: each read asks for it.
///
/// One process has the folder, and whatever changes an environment or a key says so here.
final class KnownKeys: Sendable {
  struct Holder: Sendable {
    let environment: DeploymentEnvironment
    /// The secret key's id; empty for a public key.
    let key: String
  }

  private struct State {
    var holders: [[UInt8]: Holder] = [:]
    var changes = 0
  }

  private let state = Mutex(State())
  private static let limit = 1_000

  func holder(_ mark: [UInt8]) -> Holder? { state.withLock { $0.holders[mark] } }

  /// How often something was changed: what is asked before the store is.
  var changes: Int { state.withLock { $0.changes } }

  /// Remembers a holder, unless something was changed since the store was asked: it may be an older one.
  func remember(_ holder: Holder, for mark: [UInt8], readAfter changes: Int) {
    state.withLock { state in
      guard state.changes == changes else { return }
      if state.holders.count > Self.limit { state.holders = [:] }
      state.holders[mark] = holder
    }
  }

  func forgetAll() {
    state.withLock { state in
      state.changes += 1
      state.holders = [:]
    }
  }
}
