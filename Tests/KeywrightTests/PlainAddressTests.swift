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

  /// What no spec compiles to: what is held by it is the engine's own part.
  private func withoutReason(_ definition: Definition) throws -> Definition {
    let text = String(decoding: definition.compactBytes, as: UTF8.self)
    let bare = text.replacing(#","unsafe":"a device in the house""#, with: "")
    #expect(bare.utf8.count < text.utf8.count)
    return try Definition(reading: Array(bare.utf8))
  }

  private func expectRefusal(_ error: AuthorizationError?) {
    #expect(error?.code == .unfitRequest && error?.message.contains("without TLS") == true)
  }

  @Test("without it nothing goes, whatever the transport is")
  func refused() async throws {
    let method = try AnyProvider(withoutReason(try await definition())).method("key")
    let transport = CannedTransport([.json("{}"), .json("{}")])
    expectRefusal(
      await #expect(throws: AuthorizationError.self) {
        try await method.connect(Self.key, over: transport)
      })
    #expect(transport.seen.isEmpty)
  }

  @Test("without it nothing is signed")
  func unsigned() async throws {
    let spec = """
      name: Demo
      api: { base: http://api.demo.test, unsafe: a device in the house }
      auth: { key: { kind: api_key } }
      """
    let method = try AnyProvider(withoutReason(try Definition(spec: spec))).method("key")
    let connection = try await method.connect(Self.key, over: UnreachableTransport())
    expectRefusal(#expect(throws: AuthorizationError.self) { try connection.sign(.get("/a")) })
  }

  @Test("without it no browser is sent")
  func notLeft() throws {
    let spec = """
      name: Demo
      auth:
        oauth:
          kind: oauth2
          client_authentication: none
          authorization_endpoint: http://demo.test/authorize
          token_endpoint: https://demo.test/token
          unsafe: a device in the house
      """
    let method = try AnyProvider(withoutReason(try Definition(spec: spec))).method("oauth")
    expectRefusal(
      #expect(throws: AuthorizationError.self) {
        try method.begin(
          client: AnyClient(["client_id": "cid"]),
          redirectURI: RedirectURI("https://app.example.com/cb"))
      })
  }

  @Test("what is signed for an API without TLS is delivered as it has to be")
  func delivered() async throws {
    let definition = try await definition()
    try await HTTPClientTransport.with { transport in
      let connection = try await AnyProvider(definition).method("key").connect(
        Self.key, over: transport)
      let (request, body) = try connection.sign(.get("/host"))
      #expect(try await transport.deliver(request, body: body).status == 200)
      let error = await #expect(throws: TransportError.self) {
        try await transport.send(request, body: body)
      }
      #expect(error?.reason == .refused)
    }
  }

  @Test("a reason goes with its address: where another base takes its place, it is gone")
  func replaced() throws {
    let api = "api: { base: http://api.demo.test, unsafe: a device in the house }"
    let definition = try Definition(
      spec: """
        name: Demo
        \(api)
        auth:
          person: { kind: api_key }
          app: { kind: api_key, api: { base: https://app.demo.test } }
        """)
    #expect(definition.methods.map { $0.api?.unsafe } == ["a device in the house", nil])
    var context = CompilerContext()
    context.load = { _ in
      SourceText(name: "hut.yaml", text: "name: Hut\n\(api)\nauth: { api_key: {} }\n")
    }
    let child = compile(
      SourceText(
        name: "demo.yaml", text: "name: Demo\nextends: hut\napi: { base: https://api.demo.test }\n"),
      id: "demo", in: context)
    #expect(child.diagnostics.map(\.description) == [])
    #expect(child.provider?.definition.methods[0].api?.unsafe == nil)
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
    #expect(page.contains("Plain http at `http://api.demo.test`: a device in the house"))
    #expect(page.contains("`http://login.demo.test/session`: its log-in is older than its API"))
  }
}
