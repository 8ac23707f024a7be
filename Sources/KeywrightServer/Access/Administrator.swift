internal import Foundation
internal import GRDB
internal import KeywrightCrypto
internal import KeywrightDefinition

/// The person who runs the installation: made with a token that the start prints, known by a password from then on.
package final class Administrator: Sendable {
  private let store: Store
  private let random: Random
  private let now: @Sendable () -> Int64

  /// How long a log-in lasts. Unit: seconds.
  private static let sessionLifetime: Int64 = 12 * 3_600

  init(store: Store, random: Random, now: @escaping @Sendable () -> Int64) {
    self.store = store
    self.random = random
    self.now = now
  }

  /// Whether somebody has set a password.
  package func exists() async throws -> Bool { try await store.setting("admin_password") != nil }

  /// A token with which the first password is set, once. One that was made before no longer works.
  package func makeSetupToken() async throws -> String {
    let token = try random.token("kw_setup_")
    try await store.set("admin_setup", to: Encoding.hex(fingerprint(token)))
    return token
  }

  /// Sets the first password.
  func setUp(token: String, password: String) async throws {
    if try await exists() {
      throw APIError(
        409, "admin_exists",
        "there is an administrator already; 'keywright admin password' sets a new password")
    }
    guard let wanted = try await store.setting("admin_setup").flatMap(Encoding.bytes(hex:)),
      isEqualInConstantTime(fingerprint(token), wanted)
    else {
      throw APIError(
        401, "invalid_setup_token", "this is not the token that the server printed when it started")
    }
    try await setPassword(password)
  }

  /// Sets a password, in the place of the one that was there; whoever is logged in no longer is.
  package func setPassword(_ password: String) async throws {
    try Self.check(password)
    let salt = try random.bytes(16)
    let digest = try passwordDigest(Array(password.utf8), salt: salt)
    try await store.set(
      "admin_password", to: "scrypt.\(Encoding.hex(salt)).\(Encoding.hex(digest))")
    try await store.set("admin_setup", to: nil)
    try await store.write { try $0.execute(sql: "DELETE FROM admin_session") }
  }

  static func check(_ password: String) throws(APIError) {
    guard (12...1_024).contains(password.utf8.count) else {
      throw APIError.invalidBody("a password has at least 12 characters", at: ["password"])
    }
  }

  /// Logs in: gives a token for the administrator's part of the interface.
  func logIn(password: String) async throws -> String {
    let parts =
      try await store.setting("admin_password")?.split(separator: ".").map(String.init) ?? []
    guard parts.count == 3, let salt = Encoding.bytes(hex: parts[1]),
      let wanted = Encoding.bytes(hex: parts[2]),
      isEqualInConstantTime(try passwordDigest(Array(password.utf8), salt: salt), wanted)
    else {
      throw APIError(
        401, "invalid_password",
        "this is not the administrator's password; 'keywright admin password' sets a new one")
    }
    let token = try random.token("kw_admin_")
    let (mark, end, time) = (Data(fingerprint(token)), now() + Self.sessionLifetime, now())
    try await store.write { database in
      try database.execute(
        sql: "DELETE FROM admin_session WHERE expires_at <= ?", arguments: [time])
      try database.execute(
        sql: "INSERT INTO admin_session (digest, expires_at) VALUES (?, ?)", arguments: [mark, end])
    }
    return token
  }

  /// Whether a token is one of somebody who is logged in.
  func isLoggedIn(_ token: String) async throws -> Bool {
    let (mark, time) = (Data(fingerprint(token)), now())
    return try await store.read {
      try Int.fetchOne(
        $0, sql: "SELECT 1 FROM admin_session WHERE digest = ? AND expires_at > ?",
        arguments: [mark, time]) != nil
    }
  }

  func logOut(_ token: String) async throws {
    let mark = Data(fingerprint(token))
    try await store.write {
      try $0.execute(sql: "DELETE FROM admin_session WHERE digest = ?", arguments: [mark])
    }
  }
}
