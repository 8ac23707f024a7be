import Foundation

/// A virtual environment of Python, with what some requirements pin.
enum Python {
  /// How a script ended.
  struct Outcome: Sendable {
    let status: Int32
    /// What it printed, errors too.
    let output: String
  }

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Runs a script in the environment of its folder, which is made once for each text of its requirements.
  static func run(_ script: String, _ arguments: [String]) async throws -> Outcome {
    let script = root.appendingPathComponent(script)
    let requirements = script.deletingLastPathComponent().appendingPathComponent("requirements.txt")
    let python = try await python(
      for: requirements, named: script.deletingPathExtension().lastPathComponent)
    return try await start(python.path, [script.path] + arguments)
  }

  private static func python(for requirements: URL, named name: String) async throws -> URL {
    let folder = root.appendingPathComponent(".build/\(name)")
    let python = folder.appendingPathComponent("bin/python")
    let stamp = folder.appendingPathComponent("requirements.txt")
    let wanted = try String(contentsOf: requirements, encoding: .utf8)
    if (try? String(contentsOf: stamp, encoding: .utf8)) == wanted { return python }
    try? FileManager.default.removeItem(at: folder)
    for (program, arguments) in [
      ("python3", ["-m", "venv", folder.path]),
      (python.path, ["-m", "pip", "install", "--quiet", "-r", requirements.path]),
    ] {
      let outcome = try await start(program, arguments)
      guard outcome.status == 0 else {
        throw ServerUnderTest.Failure("\(program) \(arguments): \(outcome.output)")
      }
    }
    try wanted.write(to: stamp, atomically: true, encoding: .utf8)
    return python
  }

  /// Runs a program without holding a thread, since the server that it talks to needs them.
  static func start(_ program: String, _ arguments: [String]) async throws -> Outcome {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("kw-\(UUID().uuidString).txt")
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    let output = try FileHandle(forWritingTo: file)
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    let status = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    return Outcome(
      status: status, output: String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }
}
