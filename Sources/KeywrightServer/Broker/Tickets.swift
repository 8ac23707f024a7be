internal import Foundation
internal import GRDB
internal import KeywrightCrypto
internal import KeywrightDefinition

/// What a frontend made up for one authorization, and asks by how that went; its digest alone is known here.
struct Ticket: Sendable, Hashable {
  let digest: [UInt8]

  /// Reads one: 22 characters hold 128 bits.
  init(_ text: String) throws(APIError) {
    let isFit =
      (22...128).contains(text.utf8.count)
      && text.utf8.allSatisfy { $0.isLetterDigitHyphen || $0 == UInt8(ascii: "_") }
    guard isFit else {
      throw APIError.invalidQuery(
        "a ticket is random: 22 to 128 letters, digits, '-' and '_'", at: ["ticket"])
    }
    digest = fingerprint(text)
  }

  var hexadecimal: String { Encoding.hex(digest) }

  init?(hexadecimal text: String) {
    guard let bytes = Encoding.bytes(hex: text), bytes.count == 32 else { return nil }
    digest = bytes
  }
}

/// How authorizations went, for those who can't be told: a provider's page may cut the window off from the page that
/// opened it, and a proxy may cut a socket. So whoever waits asks.
final class Tickets: Sendable {
  private let store: Store
  private let now: @Sendable () -> Int64

  /// How long the end is known, after the time that an authorization has. Unit: seconds.
  private static let memory: Int64 = 3_600
  private let refused = RefusedTickets()

  init(store: Store, now: @escaping @Sendable () -> Int64) {
    self.store = store
    self.now = now
  }

  // MARK: Writing

  /// Notes that an authorization began.
  /// - Throws: where there is one of this ticket already.
  func begin(_ ticket: Ticket, in environment: String, until end: Int64) async throws {
    let arguments: StatementArguments = [Data(ticket.digest), environment, end]
    let isKept = try await store.write { database in
      try database.execute(
        sql: """
          INSERT INTO ticket (digest, environment, state, told, expires_at)
          VALUES (?, ?, 'running', '{}', ?) ON CONFLICT DO NOTHING
          """, arguments: arguments)
      return database.changesCount == 1
    }
    guard isKept, refused.refusal(ticket) == nil else {
      throw APIError(
        400, "used_ticket",
        "an authorization was begun with this ticket already, or was cancelled: make a new one")
    }
  }

  /// Notes that one could not be begun. Where another one of this ticket was, it is that one's.
  func refuse(_ ticket: Ticket, in environment: String?, by error: APIError) {
    refused.add(ticket, .init(told: Self.told(error), environment: environment))
  }

  private static func told(_ error: APIError) -> JSON {
    .object([
      .init("error_type", .string(error.code)), .init("error_desc", .string(error.message)),
    ])
  }

  /// Notes how one ended, in the words that a socket is told; the first end counts.
  func end(_ ticket: Ticket, _ message: JSON) async {
    let state = message["error_type"] == nil ? "success" : "error"
    let told = JSON.object((message.members ?? []).filter { $0.name != "message_type" }).compactText
    let mark = Data(ticket.digest)
    // What can't be written down does not undo what was done.
    try? await store.write {
      try $0.execute(
        sql: "UPDATE ticket SET state = ?, told = ? WHERE digest = ? AND state = 'running'",
        arguments: [state, told, mark])
    }
  }

  static let cancelled = APIError(
    400, "cancelled",
    "whoever began the authorization has cancelled it, so no connection was made; start again")

  /// Ends one that is running, or that has not come yet: no connection comes of it any more.
  func cancel(_ ticket: Ticket) async {
    let error = Self.cancelled
    refuse(ticket, in: nil, by: error)
    await end(ticket, Self.told(error))
  }

  /// Forgets what nobody asks for any more.
  func sweep() async throws {
    let time = now()
    try await store.write {
      try $0.execute(
        sql: "DELETE FROM ticket WHERE expires_at < ?", arguments: [time - Self.memory])
    }
  }

  // MARK: Reading

  /// Why an authorization may not end well any more; nil where it may.
  func refusal(_ ticket: Ticket) async throws -> APIError? {
    try await kept(ticket)?.state == "error" ? Self.cancelled : nil
  }

  private struct Kept: Sendable, FetchableRecord {
    let state: String
    let told: [JSON.Member]
    let endsAt: Int64
    let allowed: AllowedOrigins

    init(row: Row) {
      state = row["state"]
      told = (try? JSON(reading: row["told"] as String))?.members ?? []
      endsAt = row["expires_at"]
      allowed = AllowedOrigins(stored: row["allowed_origins"] as String? ?? "[]")
    }
  }

  private func kept(_ ticket: Ticket) async throws -> Kept? {
    let mark = Data(ticket.digest)
    return try await store.read {
      try Kept.fetchOne(
        $0,
        sql: """
          SELECT ticket.*, environment.allowed_origins FROM ticket
          LEFT JOIN environment ON environment.id = ticket.environment WHERE digest = ?
          """, arguments: [mark])
    }
  }

  /// How one stands, and whose pages may know that.
  func result(_ ticket: Ticket) async throws -> (result: JSON, allowed: AllowedOrigins) {
    guard let kept = try await kept(ticket) else {
      guard let refusal = refused.refusal(ticket) else {
        return (Self.result("unknown", []), AllowedOrigins(stored: "[]"))
      }
      return (
        Self.result("error", refusal.told.members ?? []),
        try await allowed(in: refusal.environment)
      )
    }
    if kept.state == "running", kept.endsAt <= now() {
      return (Self.result("error", Self.told(Broker.expired).members ?? []), kept.allowed)
    }
    return (Self.result(kept.state, kept.told), kept.allowed)
  }

  private func allowed(in environment: String?) async throws -> AllowedOrigins {
    let stored = try await store.read {
      try String.fetchOne(
        $0, sql: "SELECT allowed_origins FROM environment WHERE id = ?", arguments: [environment])
    }
    return AllowedOrigins(stored: stored ?? "[]")
  }

  private static func result(_ state: String, _ told: [JSON.Member]) -> JSON {
    .object([.init("state", .string(state))] + told)
  }
}
