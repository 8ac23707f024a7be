import Foundation
import HTTPTypes
import Keywright
import KeywrightHTTPClient
import Testing

@Suite("The transport")
struct TransportTests {
  static let origin = "https://api.demo.test"
  private static let started = Task {
    try PythonServer.start(
      "python3", Repository.root.appendingPathComponent("Tests/Servers/slow_and_large.py"))
  }

  private func send(
    _ path: String, deadline: Duration = .seconds(30), method: HTTPRequest.Method = .get
  ) async throws -> TransportAnswer {
    let origins = try OriginMap([Self.origin: try await Self.started.value])
    let transport = HTTPClientTransport(origins: origins, deadline: deadline)
    let request = HTTPRequest(
      method: method, scheme: "https", authority: "api.demo.test", path: path)
    let result: Result<TransportAnswer, TransportError>
    do {
      result = .success(try await transport.send(request, body: method == .post ? [1] : nil))
    } catch {
      result = .failure(error)
    }
    await transport.shutdown()
    return try result.get()
  }

  private func refusal(_ path: String, deadline: Duration = .seconds(30)) async throws
    -> TransportError.Reason?
  {
    let error = await #expect(throws: TransportError.self) {
      try await send(path, deadline: deadline)
    }
    return error?.reason
  }

  @Test("the deadline covers the head", .timeLimit(.minutes(1)))
  func slowHead() async throws {
    #expect(try await refusal("/drip-head", deadline: .milliseconds(400)) == .timedOut)
  }

  @Test("the deadline covers the body, though bytes keep coming", .timeLimit(.minutes(1)))
  func slowBody() async throws {
    #expect(try await refusal("/drip-body", deadline: .milliseconds(400)) == .timedOut)
  }

  @Test("1 MiB is read, and a byte more is not")
  func cap() async throws {
    #expect(try await send("/limit").body.count == 1_024 * 1_024)
    #expect(try await refusal("/over") == .tooLarge)
    #expect(try await refusal("/large") == .tooLarge)
  }

  @Test("a redirect comes back as the answer, and its body is not sent again")
  func redirect() async throws {
    let answer = try await send("/redirect", method: .post)
    #expect(answer.status == 307)
    let counts = String(decoding: try await send("/counts").body, as: UTF8.self)
    #expect(counts.contains("'/redirect': 1"))
  }

  @Test("an answer that is cut off is an interruption")
  func cut() async throws {
    #expect(try await refusal("/cut") == .interrupted)
  }

  @Test("the provider's own name is the Host, also where this machine stands in for it")
  func host() async throws {
    let text = String(decoding: try await send("/host").body, as: UTF8.self)
    #expect(text.lowercased() == "host: api.demo.test")
  }

  @Test("a refused connection is unreachable at once", .timeLimit(.minutes(1)))
  func refused() async throws {
    let origins = try OriginMap([Self.origin: "http://127.0.0.1:1"])
    try await HTTPClientTransport.with(origins: origins) { transport in
      let request = HTTPRequest(
        method: .get, scheme: "https", authority: "api.demo.test", path: "/")
      let error = await #expect(throws: TransportError.self) {
        try await transport.send(request, body: nil)
      }
      #expect(error?.reason == .unreachable)
    }
  }

  @Test("nothing goes out without TLS", arguments: ["http", "ftp", ""])
  func scheme(_ scheme: String) async throws {
    try await HTTPClientTransport.with { transport in
      let request = HTTPRequest(method: .get, scheme: scheme, authority: "127.0.0.1:1", path: "/")
      let error = await #expect(throws: TransportError.self) {
        try await transport.send(request, body: nil)
      }
      #expect(error?.reason == .refused)
    }
  }

  @Test(
    "an origin is mapped to this machine and to no other",
    arguments: [
      "http://10.0.0.1:80", "http://evil.test", "https://127.0.0.1.evil.test", "127.0.0.1",
      "http://127.0.0.1:1/x",
    ])
  func targets(_ target: String) {
    #expect(throws: FieldFailure.self) { try OriginMap([Self.origin: target]) }
  }

  @Test("the browser gets the mapped URL, with all that follows the origin")
  func browser() throws {
    let map = try OriginMap([Self.origin: "http://127.0.0.1:4711"])
    #expect(map.mapped("https://api.demo.test/a?b=c#d") == "http://127.0.0.1:4711/a?b=c#d")
    #expect(map.mapped("https://other.demo.test/a") == "https://other.demo.test/a")
    #expect(map.mapped("https://api.demo.test.evil.test/a") == "https://api.demo.test.evil.test/a")
  }
}
