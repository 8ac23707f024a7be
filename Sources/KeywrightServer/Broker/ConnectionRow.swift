internal import Foundation
internal import GRDB
internal import KeywrightDefinition

/// A connection as its row has it, its secrets aside.
struct ConnectionRow: Sendable {
  /// The row's own id.
  let id: String
  /// Grows with each connection: what a list is ordered and continued by.
  let number: Int64
  let environment: String
  let integration: String
  /// What callers name it by.
  let connectionID: String
  let provider: String
  let method: String
  let version: Int64
  /// What was filled in and what answers gave, secrets aside.
  let config: JSON
  let metadata: JSON
  let tags: JSON
  let endUser: JSON?
  let accountID: String?
  let accountName: String?
  let accountEmail: String?
  let granted: [String]
  let missing: [String]
  let isBroken: Bool
  /// Why it is broken: a code of the engine's errors.
  let reason: String?
  let reasonText: String?
  let expiresAt: Int64?
  let createdAt: Int64
  let updatedAt: Int64
  let lastFetchedAt: Int64?
  let sealed: Data

  /// Where its secrets stand.
  var place: Place { Self.place(environment: environment, id: id, version: version) }

  static func place(environment: String, id: String, version: Int64) -> Place {
    Place(environment: environment, row: id, field: "kept", version: version)
  }
}

extension ConnectionRow: FetchableRecord {
  init(row: Row) {
    func json(_ column: String) -> JSON? {
      (row[column] as String?).flatMap { try? JSON(reading: $0) }
    }
    self.init(
      id: row["id"], number: row["number"], environment: row["environment"],
      integration: row["integration"], connectionID: row["connection_id"],
      provider: row["provider"], method: row["method"], version: row["version"],
      config: json("config") ?? .object([]), metadata: json("metadata") ?? .object([]),
      tags: json("tags") ?? .object([]), endUser: json("end_user"),
      accountID: row["account_id"], accountName: row["account_name"],
      accountEmail: row["account_email"], granted: json("scopes_granted")?.textList ?? [],
      missing: json("scopes_missing")?.textList ?? [], isBroken: row["state"] == "broken",
      reason: row["reason"], reasonText: row["reason_text"], expiresAt: row["expires_at"],
      createdAt: row["created_at"], updatedAt: row["updated_at"],
      lastFetchedAt: row["last_fetched_at"], sealed: row["kept_sealed"])
  }
}
