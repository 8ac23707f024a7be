import HTTPTypes
import Keywright
import KeywrightDefinition
import KeywrightTesting
import KeywrightZ
import Testing

/// What went wrong for others in this field, and must not here: group C, by its numbers.
///
/// Left out: C15 (signed assertions) and C20 (OAuth 1), which the language does not have yet.
@Suite("Field cases of the engine")
struct FieldCaseTests {
  // MARK: Helpers

  /// A code flow with these further lines of its method, at the moment when the browser is away.
  private func away(
    _ lines: String = "", clientID: String = "cid", secret: String = "sec", scopes: [String] = []
  ) throws -> SpecFlow {
    let indented = lines.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      verify: GET /me
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token
      \(indented)
      """, setup: ["client_id": clientID, "client_secret": secret], scopes: scopes)
    try flow.begin()
    return flow
  }

  /// The flow to its end: exchange, then the verification of what came.
  private func connected(
    _ token: TransportAnswer, _ lines: String = "", scopes: [String] = []
  ) throws -> SpecFlow {
    var flow = try away(lines, scopes: scopes)
    try flow.callback("code=c0de&state=STATE", answers: [token, .json("{}")])
    return flow
  }

  private func refusal(_ token: TransportAnswer, _ lines: String = "") throws -> AuthorizationError
  {
    var flow = try away(lines)
    let error = #expect(throws: AuthorizationError.self) {
      try flow.callback("code=c0de&state=STATE", answers: [token])
    }
    #expect(flow.requests.count == 1 && flow.state.credentials.isEmpty)
    return try #require(error)
  }

  // MARK: Lifetimes

  @Test(
    "C1 a lifetime as a string: digits are a number, and what is none leaves the token and a warning",
    arguments: [
      ("\"3599\"", 3_599), ("3599", 3_599), ("\"3600abc\"", nil), ("\"-5\"", nil), ("1e400", nil),
      ("true", nil),
    ] as [(String, Int64?)])
  func c1(_ lifetime: String, _ seconds: Int64?) throws {
    let flow = try connected(
      .json(#"{"access_token":"a1","refresh_token":"r1","expires_in":\#(lifetime)}"#))
    let credential = try #require(flow.state.credentials[""])
    #expect(credential.parts["access_token"] == "a1")
    #expect(credential.expiresAt == seconds.map { UnixTime(seconds: 1_700_000_000 + $0) })
    #expect(flow.state.warnings.isEmpty == (seconds != nil))
  }

  /// What a reader is given in the second case, renewed or not, is the keeper's part.
  @Test(
    "C2 a lifetime of 0: it means now, and never where the spec says so",
    arguments: [("", 0), ("response: { expires_in: $<body.expires_in.positive()> }", nil)]
      as [(String, Int64?)])
  func c2(_ line: String, _ seconds: Int64?) throws {
    var flow = try connected(
      .json(#"{"access_token":"a1","refresh_token":"r1","expires_in":0}"#), line)
    for _ in 0..<2 {
      #expect(
        flow.state.credentials[""]?.expiresAt
          == seconds.map { UnixTime(seconds: 1_700_000_000 + $0) })
      #expect(flow.state.warnings.isEmpty)
      try flow.begin(
        .renew, answers: [.json(#"{"access_token":"a2","refresh_token":"r2","expires_in":0}"#)])
    }
  }

  // MARK: What an answer is

  @Test("C3 a token type that is missing: taken as bearer, in any case; an unknown one is refused")
  func c3() throws {
    for member in ["", #","token_type":"BeArEr""#] {
      let flow = try connected(.json(#"{"access_token":"a1","expires_in":5184000\#(member)}"#))
      #expect(flow.state.credentials[""]?.parts["access_token"] == "a1")
    }
    let mac = TransportAnswer.json(#"{"access_token":"a1","token_type":"mac"}"#)
    let error = try refusal(mac)
    #expect(error.code == .unacceptedAnswer && error.message.contains("token_type"))
    #expect(try connected(mac, "token_type: mac").state.credentials.count == 1)
  }

  @Test(
    "C4 success in the status, an error inside: without an access token there is no connection",
    arguments: [
      #"{"error":"bad_verification_code","error_description":"x","error_uri":"https://p.example.test/e"}"#,
      "{}", "", #"{"access_token":""}"#, #"{"access_token":7}"#,
    ])
  func c4(_ body: String) throws {
    let error = try refusal(.json(body))
    #expect(error.status == 200 || error.status == nil)
    if body.contains("bad_verification_code") {
      #expect(error.providerCode == "bad_verification_code" && error.providerDescription == "x")
    }
  }

  @Test(
    "C5 an error of any shape: it is survived, and the nearest code and message are shown",
    arguments: [
      #"{"error":{"message":"This code has expired.","type":"AuthException","code":100}}"#,
      #"{"error":{"message":"This code has expired."}}"#, #"{"error":["x"]}"#, #"{"error":7}"#,
      #"{"error":true}"#, #"{"error":{}}"#, #"{"error":null}"#, #"{"error":{"code":{"code":1}}}"#,
      "[]", "7", "null", "\"x\"",
    ])
  func c5(_ body: String) throws {
    let error = try refusal(.json(body, status: 400))
    #expect(error.status == 400 && error.code == .refused)
    if body.contains("expired") {
      #expect(error.providerDescription == "This code has expired.")
    }
    if body.contains("AuthException") {
      #expect(error.providerCode == "100")
      let named = try refusal(
        .json(body, status: 400),
        "error: { code: $<body.error.type>, description: $<body.error.message> }")
      #expect(named.providerCode == "AuthException")
      #expect(named.providerDescription == "This code has expired.")
    }
  }

  @Test(
    "C6 a page with status 200, labelled as JSON: an error that says so; a renewal keeps what it had"
  )
  func c6() throws {
    let page = TransportAnswer.json("<!DOCTYPE html><title>Maintenance</title>")
    let error = try refusal(page)
    #expect(error.code == .unreadableAnswer && error.status == 200)
    #expect(error.message.contains("application/json") && error.message.contains("'Maintenance'"))
    var flow = try connected(.json(#"{"access_token":"a1","refresh_token":"r1"}"#))
    let before = flow.state.credentials
    let again = #expect(throws: AuthorizationError.self) { try flow.begin(.renew, answers: [page]) }
    #expect(again?.code == .unreadableAnswer && flow.state.credentials == before)
  }

  @Test("C7 JSON labelled as text: the format decides, and the label is noted")
  func c7() throws {
    let body = Array(#"{"access_token":"a1","expires_in":7200,"refresh_token":"r1"}"#.utf8)
    let flow = try flow(labelled: "text/plain; charset=utf-8", body)
    #expect(
      flow.state.credentials[""]?.parts == ["access_token": "a1", "refresh_token": "r1"])
    #expect(flow.state.warnings.count == 1)
    #expect(flow.state.warnings.first?.contains("'text/plain; charset=utf-8'") == true)
    for type in ["application/json", "Application/JSON;charset=UTF-8", "application/vnd.x+json"] {
      #expect(try self.flow(labelled: type, body).state.warnings == [])
    }
  }

  private func flow(labelled type: String, _ body: [UInt8]) throws -> SpecFlow {
    try connected(TransportAnswer(status: 200, headers: [.contentType: type], body: body))
  }

  @Test(
    "C8 an answer as a form: its lifetime is kept under any name; read as JSON, the error proposes the format"
  )
  func c8() throws {
    let answer = TransportAnswer(
      status: 200, headers: [.contentType: "application/x-www-form-urlencoded"],
      body: Array(
        "access_token=a%2F1&refresh_token=r1&token_type=bearer&expires=5183944&scope=a%2Cb".utf8))
    let flow = try connected(
      answer, "token_format: form\nresponse: { expires_in: $<body.expires> }")
    let credential = try #require(flow.state.credentials[""])
    #expect(credential.parts["access_token"] == "a/1" && credential.lifetime == 5_183_944)
    #expect(credential.scopes == ["a", "b"] && flow.state.warnings == [])
    let error = try refusal(answer)
    #expect(error.code == .unreadableAnswer && error.message.contains("format: form"))
    #expect(!error.description.contains("a%2F1"))
  }

  @Test(
    "C9 an id of many digits: none is lost",
    arguments: [
      "17841400123456789", "9007199254740993", "9223372036854775807", "-9223372036854775808",
    ])
  func c9(_ id: String) throws {
    let flow = try connected(
      .json(#"{"access_token":"a1","user_id":\#(id)}"#),
      "save: { user: { from: $<body.user_id>, type: text } }")
    #expect(flow.state.saved["user"] == id)
  }

  // MARK: What is sent

  @Test("C10 the code: decoded once on the way in, encoded once on the way out")
  func c10() throws {
    var flow = try away()
    try flow.callback(
      "code=4%2F0Ab%252Bc%2Bd&state=STATE",
      answers: [.json(#"{"access_token":"a1"}"#), .json("{}")])
    #expect(flow.body(0).contains("code=4%2F0Ab%252Bc%2Bd&"))
    #expect(flow.state.callback["code"] == "4/0Ab%2Bc+d")
  }

  @Test(
    "C11 Basic with odd characters: encoded as RFC 6749 wants it; raw, an id with a colon is refused at set-up"
  )
  func c11() throws {
    var flow = try away(
      "client_authentication: client_secret_basic", clientID: "app 7:eu", secret: "p+q/=%ü")
    try flow.callback(
      "code=c&state=STATE", answers: [.json(#"{"access_token":"a1"}"#), .json("{}")])
    #expect(
      flow.requests[0].request.headerFields[.authorization]
        == "Basic YXBwKzclM0FldTpwJTJCcSUyRiUzRCUyNSVDMyVCQw==")
    let raw = try away("client_authentication: client_secret_basic_raw")
    let field = try #require(raw.engine.method.setup.first { $0.name == "client_id" })
    #expect(throws: FieldFailure.self) { try field.canonical("app 7:eu") }
    #expect(try field.canonical("app 7") == "app 7")
  }

  @Test(
    "C12 a refused client authentication: one code, one request, and the first error is the one shown"
  )
  func c12() throws {
    var flow = try away("client_authentication: client_secret_basic")
    let error = #expect(throws: AuthorizationError.self) {
      try flow.callback(
        "code=c&state=STATE",
        answers: [
          .json(#"{"error":"invalid_client","error_description":"no"}"#, status: 401),
          .json(#"{"access_token":"a1"}"#),
        ])
    }
    #expect(flow.requests.count == 1)
    #expect(error?.code == .invalidClient && error?.providerDescription == "no")
  }

  @Test(
    "C13 the redirect URI: byte for byte as it was configured, in both requests",
    arguments: [
      "https://app.example.test", "https://app.example.test/", "https://app.example.test/cb?x=1",
      "https://APP.example.test:443/cb",
    ])
  func c13(_ text: String) async throws {
    #expect(try RedirectURI(text).text == text)
    let flow = try Flow(redirectURI: text)
    #expect(parameter("redirect_uri", of: flow.pending.url) == text)
    let transport = CannedTransport(json: #"{"access_token":"a"}"#, #"{"user":{"id":1}}"#)
    _ = try await flow.finish("code=c&state=STATE", over: transport)
    #expect(parameter("redirect_uri", sentIn: transport.seen[0].body) == text)
  }

  /// That the old one stays where connections are kept is the keeper's part.
  @Test(
    "C14 a second consent without a refresh token: it is said at once, and the first connection still renews"
  )
  func c14() async throws {
    let first = try await Flow().finish(
      token: .json(#"{"access_token":"a1","refresh_token":"r1","expires_in":60}"#))
    let second = try await Flow().finish(
      token: .json(#"{"access_token":"a2","expires_in":60}"#))
    #expect(second.account?.id == first.account?.id)
    #expect(second.credential?.refreshToken == nil)
    #expect(second.warnings.contains { $0.contains("refresh token") })
    let transport = CannedTransport(json: #"{"access_token":"a3","refresh_token":"r2"}"#)
    let renewed = try await first.renewed(client: Flow.client, over: transport)
    #expect(parameter("refresh_token", sentIn: transport.seen[0].body) == "r1")
    #expect(renewed.credential?.refreshToken == Secret("r2"))
  }

  // MARK: What is saved

  /// Asking the person is `choose`, which the language does not have yet.
  @Test(
    "C16 one account, several organisations: the rule decides, one entry is enough, and none fails with words",
    arguments: [
      (
        #"item.authEventId == "e1""#,
        #"[{"tenantId":"t1","authEventId":"e0"},{"tenantId":"t2","authEventId":"e1"}]"#, "t2"
      ),
      (#"item.authEventId == "e1""#, #"[{"tenantId":"t1","authEventId":"e0"}]"#, nil),
      ("item.tenantId != none", #"[{"tenantId":"t1","authEventId":"e0"}]"#, "t1"),
      ("item.tenantId != none", "[]", nil),
    ] as [(String, String, String?)])
  func c16(_ rule: String, _ answer: String, _ tenant: String?) throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      verify: { get: /me, headers: { X-Tenant: $<tenant> } }
      auth:
        login:
          kind: custom
          ask: { key: { title: Key, type: secret } }
          exchange:
            - { post: https://demo.test/token, form: { key: $<key> }, credential: { access_token: $<body.t> } }
            - get: /connections
              with: credential
              accept: body.any(\(rule))
              save: { tenant: { from: $<body.find(\(rule)).tenantId>, type: text } }
      """, fields: ["key": "k"])
    if let tenant {
      try flow.begin(answers: [.json(#"{"t":"a1"}"#), .json(answer), .json("{}")])
      #expect(flow.state.saved["tenant"] == tenant)
      #expect(flow.requests[2].request.headerFields[HTTPField.Name("X-Tenant")!] == tenant)
    } else {
      let error = #expect(throws: AuthorizationError.self) {
        try flow.begin(answers: [.json(#"{"t":"a1"}"#), .json(answer)])
      }
      #expect(error?.code == .unacceptedAnswer && error?.message.contains("any(") == true)
      #expect(flow.state.saved.isEmpty)
    }
  }

  @Test(
    "C17 the API's host in the token answer: a new one replaces it, none keeps it, a foreign one is not taken"
  )
  func c17() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: $<api_domain> }
      verify: GET /me
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token
          save: { api_domain: { from: $<body.api_domain>, type: origin, under: [vendor.test] } }
      """, setup: ["client_id": "cid", "client_secret": "sec"])
    func host() throws -> String {
      var copy = flow
      try copy.begin(.verify, answers: [.json("{}")])
      return copy.requests.last?.request.authority ?? ""
    }
    try flow.begin()
    try flow.callback(
      "code=c&state=STATE",
      answers: [
        .json(
          #"{"access_token":"a0","refresh_token":"r0","api_domain":"https://a1.vendor.test"}"#),
        .json("{}"),
      ])
    #expect(try host() == "a1.vendor.test")
    for (number, member, expected) in [
      (1, "", "a1.vendor.test"), (2, #","api_domain":"https://a2.vendor.test""#, "a2.vendor.test"),
      (3, #","api_domain":"https://evil.test""#, "a2.vendor.test"),
    ] {
      try flow.begin(
        .renew,
        answers: [.json(#"{"access_token":"a\#(number)","refresh_token":"r\#(number)"\#(member)}"#)]
      )
      #expect(
        flow.state.credentials[""]?.parts
          == ["access_token": "a\(number)", "refresh_token": "r\(number)"])
      #expect(try host() == expected)
      #expect(flow.state.warnings.contains { $0.contains("api_domain") } == (number == 3))
    }
  }

  static let twoTokens = """
    name: Demo
    api: { base: https://api.demo.test }
    verify: { post: /auth.test }
    auth:
      oauth:
        kind: oauth2
        authorization_endpoint: https://demo.test/authorize
        accept: body.ok == true
        error: { code: $<body.error> }
        refresh_token: none
        exchange:
          post: https://demo.test/token
          with: client
          form: { code: $<callback.code>, code_verifier: $<pkce.verifier> }
          credential:
            - { name: bot, access_token: $<body.access_token>, scopes: $<body.scope> }
            - { name: user, access_token: $<body.authed_user.access_token>, scopes: $<body.authed_user.scope> }
        credentials:
          bot: { optional: true }
          user: { optional: true }
    """

  @Test(
    "C18 two tokens in one answer, and only the second is there: it is the default; none at all fails"
  )
  func c18() throws {
    let setup = ["client_id": "cid", "client_secret": "sec"]
    var flow = try SpecFlow(Self.twoTokens, setup: setup)
    try flow.begin()
    try flow.callback(
      "code=c&state=STATE",
      answers: [
        .json(
          #"{"ok":true,"authed_user":{"id":"U1","scope":"search:read","access_token":"xp-1","token_type":"user"},"team":{"id":"T1"}}"#
        ), .json(#"{"ok":true}"#),
      ])
    #expect(Set(flow.state.credentials.keys) == ["user"])
    #expect(flow.state.credentials["user"]?.scopes == ["search:read"])
    #expect(flow.requests[1].request.headerFields[.authorization] == "Bearer xp-1")
    var empty = try SpecFlow(Self.twoTokens, setup: setup)
    try empty.begin()
    let error = #expect(throws: AuthorizationError.self) {
      try empty.callback(
        "code=c&state=STATE", answers: [.json(#"{"ok":true,"authed_user":{"id":"U1"}}"#)])
    }
    #expect(error?.code == .missingCredential)
  }

  // MARK: The callback

  static let signedQuery =
    "code=c0de&shop=demo-one.myshopify.com&state=YWJj%3D%3D&timestamp=1700000000&host=ZGVtby9hZG1pbg%3D%3D&locale=de&hmac=ea5ed81655f614fa224f5b8617b57e81f8327fb81b02f24dd291efa6fc789fe3"

  private func signed() throws -> SpecFlow {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        oauth:
          kind: oauth2
          authorize:
            leave: https://demo.test/authorize
            query: { client_id: $<client_id>, state: $<state> }
            take: { code: secret, hmac: text }
            accept: callback.hmac == callback.query.without("hmac").plain_query().hmac_sha256(client_secret).hex()
          pkce: off
          token_endpoint: https://demo.test/token
      """, setup: ["client_id": "cid", "client_secret": "field-cases"])
    try flow.begin()
    flow.state.state = "YWJj=="
    return flow
  }

  @Test(
    "C19 a callback's signature: it covers every parameter, decoded, also those that nobody knows")
  func c19() throws {
    var good = try signed()
    try good.callback(Self.signedQuery, answers: [.json(#"{"access_token":"a1"}"#)])
    #expect(good.state.credentials[""]?.parts["access_token"] == "a1")
    let pairs = Self.signedQuery.split(separator: "&").map(String.init)
    var forged = pairs.indices.map { index in
      var changed = pairs
      changed[index] += "x"
      return changed
    }
    forged.append(pairs.filter { !$0.hasPrefix("hmac=") })
    forged.append(pairs + pairs.filter { $0.hasPrefix("hmac=") })
    forged.append(pairs + ["added=1"])
    forged.append(pairs.filter { !$0.hasPrefix("locale=") })
    for query in forged {
      var flow = try signed()
      #expect(throws: AuthorizationError.self, "\(query)") {
        try flow.callback(query.joined(separator: "&"), answers: [.json(#"{"access_token":"a1"}"#)])
      }
      #expect(flow.requests.isEmpty, "\(query)")
    }
  }

  /// The ways in which OAuth 1 says so come with OAuth 1.
  @Test("C21 the person says no: a named end in the provider's words, and nothing is sent")
  func c21() throws {
    var flow = try away()
    let error = #expect(throws: AuthorizationError.self) {
      try flow.callback(
        "error=access_denied&error_description=User%20said%20%3Cb%3Eno&state=STATE", answers: [])
    }
    #expect(error?.code == .accessDenied && error?.providerDescription == "User said <b>no")
    #expect(error?.nextStep.isEmpty == false && flow.requests.isEmpty)
  }

  @Test(
    "C22 an installation that the provider starts: never a connection, and words on how to start here"
  )
  func c22() throws {
    var flow = try away()
    let error = #expect(throws: AuthorizationError.self) {
      try flow.callback("code=c1&installation_id=7&setup_action=install", answers: [])
    }
    #expect(
      error?.code == .missingState && error?.nextStep.contains("start the connection here") == true)
    #expect(flow.requests.isEmpty && flow.state.credentials.isEmpty)
  }

  // MARK: Secrets

  static let canaries = [
    "secret": "Zq8kP2vXw7Lr", "code": "Hn4tB9mYc1Gs", "access": "Jd6fK3wQe5Ua",
    "refresh": "Ty7uN1xRz2Vo", "id": "Pb5gC8hMi4Ws",
  ]

  /// Every text of six characters of every canary.
  static let pieces: [String] = canaries.values.flatMap { canary in
    (0...canary.count - 6).map { String(canary.dropFirst($0).prefix(6)) }
  }

  @Test(
    "C23 secrets at the side doors: no piece of one in any error or printed value, and no query",
    arguments: [
      #"{"access_token":"Jd6fK3wQe5Ua","token_type":7}"#,
      #"{"access_token":"Jd6fK3wQ"#, #"{"access_token":7,"id_token":"Pb5gC8hMi4Ws"}"#,
      #"{"error":"invalid_grant","error_description":"Hn4tB9mYc1Gs of Zq8kP2vXw7Lr"}"#,
      "<title>Zq8kP2vXw7Lr</title>", "access_token=Jd6fK3wQe5Ua&refresh_token=Ty7uN1xRz2Vo",
      #"{"access_token":"Jd6fK3wQe5Ua","refresh_token":"Ty7uN1xRz2Vo","id_token":"Pb5gC8hMi4Ws"} x"#,
    ])
  func c23(_ body: String) throws {
    for format in ["form", "json", "query"] {
      var flow = try away("token_body: \(format)", secret: "Zq8kP2vXw7Lr")
      let error = #expect(throws: AuthorizationError.self) {
        try flow.callback("code=Hn4tB9mYc1Gs&state=STATE", answers: [.json(body)])
      }
      let verifier = try #require(flow.state.verifier)
      #expect(format != "query" || flow.path(0).contains("Zq8kP2vXw7Lr"))
      let answer = TransportAnswer.json(body)
      for value in [error as Any, flow.requests[0], flow.setup, answer] {
        var dumped = ""
        dump(value, to: &dumped)
        for text in ["\(value)", String(reflecting: value), dumped] {
          let found = (Self.pieces + [String(verifier.prefix(6))]).filter(text.contains)
          #expect(found.isEmpty, "\(text)")
          #expect(!text.contains("?"), "\(text)")
        }
      }
    }
  }

  @Test(
    "C24 Basic in the header: nothing of the client in the body, unless the spec adds it",
    arguments: ["form", "json"])
  func c24(_ format: String) throws {
    func bodies(_ line: String) throws -> [String] {
      var flow = try away(
        "client_authentication: client_secret_basic\ntoken_body: \(format)\n\(line)")
      try flow.callback(
        "code=c&state=STATE",
        answers: [.json(#"{"access_token":"a1","refresh_token":"r1"}"#), .json("{}")])
      try flow.begin(.renew, answers: [.json(#"{"access_token":"a2"}"#)])
      for index in [0, 2] {
        #expect(flow.requests[index].request.headerFields[.authorization] == "Basic Y2lkOnNlYw==")
      }
      return [flow.body(0), flow.body(2)]
    }
    for body in try bodies("") {
      #expect(!body.isEmpty && !body.contains("client_id") && !body.contains("client_secret"))
    }
    for body in try bodies("token_parameters: { client_id: $<client_id> }") {
      #expect(body.contains("client_id") && body.contains("cid") && !body.contains("client_secret"))
    }
  }
}
