internal import Foundation
internal import GRDB
internal import Keywright
internal import KeywrightCrypto
internal import KeywrightDefinition
internal import Synchronization

/// A place that connections live in, apart from all others: `dev`, `prod`.
struct DeploymentEnvironment: Sendable, Hashable {
  let id: String
  let name: String
  /// Names the environment to a browser; it opens nothing by itself.
  let publicKey: String
  /// Whether a browser has to bring a digest that a backend made.
  let requiresHMAC: Bool
  let hasHMACKey: Bool
  /// Where providers send browsers, instead of the server's own address; it passes everything on (308).
  let callbackURL: String?
  /// Whose pages may call what is made for browsers.
  let allowedOrigins: AllowedOrigins
  /// How long Activity is kept.
  let retentionDays: Int
  let version: Int64
  let createdAt: Int64
}

extension DeploymentEnvironment: FetchableRecord {
  init(row: Row) {
    self.init(
      id: row["id"], name: row["name"], publicKey: row["public_key"],
      requiresHMAC: row["hmac_enabled"], hasHMACKey: row["hmac_key_sealed"] as Data? != nil,
      callbackURL: row["callback_url"],
      allowedOrigins: AllowedOrigins(stored: row["allowed_origins"]),
      retentionDays: row["retention_days"],
      version: row["version"], createdAt: row["created_at"])
  }
}

/// A secret key as its environment lists it: what it opens with is known to nobody but its holder.
struct SecretKey: Sendable, FetchableRecord {
  let id: String
  let name: String
  /// The first characters, by which people tell keys apart.
  let prefix: String
  let createdAt: Int64
  let lastUsedAt: Int64?
  let isRevoked: Bool

  init(row: Row) {
    id = row["id"]
    name = row["name"]
    prefix = row["prefix"]
    createdAt = row["created_at"]
    lastUsedAt = row["last_used_at"]
    isRevoked = row["revoked_at"] as Int64? != nil
  }
}

/// The environments and their keys.
final class Environments: Sendable {
  private let store: Store
  private let vault: Vault
  private let random: Random
  private let now: @Sendable () -> Int64

  private let known = KnownKeys()

  /// When keys were last used, until that is written.
  private let uses = Mutex<[String: Int64]>([:])

  init(store: Store, vault: Vault, random: Random, now: @escaping @Sendable () -> Int64) {
    self.store = store
    self.vault = vault
    self.random = random
    self.now = now
  }

  // MARK: Environments

  func all() async throws -> [DeploymentEnvironment] {
    try await store.read {
      try DeploymentEnvironment.fetchAll($0, sql: "SELECT * FROM environment ORDER BY name")
    }
  }

  func named(_ name: String) async throws -> DeploymentEnvironment {
    let found = try await store.read {
      try DeploymentEnvironment.fetchOne(
        $0, sql: "SELECT * FROM environment WHERE name = ?", arguments: [name])
    }
    guard let found else {
      throw APIError.notFound("unknown_environment", "there is no environment '\(name)'")
    }
    return found
  }

  func create(_ name: String) async throws -> DeploymentEnvironment {
    let isFit =
      (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { $0.isLetterDigitHyphen || $0 == 0x5F }
    guard isFit else {
      throw APIError.invalidBody(
        "an environment's name has 1 to 64 letters, digits, '-' and '_'", at: ["name"])
    }
    let (id, key, time) = (try random.uuid(), try random.token("kw_pk_"), now())
    do {
      try await store.write { database in
        try database.execute(
          sql: "INSERT INTO environment (id, name, public_key, created_at) VALUES (?, ?, ?, ?)",
          arguments: [id, name, key, time])
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      throw APIError(409, "environment_exists", "there is an environment '\(name)' already")
    }
    return try await named(name)
  }

  /// The environment that a browser names; nil where no environment has the key.
  func withPublicKey(_ key: String) async throws -> DeploymentEnvironment? {
    let mark = fingerprint("public:" + key)
    if let found = known.holder(mark) { return found.environment }
    let before = known.changes
    let found = try await store.read {
      try DeploymentEnvironment.fetchOne(
        $0, sql: "SELECT * FROM environment WHERE public_key = ?", arguments: [key])
    }
    if let found {
      known.remember(.init(environment: found, key: ""), for: mark, readAfter: before)
    }
    return found
  }

  func withID(_ id: String) async throws -> DeploymentEnvironment? {
    try await store.read {
      try DeploymentEnvironment.fetchOne(
        $0, sql: "SELECT * FROM environment WHERE id = ?", arguments: [id])
    }
  }

  // MARK: Settings

  /// What can be changed of an environment; what is nil stays as it is.
  struct Change: Sendable {
    var requiresHMAC: Bool?
    /// An empty text takes the key away.
    var hmacKey: String?
    /// An empty text takes the URL away.
    var callbackURL: String?
    var retentionDays: Int?
    /// All of them, in place of those that were there.
    var allowedOrigins: [String]?
  }

  func change(_ name: String, _ change: Change) async throws -> DeploymentEnvironment {
    let environment = try await named(name)
    if let key = change.hmacKey, !key.isEmpty, key.utf8.count < 32 {
      throw APIError.invalidBody(
        "an HMAC key has at least 32 bytes; 'openssl rand -hex 32' makes a good one",
        at: ["hmac_key"])
    }
    let hasKey = change.hmacKey.map { !$0.isEmpty } ?? environment.hasHMACKey
    let requiresHMAC = change.requiresHMAC ?? environment.requiresHMAC
    if requiresHMAC, !hasKey {
      throw APIError.invalidBody(
        "HMAC can't be required without an HMAC key: set 'hmac_key' first", at: ["hmac_enabled"])
    }
    if let days = change.retentionDays, !(1...3_650).contains(days) {
      throw APIError.invalidBody("'retention_days' is 1 to 3650", at: ["retention_days"])
    }
    if let url = change.callbackURL, !url.isEmpty, (try? RedirectURI(url)) == nil {
      throw APIError.invalidBody(
        "'callback_url' is an absolute https URL without '#' (http for this machine alone)",
        at: ["callback_url"])
    }
    let origins = try change.allowedOrigins.map { try AllowedOrigins($0) }
    let version = environment.version + 1
    let sealed: Data? = try change.hmacKey.flatMap { key in
      key.isEmpty ? nil : try vault.seal(key, in: Self.hmacPlace(environment.id))
    }
    let isChanged = try await store.write { database in
      // Two changes at once: the one that read what is no longer there must not put it back.
      try database.execute(
        sql: """
          UPDATE environment SET hmac_enabled = ?, callback_url = ?, retention_days = ?, allowed_origins = ?,
            version = ?
          WHERE id = ? AND version = ?
          """,
        arguments: [
          requiresHMAC, change.callbackURL.map { $0.isEmpty ? nil : $0 } ?? environment.callbackURL,
          change.retentionDays ?? environment.retentionDays,
          (origins ?? environment.allowedOrigins).stored, version, environment.id,
          environment.version,
        ])
      guard database.changesCount == 1 else { return false }
      if change.hmacKey != nil {
        try database.execute(
          sql: "UPDATE environment SET hmac_key_sealed = ? WHERE id = ?",
          arguments: [sealed, environment.id])
      }
      return true
    }
    guard isChanged else {
      throw APIError(
        409, "changed_meanwhile",
        "somebody else has changed the environment just now; look at it again")
    }
    known.forgetAll()
    return try await named(name)
  }

  // The key is one per environment and is replaced whole, so its place has no version of its own.
  private static func hmacPlace(_ id: String) -> Place {
    Place(environment: id, row: id, field: "hmac_key", version: 0)
  }

  /// The key that a backend makes digests with.
  func hmacKey(of environment: DeploymentEnvironment) async throws -> [UInt8]? {
    let sealed = try await store.read {
      try Data.fetchOne(
        $0, sql: "SELECT hmac_key_sealed FROM environment WHERE id = ?", arguments: [environment.id]
      )
    }
    return try sealed.map { try vault.open($0, in: Self.hmacPlace(environment.id)) }
  }

  // MARK: Secret keys

  /// Makes a secret key. Its text is shown now and never again.
  func makeKey(_ name: String, in environment: DeploymentEnvironment) async throws -> (
    key: SecretKey, text: String
  ) {
    let text = try random.token("kw_sk_")
    let (id, time, mark) = (try random.uuid(), now(), Data(fingerprint(text)))
    let prefix = String(text.prefix(12))
    let key = try await store.write { database in
      try database.execute(
        sql:
          "INSERT INTO secret_key (id, environment, name, prefix, digest, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [id, environment.id, name, prefix, mark, time])
      return try SecretKey.fetchOne(
        database, sql: "SELECT * FROM secret_key WHERE id = ?", arguments: [id])
    }
    guard let key else { throw StoreFailure("a key that was just stored is not there") }
    return (key, text)
  }

  func keys(of environment: DeploymentEnvironment) async throws -> [SecretKey] {
    try await writeUses()
    return try await store.read {
      try SecretKey.fetchAll(
        $0, sql: "SELECT * FROM secret_key WHERE environment = ? ORDER BY created_at",
        arguments: [environment.id])
    }
  }

  func revokeKey(_ id: String, of environment: DeploymentEnvironment) async throws {
    let time = now()
    let count = try await store.write { database in
      try database.execute(
        sql:
          "UPDATE secret_key SET revoked_at = ? WHERE id = ? AND environment = ? AND revoked_at IS NULL",
        arguments: [time, id, environment.id])
      return database.changesCount
    }
    known.forgetAll()
    guard count == 1 else {
      throw APIError.notFound(
        "unknown_key", "the environment has no such key, or it is revoked already")
    }
  }

  /// The environment that a backend's key opens; nil where it opens none.
  func withSecretKey(_ text: String) async throws -> DeploymentEnvironment? {
    let mark = fingerprint(text)
    if let found = known.holder(mark), !found.key.isEmpty {
      note(found.key)
      return found.environment
    }
    let before = known.changes
    let found = try await store.read { database -> (DeploymentEnvironment, String)? in
      guard
        let row = try Row.fetchOne(
          database,
          sql: "SELECT id, environment FROM secret_key WHERE digest = ? AND revoked_at IS NULL",
          arguments: [Data(mark)]),
        let environment = try DeploymentEnvironment.fetchOne(
          database, sql: "SELECT * FROM environment WHERE id = ?",
          arguments: [row["environment"] as String])
      else { return nil }
      return (environment, row["id"])
    }
    guard let (environment, key) = found else { return nil }
    known.remember(.init(environment: environment, key: key), for: mark, readAfter: before)
    note(key)
    return environment
  }

  private func note(_ key: String) {
    let time = now()
    uses.withLock { $0[key] = time }
  }

  /// Writes down when keys were last used: now and then, not at each use.
  func writeUses() async throws {
    let pending = uses.withLock { uses in
      defer { uses = [:] }
      return uses
    }
    if pending.isEmpty { return }
    try await store.write { database in
      for (key, time) in pending {
        try database.execute(
          sql: "UPDATE secret_key SET last_used_at = ? WHERE id = ?", arguments: [time, key])
      }
    }
  }
}
