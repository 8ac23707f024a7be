import Foundation
import Synchronization
import Testing

/// A value that several tasks change.
final class Box<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>
  init(_ value: Value) { mutex = Mutex(value) }
  var value: Value { mutex.withLock { $0 } }
  func change(_ body: @Sendable (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}

/// The server as people run it: the program, in a process of its own.
final class ServerProcess: Sendable {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../..").standardizedFileURL

  private let process: Process
  private let output = Box("")
  let port: Int

  /// Starts the program, and waits until it serves.
  init(_ arguments: [String], port: Int, environment: [String: String] = [:]) async throws {
    self.port = port
    process = Process()
    process.executableURL = Self.root.appendingPathComponent(".build/debug/keywright")
    process.arguments = ["serve", "--port", String(port)] + arguments
    process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    pipe.fileHandleForReading.readabilityHandler = { [output] handle in
      let text = String(decoding: handle.availableData, as: UTF8.self)
      output.change { $0 += text }
    }
    try process.run()
    let deadline = ContinuousClock.now + .seconds(30)
    while !text.contains("Keywright serves at") {
      guard process.isRunning, ContinuousClock.now < deadline else {
        throw ServerUnderTest.Failure("the server did not start: \(text)")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// What it has printed.
  var text: String { output.value }

  var address: String { "http://127.0.0.1:\(port)" }

  /// A token that it printed when it started.
  func printed(_ prefix: String) throws -> String {
    let found = text.firstRange(of: prefix).map {
      text[$0.lowerBound...].prefix { $0.isLetter || $0.isNumber || "_-".contains($0) }
    }
    return String(try #require(found))
  }

  /// As a power cut ends it.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// As an operator ends it.
  func stop() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Runs the program to its end.
  static func run(_ arguments: [String], environment: [String: String] = [:], input: String? = nil)
    async throws -> (code: Int32, text: String)
  {
    let process = Process()
    process.executableURL = root.appendingPathComponent(".build/debug/keywright")
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    let (pipe, entry) = (Pipe(), Pipe())
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = entry
    try process.run()
    if let input { entry.fileHandleForWriting.write(Data(input.utf8)) }
    try entry.fileHandleForWriting.close()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// A port that nobody uses now.
  static func freePort() -> Int {
    let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(handle) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        bind(handle, plain, length)
        getsockname(handle, plain, &length)
      }
      return Int(UInt16(bigEndian: pointer.pointee.sin_port))
    }
  }
}
