package import Foundation
internal import GRDB
internal import KeywrightCrypto

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Vault {
  /// Where a key may come from.
  package struct KeySource: Sendable {
    /// The text of the environment's variable; nil where it is not set, which differs from empty.
    package var variable: String?
    /// A file that was named; nil is the one beside the database.
    package var file: String?

    /// Names where a key may come from.
    package init(variable: String? = nil, file: String? = nil) {
      self.variable = variable
      self.file = file
    }
  }

  /// Opens the vault of a store, and on its first start makes a key.
  ///
  /// Nothing is ever made where secrets are stored already: a fresh key could read none of them.
  /// - Returns: the vault, and the path of the key's file where one was made.
  /// - Throws: ``VaultFailure`` where the key is missing, unfit, or another than the one that is wanted.
  package static func opening(
    _ store: Store, by source: KeySource
  ) async throws -> (Vault, madeAt: String?) {
    let wanted = try await store.setting("key_id")
    let path = source.file ?? store.folder.appendingPathComponent("key").path
    let found = try key(from: source, at: path)
    if let wanted { try check(found, isWanted: wanted, at: path) }
    guard let key = found else {
      if source.file != nil {
        throw VaultFailure(
          "'\(path)' does not exist; make it with 'openssl rand -base64 32 > \(path)'")
      }
      let key = try make(at: path)
      try await store.set("key_id", to: key.id)
      return (Vault(key), path)
    }
    if wanted == nil { try await store.set("key_id", to: key.id) }
    return (Vault(key), nil)
  }

  /// Looks whether the key at hand is the one that a folder's database wants, and changes not a byte of it: opening it
  /// for writing does.
  package static func examine(_ folder: URL, by source: KeySource) async throws {
    let path = folder.appendingPathComponent("keywright.sqlite").path
    guard FileManager.default.fileExists(atPath: path) else { return }
    var configuration = Configuration()
    configuration.readonly = true
    let wanted = try await DatabaseQueue(path: path, configuration: configuration).read {
      database in
      try database.tableExists("setting")
        ? String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'key_id'") : nil
    }
    guard let wanted else { return }
    let keyPath = source.file ?? folder.appendingPathComponent("key").path
    try check(try key(from: source, at: keyPath), isWanted: wanted, at: keyPath)
  }

  private static func check(
    _ key: MasterKey?, isWanted wanted: String, at path: String
  ) throws(VaultFailure) {
    guard let key else {
      throw VaultFailure(
        "the key \(wanted) is missing: this database is encrypted under it; put it back at '\(path)', or name it with --encryption-key-file or KEYWRIGHT_ENCRYPTION_KEY"
      )
    }
    if wanted != key.id {
      throw VaultFailure(
        "this database is encrypted under the key \(wanted), and the key at hand is \(key.id): nothing was changed; start with the key \(wanted)"
      )
    }
  }

  private static func key(
    from source: KeySource, at path: String
  ) throws(VaultFailure) -> MasterKey? {
    if let text = source.variable {
      return try MasterKey(reading: text, from: "the variable KEYWRIGHT_ENCRYPTION_KEY")
    }
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw VaultFailure("the key's file '\(path)' can't be read; look at its owner and rights")
    }
    return try MasterKey(
      reading: String(decoding: bytes, as: UTF8.self), from: "the key's file '\(path)'")
  }

  private static func make(at path: String) throws -> MasterKey {
    guard let key = MasterKey(try KeywrightCrypto.randomBytes(32)) else {
      throw VaultFailure("the system gave no random bytes")
    }
    guard try writeKey(key.text + "\n", to: path) else {
      throw VaultFailure("the key's file '\(path)' can't be written")
    }
    return key
  }
}

/// On the disk before anything is encrypted under it.
private func writeKey(_ text: String, to path: String) throws -> Bool {
  let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  guard file >= 0 else { return false }
  let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
  try handle.write(contentsOf: Data(text.utf8))
  try handle.synchronize()
  return true
}
