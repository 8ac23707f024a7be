import Foundation
import HTTPTypes
import Keywright
import KeywrightDefinition
import KeywrightHTTPClient

/// The server that means harm, on loopback; one for all tests.
struct HostileServer: Sendable {
  static let origin = "https://api.demo.test"
  let target: String

  private static let started = Task {
    HostileServer(
      target: try PythonServer.start(
        "python3", Repository.root.appendingPathComponent("Tests/Servers/hostile.py")))
  }

  /// The running server. Without Python or a free port the test fails.
  static func running() async throws -> HostileServer { try await started.value }

  /// How a request ended.
  enum Outcome: Sendable, Equatable {
    case answer(Int)
    case failure(TransportError.Reason)
  }

  /// A transport to the server.
  func transport(deadline: Duration = .seconds(30)) throws -> HTTPClientTransport {
    HTTPClientTransport(origins: try OriginMap([Self.origin: target]), deadline: deadline)
  }

  /// Sends one request over a transport.
  static func send(
    _ path: String, _ method: HTTPRequest.Method = .get, over transport: HTTPClientTransport
  ) async throws(TransportError) -> TransportAnswer {
    let request = HTTPRequest(
      method: method, scheme: "https", authority: "api.demo.test", path: path)
    return try await transport.send(request, body: method == .post ? Array("a=b".utf8) : nil)
  }

  /// Sends one request over a transport of its own, and gives its whole answer.
  func answer(
    _ path: String, _ method: HTTPRequest.Method = .get, deadline: Duration = .seconds(30)
  ) async throws -> TransportAnswer {
    let transport = try transport(deadline: deadline)
    let result: Result<TransportAnswer, TransportError>
    do {
      result = .success(try await Self.send(path, method, over: transport))
    } catch {
      result = .failure(error)
    }
    await transport.shutdown()
    return try result.get()
  }

  /// How a request over a transport of its own ends. Any error but a `TransportError` is thrown on.
  func outcome(
    _ path: String, _ method: HTTPRequest.Method = .get, deadline: Duration = .seconds(30)
  ) async throws -> Outcome {
    do {
      return .answer(try await answer(path, method, deadline: deadline).status)
    } catch let error as TransportError {
      return .failure(error.reason)
    }
  }

  /// How many requests for a path the server read to their end.
  func count(_ path: String) async throws -> Int {
    Int(String(decoding: try await answer("/count" + path).body, as: UTF8.self)) ?? -1
  }

  /// The ports of the listeners that break before HTTP begins.
  func ports() async throws -> [Int] {
    String(decoding: try await answer("/ports").body, as: UTF8.self).split(separator: " ")
      .compactMap { Int($0) }
  }

  /// The path of an answer that is these bytes; `isHeld` keeps the connection open after them.
  static func path(of answer: String, isHeld: Bool = false) -> String {
    (isHeld ? "/hold/" : "/raw/") + Encoding.base64URL(Array(answer.utf8))
  }
}
