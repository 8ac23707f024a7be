import Foundation
import GRDB
import HTTPTypes
import Keywright
import KeywrightCompiler
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// Group A of the security rows: who may begin an authorization, and with what.
@Suite("Group A: an authorization begins")
struct GroupATests {
  static let client = ["client_id": "cid-1", "client_secret": "CANARY-client-secret"]

  /// A server with Zendesk, and the oracle of its refusals.
  static func withZendesk(
    publicURL: String? = nil, rateLimit: Int = 100_000, clock: TestClock = TestClock(),
    _ body: (ServerUnderTest, SimulatedProvider, RecordingTransport) async throws -> Void
  ) async throws {
    let provider = try FirstConnectionTests.zendesk(client)
    let transport = RecordingTransport(provider)
    try await ServerUnderTest.with(
      over: transport, publicURL: publicURL, clock: clock, rateLimit: rateLimit
    ) { server in
      try await server.integrate("zendesk", provider: "zendesk", client)
      try await body(server, provider, transport)
    }
  }

  static func start(_ server: ServerUnderTest, _ rest: String = "") -> String {
    "/oauth/connect/zendesk?public_key=\(server.publicKey)&params[subdomain]=acme" + rest
  }

  static func query(_ url: String) throws -> [(name: String, value: String)] {
    try #require(FormText.pairs(String(url.split(separator: "?", maxSplits: 1)[1])))
  }

  @Test("A1: nobody begins without a key, and no picture or script begins anything")
  func crossSite() async throws {
    try await Self.withZendesk { server, provider, _ in
      let oracle = try await RefusalOracle(server, provider)
      try await oracle.refuses(401, "missing_public_key") {
        try await server.send("GET", "/oauth/connect/zendesk?params[subdomain]=acme")
      }
      try await oracle.refuses(401, "unknown_account") {
        try await server.send(
          "GET", "/oauth/connect/zendesk?public_key=kw_pk_no&params[subdomain]=a")
      }
      try await oracle.refuses(401, "invalid_connect_session_token") {
        try await server.send(
          "GET", "/oauth/connect/zendesk?connect_session_token=nango_connect_session_0")
      }
      for (destination, mode) in [
        ("image", "no-cors"), ("script", "no-cors"), ("empty", "cors"), ("empty", "no-cors"),
        ("style", "no-cors"), ("object", "navigate"), ("video", "no-cors"),
      ] {
        try await oracle.refuses(403, "not_a_navigation", destination) {
          try await server.send(
            "GET", Self.start(server),
            headers: [
              ("Sec-Fetch-Dest", destination), ("Sec-Fetch-Mode", mode),
              ("Sec-Fetch-Site", "cross-site"),
            ])
        }
      }
      // A browser that guesses gets nothing, and begins nothing.
      for header in ["Purpose", "Sec-Purpose"] {
        let answer = try await server.send(
          "GET", Self.start(server), headers: [(header, "prefetch;prerender")])
        #expect(answer.status == 204)
        #expect(try await server.count("flow") == 0)
      }
      // With HMAC demanded, a page that knows the public key alone begins nothing.
      _ = try await server.broker.environments.change(
        "dev", .init(requiresHMAC: true, hmacKey: RefusalOracle.canaries[1]))
      try await oracle.refuses(401, "missing_hmac") {
        try await server.send("GET", Self.start(server))
      }
      try oracle.keepsSecrets()
    }
  }

  static let reserved: [String] = [
    "state", "redirect_uri", "client_id", "response_type", "code_challenge",
    "code_challenge_method", "nonce", "request", "request_uri", "response_mode", "scope",
    "client_secret",
  ]

  @Test("A2: a reserved parameter from a caller is refused", arguments: reserved)
  func reservedParameter(_ name: String) async throws {
    try await Self.withZendesk { server, provider, _ in
      let oracle = try await RefusalOracle(server, provider)
      for spelling in [
        name, name.uppercased(), name.capitalized, "\(name)%00", "%20\(name)", "\(name)%09",
        "%EF%BB%BF\(name)", name.utf8.map { "%" + String($0, radix: 16) }.joined(),
      ] {
        let answer = try await oracle.refuses(
          400, "reserved_param", at: ["authorization_params", name], spelling
        ) {
          try await server.send("GET", Self.start(server, "&authorization_params[\(spelling)]=x"))
        }
        // The refusal lists what is reserved.
        for other in Self.reserved { #expect(answer.message.contains(other)) }
      }
      try await oracle.refuses(400, "invalid_query_params", at: ["authorization_params", name]) {
        try await server.send(
          "GET",
          Self.start(server, "&authorization_params[\(name)]=x&authorization_params[\(name)]=y"))
      }
      // Nango's trick of taking one away.
      try await oracle.refuses(400, "reserved_param") {
        try await server.send("GET", Self.start(server, "&authorization_params[\(name)]=undefined"))
      }
      // Nor does a backend set one.
      let token = try await server.session(
        #"{"integrations_config_defaults": {"zendesk": {"authorization_params": {"\#(name)": "x"}}}}"#
      )
      try await oracle.refuses(400, "reserved_param") {
        try await server.send(
          "GET", "/oauth/connect/zendesk?connect_session_token=\(token)&params[subdomain]=acme")
      }
    }
  }

  @Test("A2: beside 'authorization_params' such a parameter is without effect")
  func looseParameter() async throws {
    try await Self.withZendesk { server, _, _ in
      let loose = Self.reserved.map { "&\($0)=evil" }.joined()
      let answer = try await server.send("GET", Self.start(server, loose))
      let pairs = try Self.query(try #require(answer.header("Location")))
      #expect(!pairs.contains { $0.value.contains("evil") })
      #expect(Set(pairs.map(\.name)).count == pairs.count)
    }
  }

  static let query = """
    # id: framed
    name: Framed
    auth:
      oauth:
        kind: oauth2
        authorization_endpoint: https://auth.framed.test/authorize?tenant=t1&response_type=code
        token_endpoint: https://auth.framed.test/token
        authorization_parameters: { response_type: $<none> }
      page:
        kind: oauth2
        authorization_endpoint: "https://auth.framed.test/app?tenant=t2#/consent"
        token_endpoint: https://auth.framed.test/token
    """

  @Test("A3: what the authorization endpoint has in its query or fragment is merged once")
  func ownQuery() async throws {
    let definition = try ServerUnderTest.entry(Self.query).definition
    let provider = try SimulatedProvider(definition, registration: .init(values: Self.client))
    try await ServerUnderTest.with([Self.query], over: provider) { server in
      try await server.integrate("framed", provider: "framed", method: "oauth", Self.client)
      try await server.integrate("page", provider: "framed", method: "page", Self.client)
      let plain = try #require(
        try await server.send("GET", "/oauth/connect/framed?public_key=\(server.publicKey)").header(
          "Location"))
      #expect(plain.hasPrefix("https://auth.framed.test/authorize?tenant=t1&response_type=code&"))
      #expect(plain.filter { $0 == "?" }.count == 1)
      let names = try Self.query(plain).map(\.name)
      #expect(Set(names).count == names.count, "\(names)")
      let framed = try #require(
        try await server.send("GET", "/oauth/connect/page?public_key=\(server.publicKey)").header(
          "Location"))
      // The page behind the '#' reads its parameters there, and the fragment stays last.
      #expect(framed.hasPrefix("https://auth.framed.test/app?tenant=t2#/consent?"))
      let inside = try #require(
        FormText.pairs(String(framed.split(separator: "#")[1].dropFirst("/consent?".count))))
      #expect(inside.contains { $0.name == "state" })
      #expect(Set(inside.map(\.name)).count == inside.count)
    }
  }

  @Test(
    "A4: a scope is a scope-token of RFC 6749, or is refused",
    arguments: [
      "a b", "a&b\"", "a\"b", "a\\b", "é", "a\u{0}", "a\nb", "a\r\nb", "\u{202E}", "", "a\tb",
      "\u{7F}",
    ])
  func scope(_ scope: String) async throws {
    try await Self.withZendesk { server, provider, _ in
      let oracle = try await RefusalOracle(server, provider)
      let list = JSON.array([.string("read"), .string(scope)]).compactText
      try await oracle.refuses(400, "invalid_body", at: ["scopes"]) {
        try await server.backend("PATCH", "/integrations/zendesk", #"{"scopes": \#(list)}"#)
      }
      if scope.isEmpty { return }
      try await oracle.refuses(400, "invalid_scope", entries: 1) {
        try await server.send("GET", Self.start(server, "&user_scope=read,\(scope.inQuery)"))
      }
      let wish =
        #"{"integrations_config_defaults": {"zendesk": {"user_scopes": \#(list)}}}"#
      let answer = try await server.backend("POST", "/connect/sessions", wish)
      guard let token = answer.json["data"]?["token"]?.text else {
        #expect(answer.status == 400)
        return
      }
      try await oracle.refuses(400, "invalid_scope", entries: 1) {
        try await server.send(
          "GET", "/oauth/connect/zendesk?connect_session_token=\(token)&params[subdomain]=acme")
      }
    }
  }

  @Test("A4: 64 KiB of scope are refused, and '&' and '#' stay within their parameter")
  func longScope() async throws {
    try await Self.withZendesk { server, provider, _ in
      let oracle = try await RefusalOracle(server, provider)
      let long = String(repeating: "a", count: 65_536)
      try await oracle.refuses(400, "invalid_body") {
        try await server.backend("PATCH", "/integrations/zendesk", #"{"scopes": ["\#(long)"]}"#)
      }
      try await oracle.refuses(400, "invalid_scope", entries: 1) {
        try await server.send("GET", Self.start(server, "&user_scope=\(long.prefix(2_000))"))
      }
      // A URL of that length is cut off at the door, by whichever limit comes first.
      let answer = try? await server.send("GET", Self.start(server, "&user_scope=\(long)"))
      #expect(answer.map { (400..<500).contains($0.status) } ?? true)
      #expect(try await server.count("flow") == 0)
      let started = try await server.send("GET", Self.start(server, "&user_scope=a%26x%3D1,b%23c"))
      let url = try #require(started.header("Location"))
      #expect(try Self.query(url).first { $0.name == "scope" }?.value.contains("a&x=1 b#c") == true)
      #expect(!url.contains("#"))
    }
  }

  @Test("A5: starts are limited, with the time to wait")
  func limited() async throws {
    let clock = TestClock()
    try await Self.withZendesk(rateLimit: 20, clock: clock) { server, provider, _ in
      for _ in 0..<20 {
        #expect(try await server.send("GET", Self.start(server)).status == 302)
      }
      let oracle = try await RefusalOracle(server, provider)
      for _ in 0..<200 {
        let answer = try await oracle.refuses(429, "too_many_request") {
          try await server.send("GET", Self.start(server))
        }
        #expect(answer.header("Retry-After") == "3")
      }
      clock.advance(3)
      #expect(try await server.send("GET", Self.start(server)).status == 302)
      #expect(try await server.send("GET", Self.start(server)).status == 429)
    }
  }

  @Test("A5: no more than ten thousand flows are under way, and expired ones are reclaimed")
  func bounded() async throws {
    let clock = TestClock()
    try await Self.withZendesk(clock: clock) { server, provider, _ in
      #expect(try await server.send("GET", Self.start(server)).status == 302)
      let time = clock.now
      try await server.broker.store.write { database in
        try database.execute(
          sql: """
            WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 9999)
            INSERT INTO flow (id, state_digest, cookie_digest, environment, integration, plan, expires_at)
            SELECT 'f' || n, 's' || n, 'c', environment, integration, plan, ? FROM counter, (SELECT * FROM flow LIMIT 1)
            """.replacingOccurrences(of: "'s' || n, 'c'", with: "CAST('s' || n AS BLOB), x'00'"),
          arguments: [time + 600])
      }
      let oracle = try await RefusalOracle(server, provider)
      let answer = try await oracle.refuses(429, "too_many_request", entries: 1) {
        try await server.send("GET", Self.start(server))
      }
      #expect(answer.header("Retry-After") == "60")
      #expect(try await server.count("flow") == 10_000)
      // What has ended makes room at once, and its rows are gone an hour later.
      clock.advance(601)
      #expect(try await server.send("GET", Self.start(server)).status == 302)
      #expect(try await server.count("flow") == 10_001)
      clock.advance(3_601)
      #expect(try await server.send("GET", Self.start(server)).status == 302)
      #expect(try await server.count("flow") == 2)
    }
  }

  @Test("A6: 100,000 states are distinct, of 256 bits, and their bytes are evenly spread")
  func states() async throws {
    // What the engine makes a state of: 32 bytes of the surroundings' randomness for each leaving.
    let broker = Surroundings.system
    var counts = [Int](repeating: 0, count: 256)
    var seen: Set<[UInt8]> = []
    for _ in 0..<100_000 {
      let bytes = try broker.randomBytes(32)
      seen.insert(bytes)
      for byte in bytes { counts[Int(byte)] += 1 }
    }
    #expect(seen.count == 100_000)
    #expect(seen.allSatisfy { $0.count == 32 })
    #expect(Self.chiSquare(counts) < 350)
    // The same of states that really went out.
    try await Self.withZendesk { server, _, _ in
      var states: Set<String> = []
      var verifiers: Set<String> = []
      for _ in 0..<200 {
        let url = try #require(try await server.send("GET", Self.start(server)).header("Location"))
        let pairs = try Self.query(url)
        let state = try #require(pairs.first { $0.name == "state" }?.value)
        #expect(Encoding.bytes(base64URL: state)?.count == 32)
        states.insert(state)
        verifiers.insert(try #require(pairs.first { $0.name == "code_challenge" }?.value))
      }
      #expect(states.count == 200)
      #expect(verifiers.count == 200)
      #expect(states.isDisjoint(with: verifiers))
    }
  }

  /// How far counts are from even; 255 degrees of freedom, so above 350 once in 30,000 times.
  static func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  @Test("A7: one connect session makes one connection, and starts twenty times at most")
  func session() async throws {
    try await Self.withZendesk { server, provider, _ in
      let token = try await server.session()
      let path = "/oauth/connect/zendesk?connect_session_token=\(token)&params[subdomain]=acme"
      // Two windows at once: the second one comes back too late, and its code is not used.
      let (one, other) = (Browser(server), Browser(server))
      let first = try provider.consent(at: #require(try await one.open(path).header("Location")))
      let second = try provider.consent(at: #require(try await other.open(path).header("Location")))
      #expect(try await one.open(Browser.local(first)).status == 200)
      let sent = provider.seen.count
      let late = try await other.open(Browser.local(second))
      #expect(late.status == 401, "\(late.text)")
      #expect(late.text.contains("used_connect_session_token"))
      #expect(provider.seen.count == sent)
      #expect(try await server.count("connection") == 1)
      #expect(try await server.entries().last == "failed used_connect_session_token")
      let oracle = try await RefusalOracle(server, provider)
      try await oracle.refuses(401, "used_connect_session_token") {
        try await server.send("GET", path)
      }
      // One that is never finished.
      let idle = try await server.session()
      let start = "/oauth/connect/zendesk?connect_session_token=\(idle)&params[subdomain]=acme"
      for _ in 0..<20 { #expect(try await server.send("GET", start).status == 302) }
      try await RefusalOracle(server, provider).refuses(409, "used_connect_session_token") {
        try await server.send("GET", start)
      }
    }
  }

  @Test("A8: no header of a request makes the redirect URI")
  func host() async throws {
    try await Self.withZendesk(publicURL: "https://connect.example.com") { server, _, _ in
      for header in [
        ("Host", "evil.test"), ("X-Forwarded-Host", "evil.test"), ("X-Forwarded-Proto", "http"),
        ("Forwarded", "host=evil.test;proto=http"), ("X-Forwarded-Port", "81"),
        ("X-Original-Host", "evil.test"), ("X-Forwarded-Prefix", "/evil"),
        ("Origin", "https://evil.test"),
      ] {
        let answer = try await server.send("GET", Self.start(server), headers: [header])
        #expect(answer.status == 302, "\(header)")
        let pairs = try Self.query(answer.header("Location") ?? "?")
        #expect(
          pairs.first { $0.name == "redirect_uri" }?.value
            == "https://connect.example.com/oauth/callback/zendesk", "\(header)")
        #expect(!answer.headers.contains { $0.1.contains("evil") })
      }
    }
  }

  @Test(
    "A9: the redirect URI is the same bytes at the authorization, at the token and where it is shown",
    arguments: [
      ("https://connect.example.com:8443/kw/", "https://connect.example.com:8443/kw"),
      ("https://connect.example.com/a/b", "https://connect.example.com/a/b"),
      ("https://Connect.Example.com:443//", "https://Connect.Example.com:443"),
      ("http://127.0.0.1:3003", "http://127.0.0.1:3003"),
    ])
  func redirectURI(_ publicURL: String, _ base: String) async throws {
    try await Self.withZendesk(publicURL: publicURL) { server, provider, transport in
      let wanted = "\(base)/oauth/callback/zendesk"
      let shown = try await server.backend("GET", "/integrations/zendesk")
      #expect(shown.json["data"]?["callback_url"]?.text == wanted)
      let browser = Browser(server)
      let url = try #require(try await browser.open(Self.start(server)).header("Location"))
      #expect(try Self.query(url).first { $0.name == "redirect_uri" }?.value == wanted)
      let back = try provider.consent(at: url)
      #expect(back.hasPrefix(wanted + "?"))
      let page = try await browser.open(Browser.local(back))
      #expect(page.status == 200, "\(page.text)")
      let token = try #require(transport.sent.first { $0.request.path == "/oauth/tokens" })
      #expect(try JSON(reading: token.body)["redirect_uri"]?.text == wanted)
    }
  }

  @Test("A9: with a callback URL of its own an environment uses that, byte for byte")
  func customCallback() async throws {
    try await Self.withZendesk(publicURL: "https://connect.example.com/kw") {
      server, provider, transport in
      let wanted = "https://Auth.Example.com/cb?x=%7e"
      _ = try await server.broker.environments.change("dev", .init(callbackURL: wanted))
      let shown = try await server.backend("GET", "/integrations/zendesk")
      #expect(shown.json["data"]?["callback_url"]?.text == wanted)
      let browser = Browser(server)
      let url = try #require(try await browser.open(Self.start(server)).header("Location"))
      #expect(try Self.query(url).first { $0.name == "redirect_uri" }?.value == wanted)
      // The application there passes everything on (308).
      let back = try provider.consent(at: url).replacing(
        "https://Auth.Example.com/cb", with: "/kw/oauth/callback")
      #expect(try await browser.open(back).status == 200)
      let token = try #require(transport.sent.first { $0.request.path == "/oauth/tokens" })
      #expect(try JSON(reading: token.body)["redirect_uri"]?.text == wanted)
    }
  }

  @Test(
    "A10: an authorization endpoint that is no https URL is refused when it is compiled",
    arguments: [
      "javascript:alert(1)", "data:text/html,x", "http://auth.demo.test/a", "//auth.demo.test/a",
      "ftp://auth.demo.test/a",
    ])
  func scheme(_ url: String) throws {
    let text = """
      name: Demo
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: "\(url)"
          token_endpoint: https://auth.demo.test/token
      """
    let compilation = compile(SourceText(name: "demo.yaml", text: text), id: "demo")
    #expect(compilation.provider == nil)
    #expect(!compilation.diagnostics.isEmpty)
  }

  static let discovered = """
    # id: found
    name: Found
    auth:
      login:
        kind: custom
        ask: { key: { title: Key, type: secret } }
        exchange:
          - id: find
            get: https://api.found.test/where
            let: { endpoint: { from: $<body.endpoint>, type: url } }
          - id: log-in
            post: $<endpoint>
            form: { key: $<key> }
            credential: { access_token: $<body.token> }
        renew: repeat
    """

  /// Answers what it is told to, and remembers what it was asked.
  struct Answering: Transport {
    let body: String
    func send(
      _ request: HTTPRequest, body given: [UInt8]?
    ) async throws(TransportError) -> TransportAnswer {
      TransportAnswer(
        status: 200, headers: [.contentType: "application/json"], body: Array(body.utf8))
    }
  }

  @Test(
    "A10: an address that a provider tells is https, or nothing is sent there",
    arguments: [
      "javascript:alert(1)", "data:text/html,x", "http://api.found.test/x", "//evil.test",
      "https://u@evil.test/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/",
      "file:///etc/passwd", "https://api.found.test/#x",
    ])
  func toldAddress(_ url: String) async throws {
    let transport = RecordingTransport(
      Answering(body: JSON.object([.init("endpoint", .string(url))]).compactText))
    try await ServerUnderTest.with([Self.discovered], over: transport) { server in
      try await server.integrate("found", provider: "found")
      let answer = try await server.send(
        "POST", "/auth/custom/found?public_key=\(server.publicKey)&connection_id=a",
        #"{"key":"CANARY-entry"}"#)
      #expect(answer.status == 400)
      #expect(answer.code == "connection_test_failed", "\(answer.text)")
      #expect(transport.sent.map(\.request.path) == ["/where"])
      #expect(!transport.sent.contains { $0.body.contains("CANARY") })
      #expect(!answer.text.contains("CANARY"))
      #expect(try await server.count("connection") == 0)
      let entries = try await server.entries()
      #expect(entries == ["failed unfit_request"])
    }
  }

  @Test(
    "A10: a callback URL is absolute and https",
    arguments: [
      "javascript:alert(1)", "data:text/html,x", "http://evil.test/cb", "//evil.test",
      "https://a.test/#x", "/cb",
    ])
  func callbackURL(_ url: String) async throws {
    try await Self.withZendesk { server, _, _ in
      await #expect(throws: APIError.self) {
        try await server.broker.environments.change("dev", .init(callbackURL: url))
      }
      let environment = try await server.broker.environments.named("dev")
      #expect(environment.callbackURL == nil)
    }
  }

  @Test(
    "A11: there is no 'return_to', and nothing goes back to where a request says it comes from",
    arguments: [
      "//evil.test", "/\\evil.test", "https:evil.test", "https://good.com.evil.test",
      "/%09/evil.test",
      "\t//evil.test", "https://evil.test/",
    ])
  func returnTo(_ target: String) async throws {
    try await Self.withZendesk { server, provider, _ in
      let names = ["return_to", "redirect", "redirect_to", "next", "continue", "returnUrl", "url"]
      let loose = names.map { "&\($0)=\(target.inQuery)" }.joined()
      let headers = [("Referer", "https://evil.test/page"), ("Accept", "text/html")]
      let browser = Browser(server)
      let start = try await browser.open(Self.start(server, loose), headers: headers)
      let url = try #require(start.header("Location"))
      #expect(url.hasPrefix("https://acme.zendesk.com/oauth/authorizations/new?"))
      #expect(!start.headers.contains { $0.1.contains("evil") })
      let back = Browser.local(try provider.consent(at: url)) + loose
      let page = try await browser.open(back, headers: headers)
      #expect(page.status == 200)
      #expect(page.header("Location") == nil)
      #expect(!page.text.contains("evil"))
      #expect(page.header("Referrer-Policy") == "no-referrer")
      // Of what fails, too, nothing leads away.
      for path in [
        back, "/oauth/connect/none?public_key=\(server.publicKey)" + loose,
        "/oauth/connect/zendesk?" + loose.dropFirst(),
      ] {
        let failed = try await browser.open(path, headers: headers)
        #expect((400..<500).contains(failed.status))
        #expect(failed.header("Location") == nil)
        #expect(!failed.text.contains("evil"))
      }
    }
  }

  @Test(
    "A11: 'return_url' lies in an allowed origin, byte by byte, or nothing begins",
    arguments: [
      "//evil.test", "/\\evil.test", "https:evil.test", "https://good.com.evil.test",
      "/%09/evil.test", "\t//evil.test", "https://evil.test/", "//good.com", "/", "good.com",
      "https:good.com", "https:/good.com", "https:///good.com", "https://good.com@evil.test/",
      "https://good.com:8443/", "http://good.com/", "https://good.com\\evil.test/",
      "https://GOOD.com/",
      "https://good.com\t/", " https://good.com/", "https://good.com/#x", "https://good.com./",
      "javascript:alert(1)//https://good.com", "https://good.com%2eevil.test/", "https://good。com/",
    ])
  func returnURL(_ target: String) async throws {
    try await Self.withZendesk { server, _, transport in
      var change = Environments.Change()
      change.allowedOrigins = ["https://good.com"]
      _ = try await server.broker.environments.change("dev", change)
      let answer = try await server.send(
        "GET", Self.start(server, "&return_url=\(target.inQuery)"),
        headers: [("Accept", "text/html"), ("Referer", "https://good.com/page")])
      #expect(answer.status == 400 && answer.text.contains("return_url_not_allowed"))
      #expect(answer.header("Location") == nil)
      #expect(!answer.text.contains("evil"))
      #expect(transport.sent.isEmpty)
      #expect(try await server.activity().isEmpty)
    }
  }

  @Test(
    "A11: what lies in an allowed origin is taken as it is",
    arguments: [
      "https://good.com", "https://good.com/", "https://good.com/a?b=c", "https://good.com?b=%09",
      "https://good.com//evil.test/%5C",
    ])
  func fitReturnURL(_ target: String) async throws {
    try await Self.withZendesk { server, provider, _ in
      var change = Environments.Change()
      change.allowedOrigins = ["https://good.com"]
      _ = try await server.broker.environments.change("dev", change)
      let browser = Browser(server)
      let page = try await browser.connect(
        Self.start(server, "&return_url=\(target.inQuery)"), at: provider)
      #expect(page.status == 303 && page.header("Location")?.hasPrefix(target) == true)
    }
  }
}
