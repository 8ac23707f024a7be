import Keywright
import KeywrightTesting
import KeywrightZ
import Testing

@Suite("The callback")
struct CallbackTests {
  /// Nothing may be sent for a callback that is refused: the transport would say `unreachable`.
  @Test(
    "each fault has its code, and what comes first in the order decides",
    arguments: [
      ("", "missing_state"), ("code=c", "missing_state"), ("code=c&state=", "state_mismatch"),
      ("code=c&state=wrong", "state_mismatch"),
      ("error=access_denied&state=wrong", "state_mismatch"),
      ("error=access_denied", "missing_state"), ("code=c&state=STATEx", "state_mismatch"),
      ("code=c&state=STATE&state=STATE", "repeated_parameter"),
      ("code=c&code=d&state=STATE", "repeated_parameter"),
      ("code=c&state=STATE&error=x&error=y", "repeated_parameter"),
      ("error=access_denied&state=STATE", "access_denied"),
      ("error=access_denied&code=c&state=STATE", "access_denied"),
      ("error=invalid_scope&state=STATE", "invalid_scope"),
      ("error=server_error&state=STATE", "temporarily_unavailable"),
      ("error=custom&state=STATE", "refused"), ("state=STATE", "missing_parameter"),
      ("code=&state=STATE", "missing_parameter"), ("code=%zz&state=STATE", "malformed_callback"),
      ("code=%ff&state=STATE", "malformed_callback"),
    ])
  func faults(_ query: String, _ code: String) async throws {
    let flow = try Flow()
    let error = await #expect(throws: AuthorizationError.self) { try await flow.finish(query) }
    #expect(error?.code.text == code)
    #expect(error.map { "\($0)".contains(flow.state) } == false)
  }

  @Test("the state is compared before a lifetime is looked at, and ten minutes are its lifetime")
  func age() async throws {
    let flow = try Flow(at: 1_000)
    let late = await #expect(throws: AuthorizationError.self) {
      try await flow.finish("code=c&state=STATE", at: 1_601)
    }
    #expect(late?.code == .expiredFlow)
    let wrong = await #expect(throws: AuthorizationError.self) {
      try await flow.finish("code=c&state=x", at: 1_601)
    }
    #expect(wrong?.code == .stateMismatch)
    let intime = await #expect(throws: AuthorizationError.self) {
      try await flow.finish("code=c&state=STATE", at: 1_600)
    }
    #expect(intime?.code == .unreachable)
  }

  @Test("RFC 6749 §4.1.2: a code that is decoded once goes out encoded once")
  func code() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://demo.test }
      auth:
        oauth2:
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token
      """, setup: ["client_id": "cid", "client_secret": "sec"])
    try flow.begin()
    try flow.callback(
      "code=4%2F0Ab%252Bc%2Bd&state=STATE", answers: [.json(#"{"access_token":"a"}"#)])
    #expect(flow.body(0).contains("code=4%2F0Ab%252Bc%2Bd&"))
  }

  @Test("what is not named is ignored")
  func ignored() async throws {
    let flow = try Flow()
    let transport = CannedTransport(json: #"{"access_token":"a"}"#, #"{"user":{"id":1}}"#)
    let connection = try await flow.finish(
      "a=1&a=2&code=c&state=STATE&session_state=x", over: transport)
    #expect(connection.account?.id == "1")
  }

  @Test("a path and query will do, and a fragment is no part of either")
  func forms() async throws {
    let flow = try Flow()
    for callback in ["/cb?code=c&state=\(flow.state)", "?code=c&state=\(flow.state)#_=_"] {
      let transport = CannedTransport(json: #"{"access_token":"a"}"#, #"{"user":{"id":1}}"#)
      _ = try await flow.pending.finish(
        callback: callback, client: Flow.client, over: transport, in: Flow.surroundings())
      #expect(parameter("code", sentIn: transport.seen[0].body) == "c")
    }
  }

  @Test("the provider's words come through on one line, capped")
  func words() async throws {
    let flow = try Flow()
    let long = String(repeating: "x", count: 2_000)
    let error = await #expect(throws: AuthorizationError.self) {
      try await flow.finish(
        "error=access_denied&error_description=User%20said%0A%3Cb%3Eno\(long)&state=STATE")
    }
    let words = try #require(error?.providerDescription)
    #expect(words.hasPrefix("User said <b>no"))
    #expect(words.count <= 301)
    #expect(!words.contains("\n"))
  }
}
