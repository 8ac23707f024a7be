import Foundation
import HTTPTypes
import Keywright
import KeywrightCrypto
import KeywrightDefinition
import KeywrightTesting
import KeywrightZ
import NotebookProvider
import Testing

/// Rows of `docs/security-tests.md` that no other suite holds, by their numbers.
@Suite("Security rows")
struct SecurityRowTests {
  static let setup = ["client_id": "cid", "client_secret": "sec"]

  /// A code flow with these further lines of its method.
  private func flow(_ lines: String = "") throws -> SpecFlow {
    let indented = lines.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    return try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token
      \(indented)
      """, setup: Self.setup)
  }

  /// A flow that has ended with an access token and a refresh token.
  private func connected(_ lines: String = "") throws -> SpecFlow {
    var flow = try flow(lines)
    try flow.begin()
    try flow.callback(
      "code=c&state=STATE",
      answers: [.json(#"{"access_token":"a1","refresh_token":"r1","expires_in":60}"#)])
    return flow
  }

  private func refusal(
    _ query: String, _ lines: String = "", answers: [TransportAnswer] = []
  ) throws -> AuthorizationError {
    var flow = try flow(lines)
    try flow.begin()
    let error = #expect(throws: AuthorizationError.self) {
      try flow.callback(query, answers: answers)
    }
    #expect(flow.requests.count == answers.count && flow.state.credentials.isEmpty)
    return try #require(error)
  }

  // MARK: The start

  @Test(
    "row 1: a code flow whose spec says nothing has PKCE by S256, and sends the verifier that it kept"
  )
  func row1() throws {
    let flow = try connected()
    let url = try #require(flow.url)
    #expect(parameter("code_challenge_method", of: url) == "S256")
    let form = FormText.pairs(flow.body(0)) ?? []
    let verifier = try #require(form.first { $0.name == "code_verifier" }?.value)
    #expect(Encoding.bytes(base64URL: verifier)?.count == 32)
    #expect(
      parameter("code_challenge", of: url)
        == Encoding.base64URL(digest(Array(verifier.utf8), .sha256)))
    #expect(parameter("code_challenge", of: url) != verifier)
  }

  @Test("row 4: a flow takes one callback; a second one finds nothing that awaits it")
  func row4() throws {
    var flow = try flow()
    try flow.begin()
    let callback = EngineEvent.callback("?code=c&state=\(flow.state.state ?? "")")
    let (next, first) = flow.engine.advance(
      flow.state, callback, setup: flow.setup, in: SpecFlow.surroundings)
    guard case .request = first else {
      Issue.record("\(first)")
      return
    }
    let (_, second) = flow.engine.advance(
      next, callback, setup: flow.setup, in: SpecFlow.surroundings)
    guard case .failed(let error) = second else {
      Issue.record("\(second)")
      return
    }
    #expect(error.code == .malformedCallback)
  }

  @Test(
    "row 6: a flow whose definition has changed since it began is refused, whatever key sealed it")
  func row6() throws {
    let key = try SealingKey.random()
    let notebook = Notebook(workspace: try HostLabel("acme"))
    let pending = try notebook.oauth.begin(
      client: Flow.client, scopes: [.notesRead], redirectURI: RedirectURI(Flow.redirectURI))
    let sealed = try pending.sealed(with: key)
    let text = try open(sealed, with: key.text.reveal(), purpose: "kwf1")
    let kept = try JSON(reading: text)
    let digest = try #require(kept["state"]?["digest"]?.text)
    func resealed(_ text: String) throws -> String {
      let nonce = [UInt8](repeating: 7, count: 12)
      let cipher = try AESGCM(key: Encoding.bytes(base64URL: key.text.reveal()) ?? [])
      let sealed = try cipher.seal(
        Array(text.utf8), nonce: nonce, authenticating: Array("kwf1\u{0}notebook".utf8))
      return "kwf1." + Encoding.base64URL(nonce + sealed)
    }
    #expect(throws: Never.self) {
      try Pending<Notebook>(opening: resealed(text), with: key)
    }
    let other = text.replacing(digest, with: String(digest.reversed()))
    let error = #expect(throws: AuthorizationError.self) {
      try Pending<Notebook>(opening: resealed(other), with: key)
    }
    #expect(error?.code == .incompatible)
  }

  @Test("row 9: a nonce of 256 bits goes out where the spec reads one, new for each flow")
  func row9() throws {
    var nonces: Set<String> = []
    for _ in 0..<100 {
      let flow = try flow("authorization_parameters: { nonce: $<nonce> }")
      let (_, effect) = flow.engine.advance(
        flow.state, .begin, setup: flow.setup, in: .system)
      guard case .redirect(let url) = effect else { throw Unexpected(effect: "\(effect)") }
      let nonce = try #require(parameter("nonce", of: url))
      #expect(Encoding.bytes(base64URL: nonce)?.count == 32)
      #expect(nonces.insert(nonce).inserted)
      #expect(nonce != parameter("state", of: url))
    }
  }

  struct Unexpected: Error { let effect: String }

  @Test(
    "row 10: a caller can set no parameter of the flow's own",
    arguments: [
      "state", "redirect_uri", "client_id", "response_type", "scope", "code_challenge",
      "code_challenge_method", "nonce", "request", "request_uri", "response_mode", "STATE",
      "state\u{0}", " state",
    ])
  func row10(_ name: String) throws {
    let error = #expect(throws: AuthorizationError.self) {
      try Catalogue([Zendesk.self]).provider("zendesk").method("oauth").begin(
        ProviderFields(entries: ["subdomain": "acme"]), client: Flow.client, hints: [(name, "x")],
        redirectURI: RedirectURI(Flow.redirectURI))
    }
    #expect(error?.code == .invalidField)
  }

  // MARK: The callback

  @Test(
    "row 17: a token that the browser brings is refused, and with it the code beside it",
    arguments: [
      "access_token=t&state=STATE", "code=c&access_token=t&state=STATE",
      "code=c&state=STATE&id_token=e30.e30.", "code=c&state=STATE&access_token=",
    ])
  func row17(_ query: String) throws {
    #expect(try refusal(query).code == .unacceptedCallback)
  }

  @Test("row 17: a token in the fragment is not seen, and without a code there is no connection")
  func row17Fragment() throws {
    #expect(try refusal("state=STATE#access_token=t&code=c").code == .missingParameter)
  }

  @Test(
    "row 17: what the spec itself takes or asks for may come",
    arguments: [
      "take: { code: secret, id_token: secret }",
      "authorization_parameters: { response_type: code id_token }",
    ])
  func row17Taken(_ line: String) throws {
    var flow = try flow(line)
    try flow.begin()
    try flow.callback(
      "code=c&id_token=e30&state=STATE", answers: [.json(#"{"access_token":"a1"}"#)])
    #expect(flow.state.credentials.count == 1)
  }

  @Test("row 18: a signed answer is refused, not read unverified")
  func row18() throws {
    #expect(try refusal("response=e30.e30.&state=STATE").code == .unacceptedCallback)
    #expect(try refusal("response=e30.e30.&code=c&state=STATE").code == .unacceptedCallback)
    #expect(try refusal("response=e30.e30.").code == .missingState)
  }

  // MARK: The token answer

  @Test(
    "row 30: a pattern is of the whole value, line ends and all",
    arguments: [
      "acme\n", "\nacme", "acme acme", "Acme", "acme\u{0}", "аcme", "", "acmé",
    ])
  func row30(_ text: String) throws {
    let flow = try SpecFlow(
      """
      name: Demo
      ask: { team: { title: Team, pattern: "[a-z]{4}" } }
      api: { base: https://api.demo.test }
      auth: { api_key: { verify: GET /me } }
      """, fields: ["team": "acme", "api_key": "k"])
    let field = try #require(flow.engine.method.ask.first { $0.name == "team" })
    #expect(try field.canonical("acme") == "acme")
    #expect(throws: FieldFailure.self) { try field.canonical(text) }
  }

  @Test(
    "row 32: a token in an answer of any other status than 200 and 201 is no token",
    arguments: [202, 203, 204, 206, 299, 300, 304, 400, 401, 404, 500, 503])
  func row32(_ status: Int) throws {
    let answer = TransportAnswer.json(#"{"access_token":"a1"}"#, status: status)
    #expect(try refusal("code=c&state=STATE", answers: [answer]).status == status)
  }

  @Test(
    "row 33: what is no JSON object at the top is no token",
    arguments: [
      #"[{"access_token":"a1"}]"#, #""access_token""#, "7", "true", "null", "",
      #"{"access_token":"a1"}{"access_token":"a2"}"#, #"{"access_token":"a1",}"#,
      "\u{FEFF}[]",
    ])
  func row33(_ body: String) throws {
    _ = try refusal("code=c&state=STATE", answers: [.json(body)])
  }

  @Test(
    "row 34: a challenge's error is the error, where the body names none",
    arguments: [
      (
        #"Bearer realm="a, error=\"no\"", error="invalid_token", error_description="The token, \"a\", expired""#,
        "invalid_token", #"The token, "a", expired"#
      ),
      ("Bearer error=invalid_token", "invalid_token", nil),
      (#"DPoP algs="ES256", Bearer error="insufficient_scope""#, "insufficient_scope", nil),
      (#"Bearer realm="error=x""#, nil, nil), ("Bearer", nil, nil), ("", nil, nil),
      (#"Bearer error="unended"#, "unended", nil), (#"Bearer error=""#, "", nil),
      (#"Bearer error="a\"#, "a", nil),
    ] as [(String, String?, String?)])
  func row34(_ challenge: String, _ code: String?, _ words: String?) throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth: { api_key: { verify: GET /me } }
      """, fields: ["api_key": "k"])
    let error = #expect(throws: AuthorizationError.self) {
      try flow.begin(answers: [
        TransportAnswer(status: 401, headers: [.wwwAuthenticate: challenge], body: [])
      ])
    }
    #expect(error?.code == .refused && error?.status == 401)
    #expect(error?.providerCode == code && error?.providerDescription == words)
  }

  @Test("row 34: a challenge's words hold no secret, and the body's own come first")
  func row34Secrets() throws {
    var flow = try flow()
    try flow.begin()
    let answer = TransportAnswer(
      status: 401,
      headers: [.wwwAuthenticate: #"Bearer error="x", error_description="code c0de-1234 is gone""#],
      body: Array(#"{"error":"invalid_grant"}"#.utf8))
    let error = #expect(throws: AuthorizationError.self) {
      try flow.callback("code=c0de-1234&state=STATE", answers: [answer])
    }
    #expect(error?.code == .invalidGrant)
    #expect(error?.providerDescription == "code <secret> is gone")
  }

  @Test("row 39: a refresh token that does not come leaves the old one, one that comes replaces it")
  func row39() throws {
    var flow = try connected()
    try flow.begin(.renew, answers: [.json(#"{"access_token":"a2"}"#)])
    #expect(flow.state.credentials[""]?.parts == ["access_token": "a2", "refresh_token": "r1"])
    try flow.begin(.renew, answers: [.json(#"{"access_token":"a3","refresh_token":""}"#)])
    #expect(flow.state.credentials[""]?.parts["refresh_token"] == "r1")
    try flow.begin(.renew, answers: [.json(#"{"access_token":"a4","refresh_token":"r2"}"#)])
    #expect(flow.state.credentials[""]?.parts == ["access_token": "a4", "refresh_token": "r2"])
    #expect(flow.body(3).contains("refresh_token=r1"))
  }

  @Test(
    "row 40: a renewal that grants less says so, and one that says nothing grants what there was")
  func row40() throws {
    var flow = try connected()
    try flow.begin(.renew, answers: [.json(#"{"access_token":"a2","scope":"one two"}"#)])
    #expect(flow.state.credentials[""]?.scopes == ["one", "two"])
    try flow.begin(.renew, answers: [.json(#"{"access_token":"a3"}"#)])
    #expect(flow.state.credentials[""]?.scopes == ["one", "two"])
    try flow.begin(.renew, answers: [.json(#"{"access_token":"a4","scope":"two"}"#)])
    #expect(flow.state.credentials[""]?.scopes == ["two"])
  }

  @Test(
    "row 44: a token is kept and sent byte for byte",
    arguments: [
      "a%2F+/=~.-_", "  spaced\tinside  ", "e\u{301}\u{E9}", "\u{212A}K", "{\"a\":1}", "a\\u0041",
      "ＡＢ",
      String(repeating: "x", count: 20_000),
    ])
  func row44(_ token: String) throws {
    var flow = try flow()
    try flow.begin()
    let body = JSON.object([
      .init("access_token", .string(token)), .init("refresh_token", .string(token)),
    ])
    try flow.callback("code=c&state=STATE", answers: [.json(body.compactText)])
    let parts = try #require(flow.state.credentials[""]?.parts)
    #expect(Array((parts["access_token"] ?? "").utf8) == Array(token.utf8))
    try flow.begin(.renew, answers: [.json(#"{"access_token":"a2"}"#)])
    let sent = FormText.pairs(flow.body(1))?.first { $0.name == "refresh_token" }?.value
    #expect(Array((sent ?? "").utf8) == Array(token.utf8))
  }

  // MARK: The end

  @Test(
    "row 48: revocation is good with status 200 and any body, also of a token that nobody knows")
  func row48() throws {
    var flow = try connected("revocation_endpoint: https://demo.test/revoke")
    try flow.begin(.revoke, answers: [.text("")])
    #expect(flow.path(1) == "demo.test/revoke")
    #expect(flow.body(1) == "token=r1&client_id=cid&client_secret=sec")
    try flow.begin(.revoke, answers: [.text("<html>")])
    let error = #expect(throws: AuthorizationError.self) {
      try flow.begin(.revoke, answers: [.text("", status: 503)])
    }
    #expect(error?.code == .temporarilyUnavailable)
  }

  @Test(
    "row 55: what may pass by itself and what will not have codes of their own",
    arguments: [
      (400, #"{"error":"invalid_grant"}"#, "invalid_grant"),
      (401, #"{"error":"invalid_client"}"#, "invalid_client"),
      (400, #"{"error":"temporarily_unavailable"}"#, "temporarily_unavailable"),
      (400, #"{"error":"slow_down"}"#, "temporarily_unavailable"),
      (429, "{}", "temporarily_unavailable"), (500, "{}", "temporarily_unavailable"),
      (502, "<html>", "temporarily_unavailable"), (503, "", "temporarily_unavailable"),
      (400, "{}", "refused"), (404, "{}", "refused"),
    ])
  func row55(_ status: Int, _ body: String, _ code: String) throws {
    var flow = try connected()
    let before = flow.state.credentials
    let error = #expect(throws: AuthorizationError.self) {
      try flow.begin(.renew, answers: [.json(body, status: status)])
    }
    #expect(error?.code.text == code && error?.status == status)
    #expect(flow.state.credentials == before)
  }
}
