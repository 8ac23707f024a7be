import Foundation

/// Parsers of URLs that nobody here wrote, in Python: `Tests/Servers/oracles/urls.py`.
enum URLOracle {
  struct Failure: Error, CustomStringConvertible { let description: String }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../..").standardizedFileURL

  /// What they read in a file of URLs, a line each.
  static func read(_ file: URL) throws -> String {
    let oracles = root.appendingPathComponent("Tests/Servers/oracles")
    let requirements = oracles.appendingPathComponent("url-requirements.txt")
    let folder = root.appendingPathComponent(".build/url-oracle")
    let python = folder.appendingPathComponent("bin/python")
    let stamp = folder.appendingPathComponent("requirements.txt")
    let wanted = try String(contentsOf: requirements, encoding: .utf8)
    if (try? String(contentsOf: stamp, encoding: .utf8)) != wanted {
      try? FileManager.default.removeItem(at: folder)
      _ = try run("python3", ["-m", "venv", folder.path])
      _ = try run(python.path, ["-m", "pip", "install", "--quiet", "-r", requirements.path])
      try wanted.write(to: stamp, atomically: true, encoding: .utf8)
    }
    return try run(python.path, [oracles.appendingPathComponent("urls.py").path, file.path])
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(program) \(arguments) ended with \(process.terminationStatus)")
    }
    return String(decoding: text, as: UTF8.self)
  }
}
