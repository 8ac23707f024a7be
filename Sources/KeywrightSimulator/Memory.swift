internal import KeywrightDefinition

/// What an authorization server remembers: what it gave out, to whom, and what became of it.
struct Memory: Sendable {
  /// One grant, and all that was given out by it.
  struct Session: Sendable {
    /// What is known of it, by dotted name.
    var texts: [String: String]
    /// Nothing of it works any more.
    var isEnded = false
  }

  /// Something that was given out: a code, a token, a ticket between two steps.
  struct Issue: Sendable {
    let session: Int
    /// In seconds since 1970; nil where it does not end.
    var endsAt: Int64?
    /// Until when it works though it was used, in seconds since 1970; nil where it was not used, or may be again.
    var lastsUntil: Int64?
    var isRevoked = false
  }

  private struct Key: Hashable {
    let name: String
    let value: String
  }

  private(set) var sessions: [Session] = []
  private var issues: [Key: Issue] = [:]
  private var counter = 0

  /// A value that was never given out before. What it is called shows in it, so that a log can be read.
  mutating func fresh(_ name: String, chance: String) -> String {
    counter += 1
    let word = name.split(separator: ".").last.map(String.init) ?? name
    return "simulated-\(word.replacing("_", with: "-"))-\(counter)-\(chance)"
  }

  mutating func begin(_ texts: [String: String]) -> Int {
    sessions.append(Session(texts: texts))
    return sessions.count - 1
  }

  mutating func update(_ session: Int, _ change: (inout Session) -> Void) {
    change(&sessions[session])
  }

  mutating func issue(_ name: String, _ value: String, to session: Int, endsAt: Int64? = nil) {
    issues[Key(name: name, value: value)] = Issue(session: session, endsAt: endsAt)
  }

  func issue(_ name: String, _ value: String) -> Issue? { issues[Key(name: name, value: value)] }

  /// What works once has worked.
  /// - Parameter end: until when it works all the same, in seconds since 1970. The first use counts.
  mutating func use(_ name: String, _ value: String, lastingUntil end: Int64 = .min) {
    let key = Key(name: name, value: value)
    if issues[key]?.lastsUntil == nil { issues[key]?.lastsUntil = end }
  }

  /// What dies unused was used: it ends later.
  mutating func prolong(_ name: String, _ value: String, to end: Int64) {
    issues[Key(name: name, value: value)]?.endsAt = end
  }

  /// Ends what was given out under a session, by the names' beginning.
  mutating func revoke(_ session: Int, names prefix: String = "") {
    for (key, issue) in issues where issue.session == session && key.name.hasPrefix(prefix) {
      issues[key]?.isRevoked = true
    }
    if prefix.isEmpty { sessions[session].isEnded = true }
  }
}
