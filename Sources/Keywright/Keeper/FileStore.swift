internal import KeywrightDefinition

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A folder with one sealed file a connection, for a program or a small server.
///
/// The folder has mode 0700 and its files 0600. A file is written beside the old one, brought to the disk and renamed,
/// so that a crash leaves the one or the other, whole. Several processes may share a folder.
public struct FileStore: ConnectionStore {
  /// What the file system refused.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was to be done, with what, and the system's words.
    public let description: String
  }

  private let folder: String
  private let key: SealingKey

  /// A store in a folder, which is made where there is none.
  public init(at folder: String, key: SealingKey) {
    self.folder = folder
    self.key = key
  }

  /// The connection of an id; nil where there is none.
  /// - Throws: ``AuthorizationError`` where it was sealed under another key or id, ``Failure`` where it can't be read.
  public func load(_ id: String) throws -> KeptConnection? {
    guard let bytes = try read(path(of: id)) else { return nil }
    return try KeptConnection(
      opening: String(decoding: bytes, as: UTF8.self), with: key, as: id)
  }

  /// Keeps a connection, in the place of the one that has the id: on the disk, when this returns.
  public func save(_ connection: KeptConnection, as id: String) throws {
    try makeFolder()
    let path = try path(of: id)
    let text = try connection.sealed(with: key, as: id)
    let beside = "\(path).\(getpid())"
    try write(Array(text.utf8), to: beside)
    guard rename(beside, path) == 0 else { throw failure("replace", path) }
    try flush(folder)
  }

  /// Forgets a connection.
  public func remove(_ id: String) throws {
    let path = try path(of: id)
    // The lock stays: who waits for it would else hold a file that nobody else can see.
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
  }

  /// All ids, sorted.
  public func ids() throws -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var ids: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(cString: $0)
        }
      }
      guard name.hasSuffix(Self.suffix),
        let bytes = Encoding.bytes(base64URL: String(name.dropLast(Self.suffix.utf8.count)))
      else { continue }
      ids.append(String(decoding: bytes, as: UTF8.self))
    }
    return ids.sorted()
  }

  /// Runs some work while no other process works on the same connection: a lock that ends with its process.
  public func exclusively<Outcome: Sendable>(
    _ id: String, _ work: @Sendable () async throws -> Outcome
  ) async throws -> Outcome {
    try makeFolder()
    let path = try path(of: id) + ".lock"
    let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("open", path) }
    defer { close(file) }
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw failure("lock", path) }
      try await Task.sleep(for: .milliseconds(20))
    }
    return try await work()
  }

  // MARK: Files

  private static let suffix = ".connection"

  /// The id in base64 for URLs: any id is a name, and no id leaves the folder.
  private func path(of id: String) throws -> String {
    let name = Encoding.base64URL(Array(id.utf8))
    guard !id.isEmpty, name.utf8.count <= 200 else {
      throw Failure(description: "an id has 1 to 150 bytes; this one has \(id.utf8.count)")
    }
    return "\(folder)/\(name)\(Self.suffix)"
  }

  private func makeFolder() throws {
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw failure("make", folder) }
  }

  private func read(_ path: String) throws -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("read", path)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = Self.system {
        chunk.withUnsafeMutableBytes { systemRead(file, $0.baseAddress, $0.count) }
      }
      if count < 0 { throw failure("read", path) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("write", path) }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Self.system {
        rest.withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
      }
      guard count > 0 else { throw failure("write", path) }
      rest = rest.dropFirst(count)
    }
    guard fsync(file) == 0 else { throw failure("write", path) }
  }

  private func flush(_ folder: String) throws {
    let file = open(folder, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure("open", folder) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure("flush", folder) }
  }

  /// Repeats a call that a signal interrupted.
  private static func system(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  private func failure(_ what: String, _ path: String) -> Failure {
    Failure(description: "can't \(what) '\(path)': \(String(cString: strerror(errno)))")
  }
}

// Within the store, `read` and `write` are its own.
private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, bytes, count)
}

private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}

extension FileStore: CustomStringConvertible, CustomReflectable {
  /// The folder.
  public var description: String { "<connections in \(folder)>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
