import Foundation

/// A server in Python that says its port, and ends when its standard input does: with the test process.
enum PythonServer {
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Starts a server, and gives its origin.
  static func start(_ python: String, _ script: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, script.path]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    // The pipe's writing end stays open as long as this process lives.
    _ = Unmanaged.passRetained(input)
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let words = line.split { $0 == " " || $0 == "\n" }
    guard let port = words.last.flatMap({ Int($0) }) else {
      throw Failure(description: "\(script.lastPathComponent) did not say its port: '\(line)'")
    }
    return "http://127.0.0.1:\(port)"
  }
}
