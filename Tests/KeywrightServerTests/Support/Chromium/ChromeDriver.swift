import Foundation
import KeywrightDefinition

/// The one chromedriver of this test process, and how it is talked to: W3C WebDriver, which is JSON over HTTP.
struct ChromeDriver: Sendable {
  /// Where it listens.
  let address: String
  /// The browser's program.
  let program: String

  private static let started = Task { try await start() }

  /// The running driver, which ends with this process. Without it or a browser the test fails.
  static func running() async throws -> ChromeDriver { try await started.value }

  private static func start() async throws -> ChromeDriver {
    let program = try path(of: "chromium", package: "chromium")
    _ = try path(of: "chromedriver", package: "chromium-driver")
    let script = Repository.root.appendingPathComponent("Tests/Servers/browser/driver.py")
    let driver = ChromeDriver(address: try PythonServer.start("python3", script), program: program)
    let deadline = ContinuousClock.now + Chromium.patience
    while try await driver.command("GET", "/status")["ready"]?.truth != true {
      guard ContinuousClock.now < deadline else {
        throw Chromium.Failure("chromedriver does not get ready")
      }
      try await Task.sleep(for: Chromium.interval)
    }
    return driver
  }

  private static func path(of program: String, package: String) throws -> String {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let paths = folders.map { "\($0)/\(program)" }
    guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
      throw Chromium.Failure("there is no '\(program)': install Debian's package '\(package)'")
    }
    return path
  }

  /// One command.
  /// - Throws: `Chromium.Failure` with WebDriver's code, such as `no such element`.
  func command(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
    let answer = try await ServerUnderTest.send(method, address + path, body?.compactText)
    let value = answer.json["value"] ?? .null
    guard answer.status == 200 else {
      let words = value["message"]?.text ?? answer.text
      throw Chromium.Failure(
        // What follows is chromedriver's own stack.
        String(words.prefix { $0 != "\n" }), code: value["error"]?.text ?? "\(answer.status)")
    }
    return value
  }
}
