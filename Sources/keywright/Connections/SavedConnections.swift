import ArgumentParser
import Foundation
import Keywright
import KeywrightDefinition

/// Connections that `connect --save` kept for `call`: sealed, in a folder of the user's own.
///
/// The folder is `$KEYWRIGHT_HOME`, else `keywright` in `$XDG_DATA_HOME` or `~/.local/share`; 0700, its files 0600. The
/// key lies beside what it seals: it keeps backups and other users out, not whoever is the user.
struct SavedConnections {
  let folder: String
  let key: SealingKey

  /// What `call` has to know beside the connection.
  struct About {
    /// The provider's id, or the path of its spec.
    let spec: String
    let method: String
    let setup: [String: String]
    let isSimulated: Bool
  }

  init() throws {
    let environment = ProcessInfo.processInfo.environment
    let data =
      environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.local/share"
    folder = environment["KEYWRIGHT_HOME"] ?? data + "/keywright"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    key = try Self.key(at: folder + "/key")
  }

  private static func key(at path: String) throws -> SealingKey {
    if let text = try? String(contentsOfFile: path, encoding: .utf8) {
      return try SealingKey(Secret(text))
    }
    let key = try SealingKey.random()
    try write(key.text.reveal(), to: path)
    return key
  }

  private static func write(_ text: String, to path: String) throws {
    let isMade = FileManager.default.createFile(
      atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    if !isMade { throw ValidationError("'\(path)' can't be written") }
  }

  var store: FileStore { FileStore(at: folder + "/connections", key: key) }

  private func path(of name: String) throws -> String {
    guard !name.contains("/"), !name.hasPrefix("."), !name.isEmpty else {
      throw ValidationError("'\(name)' is no name for a file")
    }
    return "\(folder)/\(name).about"
  }

  /// Keeps what belongs to a connection.
  func save(_ about: About, as name: String) throws {
    let json = JSON.object([
      .init("spec", .string(about.spec)), .init("method", .string(about.method)),
      .init("simulated", .boolean(about.isSimulated)),
      .init(
        "setup",
        .object(about.setup.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
    ])
    try Self.write(try key.sealed(json.compactText, about: name), to: path(of: name))
  }

  /// Removes a connection and what belongs to it.
  func forget(_ name: String) throws {
    _ = try about(name)
    try store.remove(name)
    try FileManager.default.removeItem(atPath: path(of: name))
  }

  /// What belongs to a connection.
  func about(_ name: String) throws -> About {
    guard let text = try? String(contentsOfFile: path(of: name), encoding: .utf8) else {
      let names = try store.ids()
      throw ValidationError(
        "no connection is saved as '\(name)'" + didYouMean(name, among: names)
          + "; 'keywright connect \(name) --save' makes one")
    }
    guard let opened = key.opened(text, about: name),
      let json = try? JSON(reading: Array(opened.utf8)), let spec = json["spec"]?.text,
      let method = json["method"]?.text, case .object(let setup)? = json["setup"]
    else { throw ValidationError("'\(try path(of: name))' was sealed under another key") }
    return About(
      spec: spec, method: method,
      setup: Dictionary(setup.map { ($0.name, $0.value.text ?? "") }) { $1 },
      isSimulated: json["simulated"] == .boolean(true))
  }
}
