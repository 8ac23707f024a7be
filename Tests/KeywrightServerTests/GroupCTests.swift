import Foundation
import HTTPTypes
import Keywright
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// Group C of the security rows: what a person fills in moves nothing but its own place.
@Suite("Group C: what is filled in")
struct GroupCTests {
  // MARK: A label within a host

  /// Zendesk with both its methods, and the three ways by which a value comes in.
  private static func withZendesk(
    _ body: (ServerUnderTest, RefusalOracle, _ send: Sender) async throws -> Void
  ) async throws {
    let provider = try FirstConnectionTests.zendesk(GroupATests.client)
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("zendesk", provider: "zendesk", GroupATests.client)
      try await server.integrate("zendesk-token", provider: "zendesk", method: "api-token")
      try await body(server, RefusalOracle(server, provider), Sender(server: server))
    }
  }

  struct Sender {
    let server: ServerUnderTest

    /// Every route that takes a subdomain, with the value in its place.
    func routes(_ value: String) -> [(
      name: String, send: () async throws -> ServerUnderTest.Answer
    )] {
      let key = "public_key=\(server.publicKey)"
      let entries = [("email", "a@b.test"), ("api_token", "CANARY-entry")]
      func json(_ pairs: [(String, String)]) -> String {
        JSON.object(pairs.map { .init($0.0, .string($0.1)) }).compactText
      }
      return [
        (
          "browser",
          {
            try await server.send(
              "GET", "/oauth/connect/zendesk?\(key)&params[subdomain]=\(value.inQuery)")
          }
        ),
        (
          "form, in the query",
          {
            try await server.send(
              "POST", "/api-auth/basic/zendesk-token?\(key)&params[subdomain]=\(value.inQuery)",
              json(entries))
          }
        ),
        (
          "form, in the body",
          {
            try await server.send(
              "POST", "/api-auth/basic/zendesk-token?\(key)", json(entries + [("subdomain", value)])
            )
          }
        ),
        (
          "form, by another name",
          {
            try await server.send(
              "POST", "/auth/custom/zendesk-token?\(key)&credentials[subdomain]=\(value.inQuery)",
              json(entries))
          }
        ),
      ]
    }
  }

  /// A value is refused on every route, in the same way.
  private static func refuses(_ values: [String]) async throws {
    try await withZendesk { _, oracle, sender in
      for value in values {
        for route in sender.routes(value) {
          let answer = try await oracle.refuses(
            400, "invalid_config", at: ["params", "subdomain"], entries: 1,
            "'\(value)' by \(route.name)"
          ) { try await route.send() }
          // What was entered is not told again.
          if value.utf8.count > 4 { #expect(!answer.text.contains(value)) }
        }
      }
      try oracle.keepsSecrets()
    }
  }

  private static func values(_ row: String) -> [String] {
    HostileValues.labels.first { $0.row == row }?.values ?? []
  }

  @Test("C1: what would end the host is refused")
  func ends() async throws { try await Self.refuses(Self.values("C1")) }

  @Test("C2: user information, backslash and port are refused")
  func userInformation() async throws { try await Self.refuses(Self.values("C2")) }

  @Test("C3: addresses are refused")
  func addresses() async throws { try await Self.refuses(Self.values("C3")) }

  @Test("C4: control and invisible characters are refused, at the end too")
  func controls() async throws { try await Self.refuses(Self.values("C4")) }

  @Test("C5: nothing is decoded or folded")
  func folded() async throws { try await Self.refuses(Self.values("C5")) }

  @Test("C6: letters of other scripts and encoded labels are refused")
  func scripts() async throws { try await Self.refuses(Self.values("C6")) }

  @Test("C7: a label is 1 to 63 letters, digits and inner hyphens")
  func labels() async throws { try await Self.refuses(Self.values("C7") + [""]) }

  @Test("C8: upper case becomes lower case once, and that is what is stored and used")
  func canonical() async throws {
    let provider = try FirstConnectionTests.zendesk(GroupATests.client)
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("zendesk", provider: "zendesk", GroupATests.client)
      let browser = Browser(server)
      let page = try await browser.connect(
        "/oauth/connect/zendesk?public_key=\(server.publicKey)&connection_id=c&params[subdomain]=ACME",
        at: provider)
      #expect(page.status == 200)
      #expect(provider.seen.allSatisfy { $0.address.hasPrefix("https://acme.zendesk.com/") })
      let read = try await server.backend("GET", "/connections/c?provider_config_key=zendesk")
      #expect(read.json["connection_config"]?["subdomain"]?.text == "acme")
    }
  }

  @Test("C9: placeholders of any language are text, and then refused by the type")
  func placeholders() async throws { try await Self.refuses(Self.values("C9")) }

  // MARK: Other places

  static let slots = """
    # id: slots
    name: Slots
    auth:
      browser:
        kind: oauth2
        ask: { team: { title: Team } }
        authorization_endpoint: https://auth.slots.test/t/$<team>/authorize
        token_endpoint: https://auth.slots.test/token
        authorization_parameters: { team: $<team> }
      form:
        kind: custom
        ask: { team: { title: Team }, note: { title: Note, type: secret } }
        exchange:
          post: https://api.slots.test/t/$<team>/log-in
          query: { team: $<team> }
          headers: { X-Note: $<note> }
          form: { team: $<team>, last: end }
          credential: { access_token: $<body.token> }
      json:
        kind: custom
        ask: { team: { title: Team }, note: { title: Note, type: secret } }
        exchange:
          post: https://api.slots.test/log-in
          json: { team: $<team>, note: $<note>, last: end }
          credential: { access_token: $<body.token> }
    """

  private static func withSlots(
    _ body: (ServerUnderTest, RecordingTransport, RefusalOracle) async throws -> Void
  ) async throws {
    let transport = RecordingTransport(GroupATests.Answering(body: #"{"token": "t"}"#))
    try await ServerUnderTest.with([slots], over: transport) { server in
      try await server.integrate(
        "browser", provider: "slots", method: "browser", GroupATests.client)
      try await server.integrate("form", provider: "slots", method: "form")
      try await server.integrate("json", provider: "slots", method: "json")
      try await body(server, transport, RefusalOracle(server, transport))
    }
  }

  private static func fill(
    _ server: ServerUnderTest, _ integration: String, _ team: String, note: String = "n"
  ) async throws -> ServerUnderTest.Answer {
    try await server.send(
      "POST", "/auth/custom/\(integration)?public_key=\(server.publicKey)",
      JSON.object([.init("team", .string(team)), .init("note", .string(note))]).compactText)
  }

  @Test(
    "C9: a value is filled in once, and what looks like a template in it stays as it is",
    arguments: [
      "$<client_secret>", "$$<team>", "${env.PATH}", "{{x}}", "\\(x)", "%24%3Cteam%3E", "||",
    ])
  func literal(_ value: String) async throws {
    try await Self.withSlots { server, transport, _ in
      #expect(try await Self.fill(server, "form", value).status == 200)
      let sent = try #require(transport.sent.last)
      #expect(sent.request.path == "/t/\(value.inQuery)/log-in?team=\(value.inQuery)")
      let body = FormText.pairs(sent.body)
      #expect(body?.first { $0.name == "team" }?.value == value)
      let url = try await server.send(
        "GET", "/oauth/connect/browser?public_key=\(server.publicKey)&params[team]=\(value.inQuery)"
      ).header("Location")
      #expect(url?.hasPrefix("https://auth.slots.test/t/\(value.inQuery)/authorize?") == true)
      #expect(url?.contains("CANARY") == false)
    }
  }

  @Test(
    "C10: in a path a value is one segment",
    arguments: [
      "../../admin", "a/b", "%2e%2e", ";jsessionid=1", "?x=1", "#f", "a\\b", "a//b", "é", "..;/x",
    ])
  func segment(_ value: String) async throws {
    try await Self.withSlots { server, transport, _ in
      #expect(try await Self.fill(server, "form", value).status == 200)
      let path = try #require(transport.sent.last?.request.path)
      #expect(path == "/t/\(value.inQuery)/log-in?team=\(value.inQuery)")
      let url = try #require(
        try await server.send(
          "GET",
          "/oauth/connect/browser?public_key=\(server.publicKey)&params[team]=\(value.inQuery)"
        ).header("Location"))
      #expect(URLComponents(string: url)?.percentEncodedPath == "/t/\(value.inQuery)/authorize")
      #expect(URLComponents(string: url)?.host == "auth.slots.test")
    }
  }

  @Test("C10: a segment of dots alone is refused", arguments: [".", "..", "...."])
  func dots(_ value: String) async throws {
    try await Self.withSlots { server, _, oracle in
      try await oracle.refuses(400, "invalid_config", at: ["params", "team"], entries: 1) {
        try await Self.fill(server, "form", value)
      }
      try await oracle.refuses(400, "invalid_config", at: ["params", "team"], entries: 1) {
        try await server.send(
          "GET", "/oauth/connect/browser?public_key=\(server.publicKey)&params[team]=\(value)")
      }
    }
  }

  @Test(
    "C11: in a query, a form and a JSON body a value ends nothing",
    arguments: [
      "a&admin=1", "a=b", "a\"b", "\",\"admin\":true,\"x\":\"", "a+b c", "%26", "a;b", "</x>",
    ])
  func encoders(_ value: String) async throws {
    try await Self.withSlots { server, transport, _ in
      #expect(try await Self.fill(server, "form", value).status == 200)
      let sent = try #require(transport.sent.last)
      let form = FormText.pairs(sent.body)
      #expect(form?.map(\.name).sorted() == ["last", "team"])
      #expect(form?.first { $0.name == "team" }?.value == value)
      let query = sent.request.path?.split(separator: "?")[1] ?? ""
      #expect(FormText.pairs(String(query))?.map(\.value) == [value])
      #expect(try await Self.fill(server, "json", value, note: value).status == 200)
      let body = try JSON(reading: transport.sent.last?.body ?? "")
      #expect(body.members?.map(\.name).sorted() == ["last", "note", "team"])
      #expect(body["team"]?.text == value)
      #expect(body["note"]?.text == value)
    }
  }

  @Test(
    "C11: a header takes no control character",
    arguments: ["a\r\nX-Admin: 1", "a\n", "\r", "a\u{0}", "\u{7F}", "a\tb\u{1}"])
  func header(_ value: String) async throws {
    try await Self.withSlots { server, transport, oracle in
      try await oracle.refuses(400, "invalid_config", at: ["params", "note"], entries: 1) {
        try await Self.fill(server, "form", "acme", note: value)
      }
      // In JSON it is a value like any other.
      #expect(try await Self.fill(server, "json", "acme", note: value).status == 200)
      #expect(try JSON(reading: transport.sent.last?.body ?? "")["note"]?.text == value)
    }
  }

  @Test("C11: texts, secrets and bodies have an end")
  func sizes() async throws {
    try await Self.withSlots { server, _, oracle in
      try await oracle.refuses(400, "invalid_config", at: ["params", "team"], entries: 1) {
        try await Self.fill(server, "form", String(repeating: "x", count: 1_025))
      }
      try await oracle.refuses(400, "invalid_config", at: ["params", "note"], entries: 1) {
        try await Self.fill(server, "json", "acme", note: String(repeating: "x", count: 65_537))
      }
      try await oracle.refuses(413, "invalid_body") {
        try await Self.fill(server, "json", "acme", note: String(repeating: "x", count: 1_048_576))
      }
    }
  }

  // MARK: Whole addresses

  static let addressed = """
    # id: addressed
    name: Addressed
    auth:
      origin:
        kind: oauth2
        ask: { server: { title: Server, type: origin, under: [addressed.test] } }
        authorization_endpoint: $<server>/authorize
        token_endpoint: $<server>/token
      url:
        kind: custom
        ask: { server: { title: Server, type: url, under: [addressed.test] }, key: { title: Key, type: secret } }
        exchange:
          post: $<server>/log-in
          form: { key: $<key> }
          credential: { access_token: $<body.token> }
      host:
        kind: custom
        ask: { server: { title: Server, type: host, under: [addressed.test] }, key: { title: Key, type: secret } }
        exchange:
          post: https://$<server>/log-in
          form: { key: $<key> }
          credential: { access_token: $<body.token> }
    """

  private static func withAddresses(
    _ body: (ServerUnderTest, RecordingTransport, RefusalOracle) async throws -> Void
  ) async throws {
    let transport = RecordingTransport(GroupATests.Answering(body: #"{"token": "t"}"#))
    try await ServerUnderTest.with([addressed], over: transport) { server in
      for method in ["origin", "url", "host"] {
        try await server.integrate(
          method, provider: "addressed", method: method,
          method == "origin" ? GroupATests.client : [:])
      }
      try await body(server, transport, RefusalOracle(server, transport))
    }
  }

  private static func address(
    _ server: ServerUnderTest, _ method: String, _ value: String
  ) async throws -> ServerUnderTest.Answer {
    if method == "origin" {
      return try await server.send(
        "GET",
        "/oauth/connect/origin?public_key=\(server.publicKey)&params[server]=\(value.inQuery)")
    }
    return try await server.send(
      "POST", "/auth/custom/\(method)?public_key=\(server.publicKey)",
      JSON.object([.init("server", .string(value)), .init("key", .string("CANARY-entry"))])
        .compactText)
  }

  static let hostileAddresses: [String] = [
    "http://acme.addressed.test", "ftp://acme.addressed.test", "javascript:alert(1)",
    "https://u@acme.addressed.test", "https://u:p@acme.addressed.test",
    "https://acme.addressed.test#x", "https://acme.addressed.test:0",
    "https://acme.addressed.test:99999", "https://acme.addressed.test:0443",
    "https://acme.addressed.test:", "https://acme.addressed.test:44a",
    "https://acme.addressed.test.", "https://localhost.", "https://localhost", "https://127.0.0.1",
    "https://2130706433", "https://0x7f.1", "https://[::1]", "https://169.254.169.254",
    "https://evil.test", "https://addressed.test.evil.test", "https://evil-addressed.test",
    "https://addressed.test@evil.test", "https://evil.test/addressed.test",
    "https://evil.test\\@acme.addressed.test", "https://acme.addressed.test\n", "//evil.test",
    "https:evil.test", "https://аcme.addressed.test", "https://xn--acme.addressed.test\u{0}",
    "https://acme%2eaddressed.test", "https://acme。addressed.test", "https:///acme.addressed.test",
    "https://a..addressed.test", "https://-a.addressed.test", "https://",
  ]

  @Test(
    "C12: an address is https, has no user, no fragment, a port, and a name under the spec's suffix",
    arguments: hostileAddresses)
  func address(_ value: String) async throws {
    try await Self.withAddresses { server, _, oracle in
      for method in ["origin", "url", "host"] {
        try await oracle.refuses(
          400, "invalid_config", at: ["params", "server"], entries: 1, method
        ) {
          try await Self.address(server, method, value)
        }
      }
      try oracle.keepsSecrets()
    }
  }

  @Test("C12: a host has no port and no path, an origin no path")
  func parts() async throws {
    try await Self.withAddresses { server, _, oracle in
      for (method, value) in [
        ("host", "acme.addressed.test:8443"), ("host", "https://acme.addressed.test/a"),
        ("origin", "https://acme.addressed.test/a"), ("origin", "https://acme.addressed.test?x=1"),
      ] {
        try await oracle.refuses(
          400, "invalid_config", at: ["params", "server"], entries: 1, value
        ) {
          try await Self.address(server, method, value)
        }
      }
    }
  }

  @Test("C12: what fits is taken canonical")
  func canonicalAddress() async throws {
    try await Self.withAddresses { server, transport, _ in
      let url = try await Self.address(server, "origin", "HTTPS://Acme.Addressed.Test:443/").header(
        "Location")
      #expect(url?.hasPrefix("https://acme.addressed.test/authorize?") == true)
      #expect(
        try await Self.address(server, "url", "https://Acme.addressed.test:8443/a").status == 200)
      #expect(transport.sent.last?.request.authority == "acme.addressed.test:8443")
      #expect(transport.sent.last?.request.path == "/a/log-in")
      #expect(try await Self.address(server, "host", "https://acme.addressed.test/").status == 200)
      #expect(transport.sent.last?.request.authority == "acme.addressed.test")
    }
  }

  // MARK: Shapes

  @Test("C13: an unknown, a missing and a repeated field are refused, in the query and in the body")
  func shapes() async throws {
    try await Self.withZendesk { server, oracle, _ in
      let key = "public_key=\(server.publicKey)"
      for name in [
        "nope", "__proto__", "constructor", "sub domain", "Subdomain", "subdomain[x", "toString",
      ] {
        try await oracle.refuses(400, "invalid_config", at: ["params", name], name) {
          try await server.send(
            "GET", "/oauth/connect/zendesk?\(key)&params[subdomain]=acme&params[\(name.inQuery)]=x")
        }
        try await oracle.refuses(400, "invalid_config", at: ["params", name], name) {
          try await server.send(
            "POST", "/api-auth/basic/zendesk-token?\(key)&params[subdomain]=acme",
            JSON.object([
              .init("email", .string("a@b.test")), .init("api_token", .string("CANARY-entry")),
              .init(name, .string("x")),
            ]).compactText)
        }
      }
      try await oracle.refuses(400, "invalid_config", at: ["params", "subdomain"], entries: 1) {
        try await server.send("GET", "/oauth/connect/zendesk?\(key)")
      }
      for path in ["api_token", "email", "subdomain"] {
        let all = ["api_token": "CANARY-entry", "email": "a@b.test", "subdomain": "acme"]
        try await oracle.refuses(400, "invalid_config", at: ["params", path], entries: 1) {
          try await server.send(
            "POST", "/api-auth/basic/zendesk-token?\(key)",
            JSON.texts(all.filter { $0.key != path }).compactText)
        }
      }
      try await oracle.refuses(400, "invalid_query_params", at: ["params", "subdomain"]) {
        try await server.send(
          "GET", "/oauth/connect/zendesk?\(key)&params[subdomain]=acme&params[subdomain]=evil")
      }
      try await oracle.refuses(400, "invalid_body", at: ["subdomain"]) {
        try await server.send(
          "POST", "/api-auth/basic/zendesk-token?\(key)&params[subdomain]=acme",
          #"{"email":"a@b.test","api_token":"CANARY-entry","subdomain":"evil"}"#)
      }
    }
  }

  @Test(
    "C13: a field is a JSON text",
    arguments: ["5", "1.5", "true", "false", "null", "[]", #"["acme"]"#, "{}", #"{"a":"acme"}"#])
  func types(_ value: String) async throws {
    try await Self.withZendesk { server, oracle, _ in
      for name in ["subdomain", "email", "api_token"] {
        var all = [
          "api_token": #""CANARY-entry""#, "email": #""a@b.test""#, "subdomain": #""acme""#,
        ]
        all[name] = value
        let body = all.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        try await oracle.refuses(400, "invalid_config", at: ["params", name], name) {
          try await server.send(
            "POST", "/api-auth/basic/zendesk-token?public_key=\(server.publicKey)",
            "{\(body.joined(separator: ","))}")
        }
      }
    }
  }

  @Test(
    "C13: a body that is no strict JSON object is refused",
    arguments: [
      #"{"subdomain":"acme","subdomain":"evil"}"#, #"{"subdomain":"acme","sub\u0064omain":"evil"}"#,
      "[]", #""acme""#, "5", "null", #"{"subdomain":"acme",}"#, #"{"subdomain":"acme"} {}"#,
      "{subdomain:\"acme\"}", #"{"subdomain":'acme'}"#, #"{"subdomain":"a"#, "subdomain=acme",
      #"{"subdomain":"\ud800"}"#, #"{"subdomain":NaN}"#,
      String(repeating: #"{"a":"#, count: 10_000),
    ])
  func strict(_ body: String) async throws {
    try await Self.withZendesk { server, oracle, _ in
      try await oracle.refuses(400, "invalid_body") {
        try await server.send(
          "POST", "/api-auth/basic/zendesk-token?public_key=\(server.publicKey)", body)
      }
    }
  }

  @Test(
    "C14: what only a backend may say is refused from a browser",
    arguments: [
      "webhook_url", "webhook_url_override", "oauth_client_id_override",
      "oauth_client_secret_override", "oauth_scopes_override", "oauth_refresh_token_override",
      "client_id", "client_secret",
    ])
  func privileged(_ name: String) async throws {
    try await Self.withZendesk { server, oracle, _ in
      let key = "public_key=\(server.publicKey)"
      for place in ["params", "credentials"] {
        try await oracle.refuses(400, "invalid_config", at: ["params", name], place) {
          try await server.send(
            "GET", "/oauth/connect/zendesk?\(key)&params[subdomain]=acme&\(place)[\(name)]=evil")
        }
      }
      try await oracle.refuses(400, "invalid_config", at: ["params", name]) {
        try await server.send(
          "POST", "/api-auth/basic/zendesk-token?\(key)&params[subdomain]=acme",
          #"{"email":"a@b.test","api_token":"CANARY-entry","\#(name)":"evil"}"#)
      }
      // A session's own values win over a browser's.
      let token = try await server.session(
        #"{"integrations_config_defaults": {"zendesk": {"connection_config": {"subdomain": "ours"}}}}"#
      )
      let url = try await server.send(
        "GET", "/oauth/connect/zendesk?connect_session_token=\(token)&params[subdomain]=evil"
      ).header("Location")
      #expect(url?.hasPrefix("https://ours.zendesk.com/") == true)
    }
  }

  // MARK: Many values

  @Test("C15: 100,000 hostile values change no scheme, host or port of Zendesk's URLs")
  func property() throws {
    let definition = try #require(
      try ServerUnderTest.catalogue().first { $0.definition.id == "zendesk" }
    ).definition
    let method = try #require(definition.method("oauth"))
    let field = try #require(method.ask.first { $0.name == "subdomain" })
    let templates =
      method.authorize.compactMap { $0.leave?.url } + method.exchange.compactMap { $0.request?.url }
    #expect(templates.count == 2)
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
    var random = SplitMix(seed: 31)
    var taken = 0
    var wrong: [String] = []
    for round in 0..<100_000 {
      let value =
        round < HostileValues.all.count
        ? HostileValues.all[round] : HostileValues.random(&random)
      guard let text = try? field.canonical(value) else {
        // Not even where the check was forgotten does it get into a host.
        for template in templates where round % 10 == 0 {
          if (try? template.expanded(in: ["subdomain": Value.text(value)])) != nil {
            wrong.append(value)
          }
        }
        continue
      }
      taken += 1
      guard text.utf8.allSatisfy(allowed.contains), text.utf8.count <= 63 else {
        wrong.append(value)
        continue
      }
      for template in templates {
        let url = try template.expanded(in: ["subdomain": Value.text(text)]).description
        let parts = try URLParts(reading: url)
        let found = URLComponents(string: url)
        let isSame =
          parts.origin == Origin(scheme: .https, host: "\(text).zendesk.com", port: 443)
          && found?.encodedHost == "\(text).zendesk.com" && found?.port == nil && found?.user == nil
          && found?.scheme == "https" && parts.path.hasPrefix("/oauth/")
        if !isSame { wrong.append(value) }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    // A check that took nothing, or everything, would show nothing.
    #expect((10_000...50_000).contains(taken), "\(taken)")
  }

  @Test("C16: what our parser takes, urllib, Ada (WHATWG) and Foundation read in the same way")
  func parsers() throws {
    var random = SplitMix(seed: 37)
    let shapes: [(String) -> String] = [
      { $0 }, { "https://\($0)" }, { "https://\($0).zendesk.com/x" },
      { "https://acme.zendesk.com\($0)" },
      { "https://acme.zendesk.com/\($0)" }, { "https://acme.zendesk.com?\($0)" },
      { "https://acme.zendesk.com:\($0)/" }, { "https://acme\($0).zendesk.com" },
      { "HTTPS://a.\($0).test:8443/#" },
    ]
    var texts = GroupCTests.hostileAddresses
    for value in HostileValues.all { texts += shapes.map { $0(value) } }
    for _ in 0..<10_000 {
      let value = HostileValues.random(&random)
      texts.append(shapes.randomElement(using: &random)?(value) ?? value)
    }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("urls-\(UUID()).txt")
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = texts.map { JSON.string($0).compactText }.joined(separator: "\n")
    try (lines + "\n").write(to: file, atomically: true, encoding: .utf8)
    let answers = try URLOracle.read(file).split(separator: "\n")
    #expect(answers.count == texts.count)
    var taken = 0
    var wrong: [String] = []
    for (text, answer) in zip(texts, answers) {
      guard let ours = try? URLParts(reading: text) else { continue }
      taken += 1
      let wanted: [JSON] = [
        .string(ours.origin.scheme.rawValue), .string(ours.origin.host),
        .integer(Int64(ours.origin.port)),
      ]
      let theirs = try JSON(reading: String(answer)).elements ?? []
      let foundation = URLComponents(string: text)
      let isSame =
        foundation?.scheme?.lowercased() == ours.origin.scheme.rawValue
        && foundation?.encodedHost?.lowercased() == ours.origin.host
        && (foundation?.port ?? ours.origin.scheme.defaultPort) == ours.origin.port
        && foundation?.user == nil
      // Python writes the loopback address of IPv6 without its brackets.
      let hosts = theirs.map {
        $0.elements?.dropFirst().first?.text?.replacing("[", with: "").replacing("]", with: "")
      }
      let isEqual =
        theirs.count == 2
        && theirs.allSatisfy { $0.elements?.first == wanted[0] && $0.elements?.last == wanted[2] }
        && hosts.allSatisfy {
          $0 == ours.origin.host.replacing("[", with: "").replacing("]", with: "")
        }
      if !isSame || !isEqual { wrong.append("\(text): \(answer)") }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    #expect(taken > 1_000, "\(taken)")
  }
}
