import Foundation
import HTTPTypes
import Keywright
import KeywrightHTTPClient

/// Authlib's OAuth 2.0 server on loopback: a provider that nobody here wrote.
///
/// One for all tests. It ends when its standard input does, and so with the test process.
struct AuthlibServer: Sendable {
  /// What it stands in for.
  static let origin = "https://acme.notebook.test"
  static let client = OAuthClient(id: "kw-client", secret: Secret("kw-secret-7f3d"))

  let target: String
  let origins: OriginMap

  private static let started = Task { try start() }

  /// The running server. Without Python, Authlib or a free port the test fails.
  static func running() async throws -> AuthlibServer { try await started.value }

  struct Failure: Error, CustomStringConvertible { let description: String }

  private static func start() throws -> AuthlibServer {
    let folder = Repository.root.appendingPathComponent("Tests/Servers/authlib")
    let python = try environment(for: folder.appendingPathComponent("requirements.txt"))
    let target = try PythonServer.start(python.path, folder.appendingPathComponent("server.py"))
    return AuthlibServer(target: target, origins: try OriginMap([origin: target]))
  }

  /// A virtual environment with what the requirements pin, made once for each text of them.
  private static func environment(for requirements: URL) throws -> URL {
    let folder = Repository.root.appendingPathComponent(".build/authlib")
    let python = folder.appendingPathComponent("bin/python")
    let stamp = folder.appendingPathComponent("requirements.txt")
    let wanted = try String(contentsOf: requirements, encoding: .utf8)
    if (try? String(contentsOf: stamp, encoding: .utf8)) == wanted { return python }
    try? FileManager.default.removeItem(at: folder)
    for (program, arguments) in [
      ("python3", ["-m", "venv", folder.path]),
      (python.path, ["-m", "pip", "install", "--quiet", "-r", requirements.path]),
    ] {
      let outcome = try Command.run(program, arguments)
      guard outcome.status == 0 else {
        throw Failure(description: "\(program) \(arguments): \(outcome.errors)")
      }
    }
    try wanted.write(to: stamp, atomically: true, encoding: .utf8)
    return python
  }

  /// The browser: follows the authorization URL to its redirect, and gives that.
  func callback(of url: String, over transport: HTTPClientTransport) async throws -> String {
    let rest = url.dropFirst("https://".count)
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let request = HTTPRequest(
      method: .get, scheme: "https", authority: String(rest[..<slash]), path: String(rest[slash...])
    )
    let answer = try await transport.send(request, body: nil)
    guard let location = answer.headers[.location] else {
      throw Failure(description: "no redirect: \(String(decoding: answer.body, as: UTF8.self))")
    }
    return location
  }
}
