package import Foundation
internal import GRDB

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The database of one server: SQLite in a folder that nobody else may read.
package final class Store: Sendable {
  /// Readers beside one writer (WAL).
  let database: DatabasePool

  /// The folder that it lies in.
  package let folder: URL

  /// Opens the folder's database, and makes both on the first start.
  package init(in folder: URL) throws {
    self.folder = folder
    try Self.make(folder)
    // What SQLite makes beside the database gets the rights of the database.
    let path = folder.appendingPathComponent("keywright.sqlite").path
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = true
    configuration.maximumReaderCount = 4
    configuration.label = "keywright"
    configuration.prepareDatabase { database in
      // A commit is on the disk before a request goes out (reliability).
      try database.execute(sql: "PRAGMA synchronous = FULL")
      // What is deleted is overwritten: a row's ciphertext too.
      try database.execute(sql: "PRAGMA secure_delete = ON")
    }
    database = try DatabasePool(path: path, configuration: configuration)
    try Schema.migrator.migrate(database)
  }

  static func make(_ folder: URL) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw StoreFailure("'\(folder.path)' is a file; the server's data needs a folder")
      }
      return
    }
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// Brings everything into the one file, and ends.
  func shutDown() throws {
    _ = try database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    try database.close()
  }

  /// Changes something, whole or not at all; it is on the disk when this returns.
  func write<Result: Sendable>(
    _ change: @Sendable @escaping (Database) throws -> Result
  ) async throws -> Result {
    try await database.write(change)
  }

  /// Reads at one point in time.
  func read<Result: Sendable>(
    _ reading: @Sendable @escaping (Database) throws -> Result
  ) async throws -> Result {
    try await database.read(reading)
  }

  /// A setting of the installation; nil where it has none of that name.
  func setting(_ name: String) async throws -> String? {
    try await read { database in
      try String.fetchOne(
        database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
    }
  }

  /// Keeps a setting of the installation.
  func set(_ name: String, to value: String?) async throws {
    try await write { database in
      if let value {
        try database.execute(
          sql:
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
          arguments: [name, value])
      } else {
        try database.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [name])
      }
    }
  }
}

/// Why the store can't be used.
package struct StoreFailure: Error, CustomStringConvertible {
  /// What was found, and what to do.
  package let description: String

  /// Says why.
  package init(_ description: String) { self.description = description }
}

/// Sees to it that one folder has one server: a second one would renew the same refresh tokens.
package final class FolderLock: Sendable {
  private let file: Int32

  /// Takes the folder, until the process ends.
  /// - Throws: ``StoreFailure`` where another process has it.
  package init(_ folder: URL) throws {
    try Store.make(folder)
    let path = folder.appendingPathComponent("lock").path
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreFailure("'\(path)' can't be written") }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw StoreFailure(
        "another server uses '\(folder.path)'; end it, or give this one a folder of its own with --data"
      )
    }
  }

  deinit { close(file) }
}
