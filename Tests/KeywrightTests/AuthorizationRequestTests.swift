import Keywright
import KeywrightCrypto
import KeywrightDefinition
import KeywrightTesting
import KeywrightZ
import NotebookProvider
import Testing

@Suite("The authorization request")
struct AuthorizationRequestTests {
  @Test("it has the parameters of RFC 6749 §4.1.1 and RFC 7636 §4.3, each once")
  func parameters() throws {
    let flow = try Flow(scopes: [.read, .ticketsWrite])
    let parts = try URLParts(reading: flow.pending.url)
    #expect(parts.origin.description == "https://acme.zendesk.com")
    #expect(parts.path == "/oauth/authorizations/new")
    let pairs = try #require(parts.queryPairs)
    #expect(
      Set(pairs.map(\.name)) == [
        "response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge",
        "code_challenge_method",
      ])
    #expect(pairs.count == 7)
    let values = Dictionary(pairs.map { ($0.name, $0.value) }) { one, _ in one }
    #expect(values["response_type"] == "code")
    #expect(values["client_id"] == "cid")
    #expect(values["redirect_uri"] == Flow.redirectURI)
    #expect(values["scope"] == "users:read read tickets:write")
    #expect(values["code_challenge_method"] == "S256")
  }

  /// A flow whose random bytes are those of RFC 7636 appendix B.
  private func appendixB() throws -> (Pending<Zendesk>, Surroundings) {
    let octets: [UInt8] = [
      116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77,
      105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
    ]
    let surroundings = Surroundings(
      now: { UnixTime(seconds: 1) }, randomBytes: { _ in octets })
    let pending = try Zendesk(subdomain: try HostLabel("acme")).oauth.begin(
      client: Flow.client, redirectURI: RedirectURI(Flow.redirectURI), in: surroundings)
    return (pending, surroundings)
  }

  @Test("RFC 7636 appendix B: the verifier's challenge")
  func challenge() throws {
    let (pending, _) = try appendixB()
    #expect(
      parameter("code_challenge", of: pending.url) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
  }

  @Test("RFC 7636 appendix B: the token request sends that verifier")
  func verifier() async throws {
    let (pending, surroundings) = try appendixB()
    let transport = CannedTransport(json: #"{"access_token":"a"}"#, #"{"user":{"id":1}}"#)
    let state = try #require(parameter("state", of: pending.url))
    _ = try await pending.finish(
      callback: "?code=c&state=\(state)", client: Flow.client, over: transport, in: surroundings)
    #expect(
      parameter("code_verifier", sentIn: transport.seen[0].body)
        == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
  }

  @Test("state and verifier are 256 bits each, and no two flows share one")
  func entropy() throws {
    var seen: Set<String> = []
    for _ in 0..<1_000 {
      let pending = try Zendesk(subdomain: try HostLabel("acme")).oauth.begin(
        client: Flow.client, redirectURI: RedirectURI(Flow.redirectURI))
      let state = try #require(parameter("state", of: pending.url))
      let challenge = try #require(parameter("code_challenge", of: pending.url))
      #expect(Encoding.bytes(base64URL: state)?.count == 32)
      #expect(seen.insert(state).inserted && seen.insert(challenge).inserted)
    }
  }

  @Test("without scopes there is no scope parameter")
  func noScopes() throws {
    let notebook = Notebook(workspace: try HostLabel("acme"))
    let pending = try notebook.oauthBasic.begin(
      client: Flow.client, redirectURI: RedirectURI(Flow.redirectURI))
    #expect(parameter("scope", of: pending.url) == nil)
  }

  @Test(
    "a scope that RFC 6749 §3.3 does not allow is refused",
    arguments: ["", "a b", "a\"b", "a\\b", "a\nb", "é", String(repeating: "x", count: 1_025)])
  func scopes(_ scope: String) throws {
    let error = #expect(throws: AuthorizationError.self) {
      try Flow(scopes: [Zendesk.Scope(scope)])
    }
    #expect(error?.code == .invalidScope)
  }

  @Test(
    "a redirect URI comes out byte for byte as it went in",
    arguments: [
      "https://app.example.test", "https://app.example.test/", "https://app.example.test/cb?x=1",
      "https://APP.example.test:443/cb", "http://127.0.0.1:4711/cb", "com.example.app:/cb",
    ])
  func redirectURI(_ text: String) async throws {
    let flow = try Flow(redirectURI: text)
    #expect(parameter("redirect_uri", of: flow.pending.url) == text)
    let transport = CannedTransport(json: #"{"access_token":"a"}"#, #"{"user":{"id":1}}"#)
    _ = try await flow.finish("code=c&state=STATE", over: transport)
    #expect(parameter("redirect_uri", sentIn: transport.seen[0].body) == text)
  }

  @Test(
    "what is no redirect URI is refused",
    arguments: [
      "", "/cb", "https://app.example.test/#x", "http://app.example.test/cb", "javascript:alert(1)",
      "data:text/html,x", "myapp:/cb", "https://app.example.test/ b", "https://u@app.example.test/",
    ])
  func noRedirectURI(_ text: String) {
    #expect(throws: AuthorizationError.self) { try RedirectURI(text) }
  }

  @Test("the client's secret stands in no authorization URL, and in nothing that is kept")
  func secret() throws {
    let flow = try Flow()
    #expect(!flow.pending.url.contains("CANARY"))
    let key = try SealingKey.random()
    let sealed = try flow.pending.sealed(with: key)
    #expect(!sealed.contains("CANARY"))
    #expect(!"\(flow.pending)".contains(flow.state))
    var dumped = ""
    dump(flow.pending, to: &dumped)
    #expect(!dumped.contains(flow.state))
  }
}
