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
    let python = try PythonEnvironment.python(
      for: folder.appendingPathComponent("requirements.txt"), named: "authlib")
    let target = try PythonServer.start(python.path, folder.appendingPathComponent("server.py"))
    return AuthlibServer(target: target, origins: try OriginMap([origin: target]))
  }

  /// The browser: follows the authorization URL to its redirect, and gives that.
  func callback(of url: String, over transport: HTTPClientTransport) async throws -> String {
    let answer = try await transport.send(HTTPRequest(opening: url), body: nil)
    guard let location = answer.headers[.location] else {
      throw Failure(description: "no redirect: \(String(decoding: answer.body, as: UTF8.self))")
    }
    return location
  }
}
