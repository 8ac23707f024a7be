internal import Synchronization

/// Answers to reads that are good as they are: until a credential is due, or something changes the connection.
///
/// One process has the folder, and whatever changes a row says so here.
final class FreshCache: Sendable {
  struct Entry: Sendable {
    let bytes: [UInt8]
    let row: String
    let until: Int64
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var keys: [String: Set<String>] = [:]
    var fetched: [String: Int64] = [:]
    var changes = 0
  }

  private let state = Mutex(State())
  private static let limit = 20_000

  /// The answer to a question; nil where it has to be made.
  func entry(_ key: String, at now: Int64) -> Entry? {
    state.withLock { state in
      guard let entry = state.entries[key], now < entry.until else { return nil }
      state.fetched[entry.row] = now
      return entry
    }
  }

  /// How often something was changed: what is asked before a row is read, so that an answer made of an older row is
  /// not kept.
  var changes: Int { state.withLock { $0.changes } }

  func keep(_ entry: Entry, for key: String, madeAfter changes: Int, at now: Int64) {
    state.withLock { state in
      state.fetched[entry.row] = now
      guard state.changes == changes, now < entry.until else { return }
      if state.entries.count >= Self.limit {
        state.entries = [:]
        state.keys = [:]
      }
      state.entries[key] = entry
      state.keys[entry.row, default: []].insert(key)
    }
  }

  /// Forgets what was answered about a row.
  func forget(_ row: String) {
    state.withLock { state in
      state.changes += 1
      for key in state.keys.removeValue(forKey: row) ?? [] { state.entries[key] = nil }
    }
  }

  /// Forgets everything: names mean something else now.
  func forgetAll() {
    state.withLock { state in
      state.changes += 1
      state.entries = [:]
      state.keys = [:]
    }
  }

  /// When rows were last read, since this was last asked.
  func takeReads() -> [String: Int64] {
    state.withLock { state in
      defer { state.fetched = [:] }
      return state.fetched
    }
  }
}
