import HTTPTypes
import Keywright
import KeywrightCompiler
import KeywrightDefinition
import KeywrightTesting
import NotebookProvider
import Testing

/// The RFCs' own examples, through specs and the engine.
@Suite("Vectors of the RFCs")
struct VectorTests {
  /// The header that a Basic method signs its first request with.
  private func basic(_ username: String, _ password: String) throws -> String? {
    let spec = """
      name: Demo
      api: { base: https://api.demo.test }
      verify: GET /me
      auth: { basic: {} }
      """
    let compiled = compile(SourceText(name: "demo.yaml", text: spec), id: "demo")
    let definition = try #require(compiled.provider?.definition)
    let engine = try Engine(definition, method: "basic")
    let state = FlowState(
      connectingBy: engine, fields: ["username": username, "password": password],
      at: UnixTime(seconds: 0))
    let (_, effect) = engine.advance(state, .begin, setup: .none, in: Flow.surroundings())
    guard case .request(let outgoing) = effect else { return nil }
    return outgoing.request.headerFields[.authorization]
  }

  @Test(
    "RFC 7617: the credentials of §2 and §2.1",
    arguments: [
      ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
      ("test", "123£", "dGVzdDoxMjPCow=="),
    ])
  func basicCredentials(_ username: String, _ password: String, _ expected: String) throws {
    #expect(try basic(username, password) == "Basic \(expected)")
  }

  /// Runs RFC 6749 §4.1 with a client, and gives the token request.
  private func tokenRequest(
    _ client: OAuthClient, code: String
  ) async throws -> CannedTransport.Exchange {
    let pending = try Notebook(workspace: try HostLabel("acme")).oauthBasic.begin(
      client: client, redirectURI: RedirectURI("https://client.example.com/cb"))
    let state = try #require(parameter("state", of: pending.url))
    #expect(parameter("client_id", of: pending.url) == client.id)
    let transport = CannedTransport(
      json: #"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"bearer"}"#,
      #"{"user":{"id":1}}"#)
    _ = try await pending.finish(
      callback: "https://client.example.com/cb?code=\(code)&state=\(state)", client: client,
      over: transport)
    return transport.seen[0]
  }

  @Test("RFC 6749 §4.1.3: the token request")
  func tokenRequest() async throws {
    let exchange = try await tokenRequest(
      OAuthClient(id: "s6BhdRkqt3", secret: Secret("gX1fBat3bV")), code: "SplxlOBeZQQYbYS6WxSbIA")
    #expect(exchange.request.method == .post)
    #expect(exchange.request.headerFields[.authorization] == "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW")
    #expect(exchange.request.headerFields[.contentType] == "application/x-www-form-urlencoded")
    #expect(exchange.request.headerFields[.accept] == "application/json")
    let pairs = try #require(FormText.pairs(exchange.body))
    let values = Dictionary(pairs.map { ($0.name, $0.value) }) { one, _ in one }
    #expect(values["grant_type"] == "authorization_code")
    #expect(values["code"] == "SplxlOBeZQQYbYS6WxSbIA")
    #expect(values["redirect_uri"] == "https://client.example.com/cb")
    // §2.3: with Basic, nothing of the client in the body.
    #expect(Set(values.keys) == ["grant_type", "code", "redirect_uri", "code_verifier"])
    #expect(pairs.count == 4)
  }

  @Test(
    "RFC 6749 §2.3.1: id and secret are form-encoded before they are joined",
    arguments: [
      ("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw", "czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"),
      (
        "a:b c+%£", "p@ss/w rd~&=",
        "YSUzQWIrYyUyQiUyNSVDMiVBMzpwJTQwc3MlMkZ3K3JkfiUyNiUzRA=="
      ),
      ("app 7:eu", "p+q/=%ü", "YXBwKzclM0FldTpwJTJCcSUyRiUzRCUyNSVDMyVCQw=="),
    ])
  func clientCredentials(_ id: String, _ secret: String, _ expected: String) async throws {
    let exchange = try await tokenRequest(OAuthClient(id: id, secret: Secret(secret)), code: "c")
    #expect(exchange.request.headerFields[.authorization] == "Basic \(expected)")
  }

  @Test("RFC 9207 §2.1: the issuer of a callback is compared as it is")
  func issuer() throws {
    let spec = """
      name: Demo
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://honest.as.example/authorize
          token_endpoint: https://honest.as.example/token
          issuer: https://honest.as.example
          iss: required
      """
    let compiled = compile(SourceText(name: "demo.yaml", text: spec), id: "demo")
    let engine = try Engine(try #require(compiled.provider?.definition), method: "oauth")
    let setup = Setup(values: ["client_id": "c", "client_secret": "s"])
    let surroundings = Flow.surroundings()
    let start = FlowState(
      connectingBy: engine, fields: [:], redirectURI: "https://client.example/cb",
      at: surroundings.now())
    let (away, _) = engine.advance(start, .begin, setup: setup, in: surroundings)
    let state = try #require(away.state)
    func code(_ query: String) -> String? {
      let callback = EngineEvent.callback("?state=\(state)\(query)")
      switch engine.advance(away, callback, setup: setup, in: surroundings).1 {
      case .failed(let error), .denied(let error): return error.code.text
      case .request: return "request"
      default: return nil
      }
    }
    #expect(code("&code=x&iss=https%3A%2F%2Fhonest.as.example") == "request")
    #expect(code("&code=x&iss=https%3A%2F%2Fhonest.as.example%2F") == "issuer_mismatch")
    #expect(code("&code=x&iss=https%3A%2F%2Fevil.as.example") == "issuer_mismatch")
    #expect(code("&code=x") == "issuer_mismatch")
    // An error is believed only from whom it was awaited.
    #expect(code("&error=access_denied&iss=https%3A%2F%2Fevil.as.example") == "issuer_mismatch")
    #expect(code("&error=access_denied&iss=https%3A%2F%2Fhonest.as.example") == "access_denied")
  }
}
