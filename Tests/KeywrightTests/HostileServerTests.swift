import Foundation
import HTTPTypes
import Keywright
import KeywrightDefinition
import KeywrightHTTPClient
import Testing

/// Whatever a server does, a request ends in time with a whole answer or a typed error, and is sent once.
@Suite("Against a hostile server", .timeLimit(.minutes(3)))
struct HostileServerTests {
  typealias Outcome = HostileServer.Outcome

  static let head = "HTTP/1.1 200 OK\r\n"

  /// Sends a POST whose answer is these bytes, and sees that it was read once.
  private func post(
    _ answer: String, isHeld: Bool = false, deadline: Duration = .seconds(30)
  ) async throws -> Outcome {
    let server = try await HostileServer.running()
    let path = HostileServer.path(of: answer, isHeld: isHeld)
    let before = try await server.count(path)
    let outcome = try await server.outcome(path, .post, deadline: deadline)
    #expect(try await server.count(path) == before + 1)
    return outcome
  }

  // MARK: Cut

  @Test(
    "an answer that is cut at any byte of head or body is an interruption, and whole at its end")
  func cut() async throws {
    try await expectCuts("/cut", length: 120)
  }

  @Test("so is one in chunks, trailers included")
  func cutChunked() async throws {
    try await expectCuts("/cut-chunked", length: 101)
  }

  private func expectCuts(_ path: String, length: Int) async throws {
    let server = try await HostileServer.running()
    for count in 0..<length {
      let outcome = try await server.outcome("\(path)/\(count)", .post)
      #expect(outcome == .failure(.interrupted), "\(count) of \(length) bytes")
      #expect(try await server.count("\(path)/\(count)") == 1)
    }
    #expect(
      try await server.answer("\(path)/\(length)").body == Array(#"{"access_token":"abcde"}"#.utf8))
  }

  @Test(
    "a connection that is reset at any byte is an interruption", arguments: [0, 1, 20, 90, 119])
  func reset(_ count: Int) async throws {
    let server = try await HostileServer.running()
    #expect(try await server.outcome("/reset/\(count)", .post) == .failure(.interrupted))
    #expect(try await server.count("/reset/\(count)") == 1)
  }

  // MARK: Lengths

  @Test(
    "a length that is none, or that is two, is an interruption",
    arguments: [
      "-1", "+2", "0x2", "2x", "", " ", "2, 3", "2\r\nContent-Length: 3", "99999999999999999999",
      "18446744073709551616", "1.0", "2\r\nTransfer-Encoding: chunked",
      "2\r\nTransfer-Encoding: identity, chunked, gzip",
    ])
  func lengths(_ length: String) async throws {
    let answer = Self.head + "Content-Length: \(length)\r\n\r\n{}"
    #expect(try await post(answer) == .failure(.interrupted))
  }

  @Test(
    "a length beyond all bounds traps nowhere",
    arguments: ["9223372036854775807", "9223372036854775808", "18446744073709551615"])
  func boundless(_ length: String) async throws {
    let answer = Self.head + "Content-Length: \(length)\r\n\r\n{}"
    #expect(try await post(answer) == .failure(.interrupted))
    let held = try await post(answer, isHeld: true, deadline: .seconds(1))
    #expect(held == .failure(.timedOut) || held == .failure(.interrupted))
  }

  @Test(
    "a chunk without a length is an interruption",
    arguments: ["-1", "ffffffffffffffffff", "x", "", "0x2", "2 2", "7fffffffffffffff"])
  func chunks(_ length: String) async throws {
    let answer = Self.head + "Transfer-Encoding: chunked\r\n\r\n\(length)\r\n{}\r\n0\r\n\r\n"
    #expect(try await post(answer) == .failure(.interrupted))
  }

  @Test("trailers are read, and are no headers")
  func trailers() async throws {
    let server = try await HostileServer.running()
    let path = HostileServer.path(
      of: Self.head
        + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nSet-Cookie: a=b\r\nX-A: b\r\n\r\n",
      isHeld: true)
    let answer = try await server.answer(path, .post)
    #expect(answer.status == 200 && answer.body == Array("{}".utf8))
    #expect(answer.headers.map(\.name.canonicalName) == ["transfer-encoding"])
  }

  // MARK: What is no HTTP

  @Test(
    "what is no HTTP is an interruption",
    arguments: [
      "", "\r\n", "<html>hello</html>", "{}", "HTTP", "SSH-2.0-OpenSSH_9.6\r\n",
      "ICY 200 OK\r\n\r\n",
      "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 -20 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 99999 OK\r\n\r\n",
      "http/1.1 200 OK\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{50}",
      "\u{0}\u{0}\u{0}\u{0}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "220 mail.demo.test ESMTP\r\n",
    ])
  func junk(_ answer: String) async throws {
    #expect(try await post(answer) == .failure(.interrupted))
  }

  @Test(
    "a header line that is none is an interruption",
    arguments: [
      "X-A: a\u{0}b", "X-A\u{0}: b", "X A: b", "X-A : b", ": b", "X-A", "\u{1}: b", "X-A: a\u{7F}b",
      "X-A: a\rb", " X-A: b", "X-\u{C3}\u{A4}: b",
    ])
  func headerLines(_ line: String) async throws {
    let answer = Self.head + "\(line)\r\nContent-Length: 2\r\n\r\n{}"
    #expect(try await post(answer) == .failure(.interrupted))
  }

  @Test("a folded header line adds no header, whether the answer is taken or not")
  func folded() async throws {
    let server = try await HostileServer.running()
    let path = HostileServer.path(
      of: Self.head + "X-A: a\r\n Set-Cookie: b=c\r\nContent-Length: 2\r\n\r\n{}")
    do {
      let answer = try await server.answer(path, .post)
      #expect(answer.status == 200 && answer.body == Array("{}".utf8))
      #expect(answer.headers[.setCookie] == nil)
      for field in answer.headers { #expect(!field.value.utf8.contains(0x0A)) }
    } catch let error as TransportError {
      #expect(error.reason == .interrupted)
    }
    #expect(try await server.count(path) == 1)
  }

  @Test(
    "a status that has no body, or that nobody knows, is an answer in time",
    arguments: [
      ("204 No Content", 204), ("304 Not Modified", 304), ("999 Denied", 999), ("600 Odd", 600),
      ("203 ", 203), ("418 \u{C3}\u{A4}", 418),
    ])
  func statuses(_ status: String, _ code: Int) async throws {
    let answer = "HTTP/1.1 \(status)\r\nContent-Length: 2\r\n\r\n{}"
    #expect(try await post(answer, isHeld: true) == .answer(code))
  }

  @Test(
    "an interim answer of any number is not the answer",
    arguments: ["100 Continue", "103 Early Hints", "150 Odd", "199 Odd"])
  func interim(_ status: String) async throws {
    let interim = "HTTP/1.1 \(status)\r\n\r\n"
    #expect(
      try await post(interim, isHeld: true, deadline: .seconds(1)) == .failure(.timedOut))
    let answer = interim + interim + Self.head + "Content-Length: 2\r\n\r\n{}"
    #expect(try await post(answer, isHeld: true) == .answer(200))
  }

  @Test("a status below 100 is an interruption", arguments: ["000 Zero", "001 One", "099 Odd"])
  func low(_ status: String) async throws {
    for rest in ["Content-Length: 2\r\n\r\n{}", "Content-Length: 0\r\n\r\n", "\r\n"] {
      let answer = "HTTP/1.1 \(status)\r\n\(rest)"
      #expect(try await post(answer, isHeld: true) == .failure(.interrupted))
      #expect(try await post(answer + Self.head + "\r\n") == .failure(.interrupted))
    }
  }

  @Test("a switch of protocols that nobody asked for does not hang")
  func switched() async throws {
    let outcome = try await post(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      isHeld: true, deadline: .seconds(1))
    #expect(outcome != .answer(200))
  }

  // MARK: Without an end

  @Test(
    "what never ends is ended by the deadline",
    arguments: [
      "drip-head", "drip-line", "drip-body", "drip-chunk", "drip-extension", "flood-continue",
      "flood-hints", "flood-extension",
    ])
  func endless(_ name: String) async throws {
    let server = try await HostileServer.running()
    #expect(
      try await server.outcome("/\(name)", .post, deadline: .seconds(1)) == .failure(.timedOut))
    #expect(try await server.count("/\(name)") == 1)
  }

  @Test(
    "headers have a limit, each and together",
    arguments: ["large-header", "many-headers", "flood-head", "flood-trailers"])
  func headers(_ name: String) async throws {
    let server = try await HostileServer.running()
    #expect(try await server.outcome("/\(name)", .post) == .failure(.tooLarge))
    #expect(try await server.count("/\(name)") == 1)
  }

  @Test(
    "what is packed is asked for by nobody and never unpacked",
    arguments: [("gzip", 200), ("gzip", 302), ("deflate", 200), ("deflate", 302)])
  func bombs(_ coding: String, _ status: Int) async throws {
    let server = try await HostileServer.running()
    // 64 MiB of zeros, in some 64 KiB.
    let answer = try await server.answer("/\(coding)-\(status)", .post)
    #expect(answer.status == status && answer.body.count < 128 * 1_024)
    #expect(answer.headers[.contentLength] == String(answer.body.count))
    let head = String(decoding: try await server.answer("/head").body, as: UTF8.self)
    #expect(!head.lowercased().contains("accept-encoding"))
  }

  // MARK: Redirects and challenges

  @Test(
    "a redirect is the answer, wherever it points",
    arguments: [
      "TARGET/followed", "//TARGET/followed", "/followed", "followed", "?followed",
      "https:followed",
      "http://a@TARGET/followed", "http://TARGET\\@evil.test/followed", "/\\evil.test",
      "javascript:1",
      "https://[::1", "https://[", "http://127.0.0.1:99999/", "http://:80/", "data:,x",
      "\u{C3}\u{A4}", "",
      "http://TARGET/followed\u{9}", "HTTP://TARGET/FOLLOWED",
    ])
  func redirects(_ location: String) async throws {
    let server = try await HostileServer.running()
    let text = location.replacing("TARGET", with: server.target)
    for status in [301, 302, 303, 307, 308] {
      let answer =
        "HTTP/1.1 \(status) Moved\r\nLocation: \(text)\r\nContent-Length: 0\r\n\r\n"
      #expect(try await post(answer, isHeld: true) == .answer(status))
    }
    for path in ["/followed", "/FOLLOWED", "//followed"] {
      #expect(try await server.count(path) == 0)
    }
  }

  @Test(
    "a challenge is the answer, and asks for no second request",
    arguments: [
      "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"a\"",
      "401 Unauthorized\r\nWWW-Authenticate: Negotiate", "401 Unauthorized",
      "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"a\"",
    ])
  func challenges(_ status: String) async throws {
    let answer = "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n"
    #expect(try await post(answer, isHeld: true) == .answer(Int(status.prefix(3)) ?? 0))
  }

  @Test(
    "an answer that asks for another try gets none",
    arguments: ["408 Request Timeout", "421 Misdirected Request", "425 Too Early", "503 Busy"])
  func retries(_ status: String) async throws {
    let answer =
      "HTTP/1.1 \(status)\r\nRetry-After: 0\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    #expect(try await post(answer) == .answer(Int(status.prefix(3)) ?? 0))
  }

  // MARK: Connections

  @Test("a second answer that nobody asked for is not the next request's")
  func unsolicited() async throws {
    let server = try await HostileServer.running()
    let transport = try server.transport()
    let ok = Self.head + "Content-Length: 2\r\n\r\n{}"
    let path = HostileServer.path(
      of: ok + Self.head + "Content-Length: 4\r\n\r\nevil", isHeld: true)
    for _ in 0..<20 {
      _ = try? await HostileServer.send(path, .post, over: transport)
      if let answer = try? await HostileServer.send("/ok", over: transport) {
        #expect(answer.body == Array(#"{"access_token":"abcde"}"#.utf8))
      }
    }
    await transport.shutdown()
  }

  @Test("an idle connection that closes under a POST lets it through once, or ends it")
  func idle() async throws {
    let server = try await HostileServer.running()
    let transport = try server.transport()
    var answers = 0
    for round in 0..<120 {
      // The server closes 0 to 2.9 ms after its answer: before the POST, while it is sent, and after it.
      _ = try? await HostileServer.send("/closing/\(round % 30)", over: transport)
      let path = "/ok/\(round)"
      do {
        answers += try await HostileServer.send(path, .post, over: transport).status == 200 ? 1 : 0
        #expect(try await server.count(path) == 1)
      } catch {
        #expect(error is TransportError)
        #expect(try await server.count(path) <= 1)
      }
    }
    await transport.shutdown()
    #expect(answers > 0)
  }

  @Test("a connection is kept for what follows at once, and not for as long as servers close it")
  func kept() async throws {
    let server = try await HostileServer.running()
    let transport = try server.transport()
    func connection() async throws -> String {
      String(
        decoding: try await HostileServer.send("/connection", over: transport).body, as: UTF8.self)
    }
    var pairs = 0
    for _ in 0..<10 {
      let (one, other) = (try await connection(), try await connection())
      pairs += one == other ? 1 : 0
    }
    #expect(pairs > 0)
    let before = try await connection()
    try await Task.sleep(for: .milliseconds(4_500))
    #expect(try await connection() != before)
    await transport.shutdown()
  }

  @Test("a POST that was read and not answered is an interruption, and is not sent again")
  func doomed() async throws {
    let server = try await HostileServer.running()
    let transport = try server.transport()
    for round in 0..<20 {
      _ = try await HostileServer.send("/doomed", over: transport)
      let path = "/ok/doomed-\(round)"
      let error = await #expect(throws: TransportError.self) {
        try await HostileServer.send(path, .post, over: transport)
      }
      #expect(error?.reason == .interrupted)
      #expect(try await server.count(path) == 1)
    }
    await transport.shutdown()
  }

  /// A transport to one of the listeners that break before HTTP begins.
  private func broken(
    _ index: Int, scheme: String = "http", deadline: Duration = .seconds(30)
  ) async throws -> HTTPClientTransport {
    let port = try await HostileServer.running().ports()[index]
    return HTTPClientTransport(
      origins: try OriginMap([HostileServer.origin: "\(scheme)://127.0.0.1:\(port)"]),
      deadline: deadline)
  }

  @Test("a connection that is closed or reset at once is an error at once", arguments: [0, 1])
  func closedAtOnce(_ index: Int) async throws {
    for _ in 0..<20 {
      let transport = try await broken(index)
      let error = await #expect(throws: TransportError.self) {
        try await HostileServer.send("/", .post, over: transport)
      }
      #expect(error?.reason == .interrupted || error?.reason == .unreachable)
      await transport.shutdown()
    }
  }

  @Test(
    "where TLS does not come about nothing was sent: closed, reset, no TLS, silence",
    arguments: [0, 1, 2, 3])
  func noTLS(_ index: Int) async throws {
    let transport = try await broken(index, scheme: "https", deadline: .seconds(1))
    let start = ContinuousClock.now
    let error = await #expect(throws: TransportError.self) {
      try await HostileServer.send("/", .post, over: transport)
    }
    #expect(error?.reason == .unreachable)
    await transport.shutdown()
    // A connection may take ten seconds to come about; the deadline is before that, for its end as well.
    #expect(ContinuousClock.now - start < .seconds(8))
  }

  @Test("an answer that comes before the request is none, or is taken whole")
  func early() async throws {
    for _ in 0..<50 {
      let transport = try await broken(4, deadline: .seconds(1))
      do {
        let answer = try await HostileServer.send("/", .post, over: transport)
        #expect(answer.body == Array(#"{"access_token":"abcde"}"#.utf8))
      } catch {
        #expect(error.reason != .refused)
      }
      await transport.shutdown()
    }
  }

  static let pieces = [
    "\r\n", "\n", "\r", " ", ":", "\u{0}", "HTTP/1.1 ", "HTTP/1.0 ", "HTTP/2 ", "1", "0", "099",
    "101",
    "100", "204", "304", "999", "-", "Content-Length: ", "Transfer-Encoding: chunked\r\n",
    "chunked, ",
    "Connection: close\r\n", "Connection: Upgrade\r\nUpgrade: h2c\r\n", "\r\n\r\n", "0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "Trailer: a\r\n", "ffffffff", "é",
  ]

  /// With more mutations in `KEYWRIGHT_MUTATIONS` it is a campaign.
  @Test("500 mutated answers end in time, each in an answer or a typed error")
  func mutations() async throws {
    let server = try await HostileServer.running()
    var random = SystemNumbers(seed: 61)
    let seeds = [
      Self.head + "Content-Type: a/b\r\nContent-Length: 2\r\n\r\n{}",
      Self.head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-T: a\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
    ]
    let count =
      ProcessInfo.processInfo.environment["KEYWRIGHT_MUTATIONS"].flatMap { Int($0) } ?? 500
    var outcomes: [String: Int] = [:]
    for index in 0..<count {
      var bytes = Array(seeds[index % seeds.count].utf8)
      for _ in 0...Int.random(in: 0...3, using: &random) {
        let at = Int.random(in: 0...bytes.count, using: &random)
        let end = min(at + Int.random(in: 0...4, using: &random), bytes.count)
        let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
        bytes.replaceSubrange(at..<end, with: Array(piece.utf8))
      }
      let path = "/raw/" + Encoding.base64URL(bytes)
      let outcome = try await server.outcome(path, index % 4 == 0 ? .get : .post)
      outcomes["\(outcome)", default: 0] += 1
      #expect(
        outcome != .failure(.timedOut), "\(String(decoding: bytes, as: UTF8.self).debugDescription)"
      )
    }
    #expect(outcomes.count > 2, "\(outcomes)")
  }

  @Test("a POST to a port that nobody listens on is unreachable")
  func refused() async throws {
    let transport = HTTPClientTransport(
      origins: try OriginMap([HostileServer.origin: "http://127.0.0.1:1"]))
    let error = await #expect(throws: TransportError.self) {
      try await HostileServer.send("/", .post, over: transport)
    }
    #expect(error?.reason == .unreachable)
    await transport.shutdown()
  }

  @Test("a server that is silent in the head is a time-out: the request was sent")
  func silent() async throws {
    let transport = try await broken(3, deadline: .seconds(1))
    let error = await #expect(throws: TransportError.self) {
      try await HostileServer.send("/", .post, over: transport)
    }
    #expect(error?.reason == .timedOut)
    await transport.shutdown()
  }

  @Test(
    "any deadline is one",
    arguments: [Duration.seconds(Int64.max), .seconds(10_000_000_000), .seconds(-1), .zero])
  func deadlines(_ deadline: Duration) async throws {
    let outcome = try await HostileServer.running().outcome("/ok", .post, deadline: deadline)
    let expected: [Outcome] =
      deadline > .zero ? [.answer(200)] : [.failure(.timedOut), .failure(.unreachable)]
    #expect(expected.contains(outcome))
  }

  @Test("a transport that was ended sends nothing")
  func ended() async throws {
    let server = try await HostileServer.running()
    let transport = try server.transport()
    await transport.shutdown()
    await #expect(throws: TransportError.self) {
      try await HostileServer.send("/ok/ended", .post, over: transport)
    }
    #expect(try await server.count("/ok/ended") == 0)
  }

  @Test("a caller that gives up ends the request")
  func cancelled() async throws {
    let server = try await HostileServer.running()
    let transport = try server.transport()
    let task = Task { try await HostileServer.send("/drip-body", .post, over: transport) }
    try await Task.sleep(for: .milliseconds(300))
    task.cancel()
    let error = await #expect(throws: TransportError.self) { try await task.value }
    #expect(error?.reason == .interrupted || error?.reason == .unreachable)
    await transport.shutdown()
  }
}
