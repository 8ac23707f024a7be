import Foundation
import HTTPTypes
import Keywright
import KeywrightCompiler
import KeywrightDefinition
import KeywrightHTTPClient
import KeywrightSimulator
import KeywrightTesting
import Testing

/// `unsafe`: the one way in which a request goes without TLS (ruling E7 of the language).
@Suite("Without TLS")
struct PlainAddressTests {
  private static let started = Task {
    try PythonServer.start(
      "python3", Repository.root.appendingPathComponent("Tests/Servers/slow_and_large.py"))
  }

  /// The API of a real server on this machine that has no TLS.
  private func definition(_ reason: String = ", unsafe: a device in the house") async throws
    -> Definition
  {
    try Definition(
      spec: """
        name: Demo
        api: { base: '\(try await Self.started.value)'\(reason) }
        auth:
          key: { kind: api_key, verify: GET /ok }
        """)
  }

  private static let key = ProviderFields(entries: ["api_key": "k3y"])

  @Test("a spec that says why reaches a server without TLS: to connect, to call and to verify")
  func reached() async throws {
    let definition = try await definition()
    try await HTTPClientTransport.with { transport in
      let connection = try await AnyProvider(definition).method("key").connect(
        Self.key, over: transport)
      try await connection.verify(over: transport)
      let keeper = ConnectionKeeper(
        store: InMemoryStore(), providers: Catalogue(definition), over: transport)
      try await keeper.keep(connection, as: "acme")
      let answer = try await keeper.send(.get("/host"), as: "acme")
      #expect(answer.status == 200 && !answer.body.isEmpty)
    }
  }

  @Test("without it nothing goes, whatever the transport is: no request, no signed one, no browser")
  func refused() async throws {
    let allowed = try await definition()
    // No spec compiles to this: what is held here is the engine's own part.
    let text = String(decoding: allowed.compactBytes, as: UTF8.self)
      .replacing(#","unsafe":"a device in the house""#, with: "")
    let definition = try Definition(reading: Array(text.utf8))
    #expect(definition.methods[0].api?.unsafe == nil)
    let transport = CannedTransport([.json("{}"), .json("{}")])
    let method = try AnyProvider(definition).method("key")
    let error = await #expect(throws: AuthorizationError.self) {
      try await method.connect(Self.key, over: transport)
    }
    #expect(error?.code == .unfitRequest && error?.message.contains("without TLS") == true)
    #expect(transport.seen.isEmpty)
  }

  @Test("the person's browser is sent to a page without TLS, and the token's request keeps its own")
  func browser() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        oauth:
          kind: oauth2
          client_authentication: none
          authorization_endpoint: http://demo.test/authorize
          token_endpoint: https://demo.test/token
          unsafe: its pages have no certificate
      """, setup: ["client_id": "cid"])
    try flow.begin()
    #expect(flow.url?.hasPrefix("http://demo.test/authorize?") == true)
    try flow.callback("code=c0de&state=STATE", answers: [.json(#"{"access_token":"a1"}"#)])
    #expect(flow.requests[0].request.scheme == "https")
  }

  @Test("a base that a value makes is https, or refused, also where 'unsafe' allows http")
  func value() async throws {
    let definition = try Definition(
      spec: """
        name: Demo
        api: { base: $<base>, also: [http://files.demo.test], unsafe: its files have no certificate }
        ask: { base: { title: Base, type: origin } }
        auth: { key: { kind: api_key } }
        """)
    let method = try AnyProvider(definition).method("key")
    await #expect(throws: AuthorizationError.self) {
      try await method.connect(
        ProviderFields(entries: ["api_key": "k3y", "base": "http://api.demo.test"]),
        over: UnreachableTransport())
    }
    let connection = try await method.connect(
      ProviderFields(entries: ["api_key": "k3y", "base": "https://api.demo.test"]),
      over: UnreachableTransport())
    let files = HTTPRequest(
      method: .get, scheme: "http", authority: "files.demo.test", path: "/a")
    #expect(try connection.sign(files).0.scheme == "http")
    let api = HTTPRequest(method: .get, scheme: "http", authority: "api.demo.test", path: "/a")
    let error = #expect(throws: AuthorizationError.self) { try connection.sign(api) }
    #expect(error?.code == .foreignOrigin)
  }

  @Test("the simulated provider answers without TLS too, and the provider's page gives the reason")
  func simulated() async throws {
    let spec = """
      name: Demo
      api: { base: http://api.demo.test, unsafe: a device in the house }
      auth:
        login:
          kind: custom
          ask: { pin: { title: PIN, type: secret } }
          exchange:
            post: http://login.demo.test/session
            unsafe: its log-in is older than its API
            form: { pin: $<pin> }
            credential: { access_token: $<body.token> }
          sign: { headers: { X-Token: $<credential.access_token> } }
      """
    let compilation = compile(SourceText(name: "demo.yaml", text: spec), id: "demo")
    let provider = try #require(compilation.provider)
    let definition = provider.definition
    for rehearsal in await Rehearsal.all(of: definition.methods[0], in: definition) {
      #expect(rehearsal.failure == nil)
      #expect(rehearsal.seen[0].description.contains("http://login.demo.test/session → 200"))
    }
    let page = ProviderPage(Catalogue.Entry(provider)).text.markdown
    #expect(page.contains("a device in the house"))
    #expect(page.contains("its log-in is older than its API"))
  }
}
