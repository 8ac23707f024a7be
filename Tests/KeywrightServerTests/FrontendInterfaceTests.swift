import Foundation
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// Requests as Nango's frontend SDK and Node client (0.71) send them, and answers with what they read.
@Suite("The interface that published clients use")
struct FrontendInterfaceTests {
  // MARK: The frontend SDK

  /// `auth(key, connectionId, { params })`: the socket is opened first, and its id goes along with the popup.
  private static func popup(
    _ server: ServerUnderTest, socket: String = "/", key: String = "zendesk",
    query: String? = nil, _ provider: SimulatedProvider, decline: Bool = false
  ) async throws -> (page: ServerUnderTest.Answer, message: JSON) {
    let client = try await SocketClient(server.address, path: socket)
    let hello = try await client.message()
    #expect(hello.members?.map(\.name) == ["message_type", "ws_client_id"])
    #expect(hello["message_type"]?.text == "connection_ack")
    let id = try #require(hello["ws_client_id"]?.text)
    let query =
      query ?? "connection_id=conn-1&public_key=\(server.publicKey)&params[subdomain]=acme"
    // Newer versions set it by URLSearchParams, older ones add it to the text.
    let page = try await Browser(server).connect(
      "/oauth/connect/\(key)?\(query)&ws_client_id=\(id)", at: provider, decline: decline)
    return (page, try await client.message())
  }

  @Test(
    "auth() of OAuth opens a popup, and the socket tells how it ended", arguments: ["/", "/ws"])
  func oauth(_ path: String) async throws {
    try await GroupATests.withZendesk { server, provider, _ in
      let (page, message) = try await Self.popup(server, socket: path, provider)
      #expect(page.status == 200)
      #expect(
        message
          == (try JSON(
            reading:
              #"{"message_type":"success","provider_config_key":"zendesk","connection_id":"conn-1","is_pending":false}"#
          )))
    }
  }

  @Test("brackets in a query come as browsers send them, and encoded")
  func brackets() async throws {
    try await GroupATests.withZendesk { server, _, _ in
      for name in ["params[subdomain]", "params%5Bsubdomain%5D", "params[%73ubdomain]"] {
        let query = "connection_id=c&public_key=\(server.publicKey)&\(name)=acme"
        let head = try await SocketClient.head(
          server.address, target: "/oauth/connect/zendesk?\(query)")
        #expect(head.hasPrefix("HTTP/1.1 302 "), "\(head)")
        #expect(head.lowercased().contains("\r\nlocation: https://acme.zendesk.com/oauth/"))
      }
    }
  }

  @Test(
    "behind a path the socket answers at the path and at the root",
    arguments: ["/", "/kw", "/kw/", "/kw/ws"])
  func prefix(_ path: String) async throws {
    try await GroupATests.withZendesk(publicURL: "https://connect.example.com/kw/") {
      server, provider, _ in
      let (_, message) = try await Self.popup(server, socket: path, provider)
      #expect(message["message_type"]?.text == "success")
    }
  }

  @Test(
    "no other path opens a socket",
    arguments: ["/health", "/oauth/connect/zendesk", "/wss", "/ws/x", "//"])
  func noSocket(_ path: String) async throws {
    try await GroupATests.withZendesk { server, _, _ in
      await #expect(throws: SocketClient.Failure.self) {
        try await SocketClient(server.address, path: path)
      }
    }
  }

  @Test("auth() is rejected with the type and the words that the socket brings")
  func declined() async throws {
    try await GroupATests.withZendesk { server, provider, _ in
      let (page, message) = try await Self.popup(server, provider, decline: true)
      #expect(page.status == 400)
      #expect(
        message.members?.map(\.name) == [
          "message_type", "provider_config_key", "connection_id", "error_type", "error_desc",
        ])
      #expect(message["message_type"]?.text == "error")
      #expect(message["error_type"]?.text == "access_denied")
      #expect(message["error_desc"]?.text?.isEmpty == false)
    }
  }

  @Test("auth() is rejected where it could not even begin")
  func notBegun() async throws {
    try await GroupATests.withZendesk { server, provider, _ in
      for (key, query, code) in [
        ("none", "public_key=\(server.publicKey)", "unknown_provider_config"),
        ("zendesk", "public_key=kw_pk_wrong", "unknown_account"),
        ("zendesk", "public_key=\(server.publicKey)&params[subdomain]=a/b", "invalid_config"),
        (
          "zendesk", "public_key=\(server.publicKey)&authorization_params[state]=x",
          "reserved_param"
        ),
      ] {
        let (page, message) = try await Self.popup(server, key: key, query: query, provider)
        #expect((400..<500).contains(page.status))
        #expect(message["message_type"]?.text == "error")
        #expect(message["error_type"]?.text == code)
        #expect(message["error_desc"]?.text == page.message)
      }
    }
  }

  @Test("a result is told to the socket that waits for it, and to no other")
  func otherSocket() async throws {
    try await GroupATests.withZendesk { server, provider, _ in
      let other = try await SocketClient(server.address, path: "/")
      let id = try await other.message()["ws_client_id"]?.text
      let (_, message) = try await Self.popup(server, provider)
      #expect(message["connection_id"]?.text == "conn-1")
      // What comes next on the other one is its own result.
      _ = try await Browser(server).connect(
        "/oauth/connect/zendesk?connection_id=conn-2&public_key=\(server.publicKey)&params[subdomain]=acme&ws_client_id=\(id ?? "")",
        at: provider)
      #expect(try await other.message()["connection_id"]?.text == "conn-2")
    }
  }

  /// `fetch` with a JSON body from a page of another origin: a preflight, then the request.
  private static func fetch(
    _ server: ServerUnderTest, _ path: String, _ body: String?
  ) async throws -> ServerUnderTest.Answer {
    let origin = ("Origin", "https://app.example.test")
    let preflight = try await server.send(
      "OPTIONS", path,
      headers: [
        origin, ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
      ])
    #expect(preflight.status == 204)
    #expect(preflight.header("Access-Control-Allow-Origin") == "*")
    #expect(preflight.header("Access-Control-Allow-Methods")?.contains("POST") == true)
    #expect(
      preflight.header("Access-Control-Allow-Headers")?.lowercased().contains("content-type")
        == true)
    let answer = try await server.send(
      "POST", path, body, headers: [origin, ("Content-Type", "application/json")])
    #expect(answer.header("Access-Control-Allow-Origin") == "*", "\(answer.text)")
    #expect(answer.header("Access-Control-Allow-Credentials") == nil)
    // What the SDK reads of a refusal.
    if answer.status >= 400 {
      #expect(answer.json["error"]?["code"]?.text?.isEmpty == false)
      #expect(answer.json["error"]?["message"]?.text?.isEmpty == false)
    }
    return answer
  }

  private static func definition(_ id: String) throws -> Definition {
    try #require(try ServerUnderTest.catalogue().first { $0.definition.id == id }).definition
  }

  private static func isResult(
    _ answer: ServerUnderTest.Answer, _ key: String, _ id: String?,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(answer.status == 200, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(
      answer.json.members?.map(\.name) == ["providerConfigKey", "connectionId"],
      sourceLocation: sourceLocation)
    #expect(answer.json["providerConfigKey"]?.text == key, sourceLocation: sourceLocation)
    if let id { #expect(answer.json["connectionId"]?.text == id, sourceLocation: sourceLocation) }
  }

  @Test("auth() with an API key")
  func apiKey() async throws {
    let provider = try SimulatedProvider(
      Self.definition("openai"), registration: .init(values: ["api_key": "sk-right"]))
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("openai", provider: "openai")
      let path = "/api-auth/api-key/openai?connection_id=a&public_key=\(server.publicKey)"
      let wrong = try await Self.fetch(server, path, #"{"apiKey":"sk-wrong"}"#)
      #expect(wrong.code == "connection_test_failed")
      Self.isResult(try await Self.fetch(server, path, #"{"apiKey":"sk-right"}"#), "openai", "a")
      // Without a connection id, and with what the SDK calls the kind.
      let path2 = "/api-auth/api-key/openai?public_key=\(server.publicKey)"
      Self.isResult(
        try await Self.fetch(server, path2, #"{"type":"API_KEY","apiKey":"sk-right"}"#), "openai",
        nil)
      let none = try await Self.fetch(server, path2, #"{"apiKey":""}"#)
      #expect(none.code == "invalid_config")
      let token = try await server.backend("GET", "/connections/a?provider_config_key=openai")
      #expect(token.json["credentials"]?["type"]?.text == "API_KEY")
      #expect(token.json["credentials"]?["apiKey"]?.text == "sk-right")
    }
  }

  @Test("auth() with a user name and a password")
  func basic() async throws {
    let sid = "AC" + String(repeating: "0", count: 32)
    let provider = try SimulatedProvider(
      Self.definition("twilio"), method: "token",
      registration: .init(values: ["username": sid, "password": "right"]))
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("twilio", provider: "twilio", method: "token")
      let path = "/api-auth/basic/twilio?connection_id=b&public_key=\(server.publicKey)"
      let wrong = try await Self.fetch(server, path, #"{"username":"\#(sid)","password":"wrong"}"#)
      #expect(wrong.code == "connection_test_failed")
      Self.isResult(
        try await Self.fetch(server, path, #"{"username":"\#(sid)","password":"right"}"#), "twilio",
        "b")
      let read = try await server.backend("GET", "/connections/b?provider_config_key=twilio")
      #expect(
        read.json["credentials"]
          == (try JSON(reading: #"{"type":"BASIC","username":"\#(sid)","password":"right"}"#)))
    }
  }

  static let steps = """
    # id: steps
    name: Steps
    auth:
      login:
        kind: custom
        ask: { tenant: { title: Tenant, type: host_label }, username: { title: User }, password: { title: Password, type: secret } }
        exchange:
          post: https://$<tenant>.steps.test/log-in
          json: { user: $<username>, password: $<password> }
          credential: { access_token: $<body.token>, expires_in: $<body.expires_in> }
        renew: repeat
      open:
        kind: none
        ask: { tenant: { title: Tenant, type: host_label } }
        api: { base: https://$<tenant>.steps.test }
      machine:
        kind: oauth2
        grant: client_credentials
        client: ask
        token_endpoint: https://auth.steps.test/token
    """

  private static func withSteps(
    _ method: String, _ body: (ServerUnderTest) async throws -> Void
  ) async throws {
    let provider = try SimulatedProvider(
      ServerUnderTest.entry(steps).definition, method: method,
      registration: .init(values: [
        "username": "u", "password": "p", "client_id": "cid", "client_secret": "cs",
      ]))
    try await ServerUnderTest.with([steps], over: provider) { server in
      try await server.integrate("steps", provider: "steps", method: method)
      try await body(server)
    }
  }

  @Test("auth() in two steps, its kind in the body and its configuration in the query")
  func twoStep() async throws {
    try await Self.withSteps("login") { server in
      let path =
        "/auth/two-step/steps?connection_id=c&public_key=\(server.publicKey)&params[tenant]=acme"
      let wrong = try await Self.fetch(
        server, path, #"{"type":"TWO_STEP","username":"u","password":"wrong"}"#)
      #expect(wrong.code == "two_step_credentials_fetch_error", "\(wrong.text)")
      Self.isResult(
        try await Self.fetch(server, path, #"{"type":"TWO_STEP","username":"u","password":"p"}"#),
        "steps", "c")
      let read = try await server.backend("GET", "/connections/c?provider_config_key=steps")
      let credentials = read.json["credentials"]
      #expect(credentials?["type"]?.text == "TWO_STEP")
      #expect(credentials?["token"]?.text?.isEmpty == false)
      #expect(credentials?["expires_at"]?.text?.hasSuffix("Z") == true)
      #expect(read.json["connection_config"]?["tenant"]?.text == "acme")
      // A field of that name which is none of these kinds is one that nobody asked for.
      let other = try await Self.fetch(
        server, path, #"{"type":"ODD","username":"u","password":"p"}"#)
      #expect(other.code == "invalid_config")
    }
  }

  @Test("auth() with a client of one's own")
  func clientCredentials() async throws {
    try await Self.withSteps("machine") { server in
      let path = "/oauth2/auth/steps?connection_id=d&public_key=\(server.publicKey)"
      let wrong = try await Self.fetch(
        server, path, #"{"client_id":"cid","client_secret":"wrong"}"#)
      #expect(wrong.code == "client_credentials_fetch_error", "\(wrong.text)")
      Self.isResult(
        try await Self.fetch(server, path, #"{"client_id":"cid","client_secret":"cs"}"#), "steps",
        "d")
      let read = try await server.backend("GET", "/connections/d?provider_config_key=steps")
      #expect(read.json["credentials"]?["type"]?.text == "OAUTH2_CC")
      #expect(read.json["credentials"]?["token"]?.text?.isEmpty == false)
    }
  }

  @Test("create() makes a connection without credentials, and sends no body")
  func unauthenticated() async throws {
    try await Self.withSteps("open") { server in
      Self.isResult(
        try await Self.fetch(
          server,
          "/auth/unauthenticated/steps?connection_id=e&public_key=\(server.publicKey)&params[tenant]=acme",
          nil), "steps", "e")
      let token = try await server.session()
      Self.isResult(
        try await Self.fetch(
          server,
          "/auth/unauthenticated/steps?connect_session_token=\(token)&params[tenant]=acme", nil),
        "steps", nil)
      let read = try await server.backend("GET", "/connections/e?provider_config_key=steps")
      #expect(read.json["credentials"]?["type"]?.text == "NONE", "\(read.text)")
      #expect(read.json["credentials"]?["access_token"] == nil)
      #expect(read.json["connection_config"]?["tenant"]?.text == "acme")
    }
  }

  @Test("auth() and reconnect() with a connect session")
  func sessions() async throws {
    try await GroupATests.withZendesk { server, provider, _ in
      let token = try await server.session(
        #"{"end_user": {"id": "u-1", "email": "ada@example.test"}, "tags": {"Plan": "gold"}}"#)
      let (_, made) = try await Self.popup(
        server, query: "connect_session_token=\(token)&params[subdomain]=acme", provider)
      #expect(made["message_type"]?.text == "success", "\(made.compactText)")
      let id = try #require(made["connection_id"]?.text)
      let answer = try await server.backend(
        "POST", "/connect/sessions/reconnect",
        #"{"connection_id": "\#(id)", "integration_id": "zendesk"}"#)
      #expect(answer.status == 201)
      let again = try #require(answer.json["data"]?["token"]?.text)
      let (_, renewed) = try await Self.popup(
        server, query: "connect_session_token=\(again)&params[subdomain]=acme", provider)
      #expect(renewed["message_type"]?.text == "success")
      #expect(renewed["connection_id"]?.text == id)
      #expect(try await server.count("connection") == 1)
    }
  }

  // MARK: The Node client

  /// A request with the headers that the client adds.
  private static func node(
    _ server: ServerUnderTest, _ method: String, _ path: String, _ body: String? = nil
  ) async throws -> ServerUnderTest.Answer {
    try await server.send(
      method, path, body,
      headers: [
        ("Accept", "application/json, text/plain, */*"), ("Content-Type", "application/json"),
        ("User-Agent", "nango-node-client/0.71.10"),
        ("Authorization", "Bearer \(server.secretKey)"),
        ("Nango-Is-Sync", "false"), ("Nango-Is-Script", "false"), ("Nango-Is-Dry-Run", "false"),
      ])
  }

  private static func withConnection(
    _ body: (ServerUnderTest) async throws -> Void
  ) async throws {
    try await GroupATests.withZendesk { server, provider, _ in
      let token = try await node(
        server, "POST", "/connect/sessions",
        #"{"end_user":{"id":"u-1","email":"ada@example.test","display_name":"Ada"},"allowed_integrations":["zendesk"],"tags":{"plan":"gold"}}"#
      )
      #expect(token.status == 201, "\(token.text)")
      let data = token.json["data"]
      #expect(data?.members?.map(\.name) == ["token", "connect_link", "expires_at"])
      #expect(data?["token"]?.text?.hasPrefix("nango_connect_session_") == true)
      #expect(data?["connect_link"]?.text?.hasPrefix("http") == true)
      #expect(data?["expires_at"]?.text?.hasSuffix("Z") == true)
      let page = try await Browser(server).connect(
        "/oauth/connect/zendesk?connect_session_token=\(data?["token"]?.text ?? "")&params[subdomain]=acme",
        at: provider)
      #expect(page.status == 200, "\(page.text)")
      try await body(server)
    }
  }

  private static func onlyID(_ server: ServerUnderTest) async throws -> String {
    try #require(
      try await node(server, "GET", "/connections").json["connections"]?.elements?.first?[
        "connection_id"]?.text)
  }

  @Test("getConnection() and getToken() read what they look for")
  func getConnection() async throws {
    try await Self.withConnection { server in
      let id = try await Self.onlyID(server)
      let query = { (force: Bool, refresh: Bool) in
        "?provider_config_key=zendesk&force_refresh=\(force)&refresh_token=\(refresh)&refresh_github_app_jwt_token=false"
      }
      let read = try await Self.node(server, "GET", "/connections/\(id)" + query(false, false))
      #expect(read.status == 200, "\(read.text)")
      let names = Set(read.json.members?.map(\.name) ?? [])
      for name in [
        "id", "connection_id", "provider_config_key", "provider", "errors", "end_user", "tags",
        "metadata", "connection_config", "created_at", "updated_at", "last_fetched_at",
        "credentials",
      ] { #expect(names.contains(name), "\(name)") }
      #expect(read.json["id"]?.integerValue != nil)
      #expect(read.json["provider"]?.text == "zendesk")
      #expect(read.json["errors"]?.elements?.isEmpty == true)
      #expect(read.json["end_user"]?["id"]?.text == "u-1")
      #expect(read.json["end_user"]?["email"]?.text == "ada@example.test")
      #expect(read.json["tags"]?["plan"]?.text == "gold")
      #expect(read.json["metadata"] == .object([]))
      let credentials = read.json["credentials"]
      #expect(credentials?["type"]?.text == "OAUTH2")
      let token = try #require(credentials?["access_token"]?.text)
      #expect(credentials?["raw"]?["access_token"]?.text == token)
      #expect(credentials?["expires_at"]?.text?.hasSuffix(".000Z") == true)
      #expect(!read.text.contains("refresh_token"))
      let renewed = try await Self.node(server, "GET", "/connections/\(id)" + query(true, true))
      #expect(renewed.json["credentials"]?["access_token"]?.text != token)
      #expect(renewed.json["credentials"]?["refresh_token"]?.text?.isEmpty == false)
      // The path of older clients.
      let old = try await Self.node(server, "GET", "/connection/\(id)?provider_config_key=zendesk")
      #expect(old.json["connection_id"]?.text == id)
      let none = try await Self.node(server, "GET", "/connections/none" + query(false, false))
      #expect(none.status == 404)
      #expect(none.code == "unknown_connection")
    }
  }

  @Test("listConnections() and waitForConnection() find by id, user, integration and tags")
  func list() async throws {
    try await Self.withConnection { server in
      let id = try await Self.onlyID(server)
      for (query, count) in [
        ("", 1), ("?connectionId=\(id)", 1), ("?connectionId=none", 0), ("?endUserId=u-1", 1),
        ("?endUserId=u-2", 0), ("?integrationId=zendesk,other", 1), ("?integrationId=other", 0),
        ("?tags%5Bplan%5D=gold", 1), ("?tags%5Bplan%5D=iron", 0), ("?search=ada", 1),
        ("?search=nobody", 0), ("?limit=1", 1), ("?limit=1&page=1", 0),
      ] {
        let found = try await Self.node(server, "GET", "/connections\(query)")
        #expect(found.status == 200, "\(query): \(found.text)")
        #expect(found.json["connections"]?.elements?.count == count, "\(query): \(found.text)")
      }
      let one = try await Self.node(server, "GET", "/connections").json["connections"]?.elements?
        .first
      for name in [
        "id", "connection_id", "provider_config_key", "provider", "errors", "end_user", "tags",
        "metadata", "created",
      ] { #expect(one?[name] != nil, "\(name)") }
      #expect(one?["credentials"] == nil)
    }
  }

  @Test("tags are found in any case, since the client asks in lower case")
  func tagCase() async throws {
    try await Self.withConnection { server in
      let id = try await Self.onlyID(server)
      let changed = try await Self.node(
        server, "PATCH", "/connections/\(id)?provider_config_key=zendesk", #"{"tags":{"Team":"a"}}"#
      )
      #expect(changed.status == 200)
      let found = try await Self.node(server, "GET", "/connections?tags%5Bteam%5D=a")
      #expect(found.json["connections"]?.elements?.count == 1)
    }
  }

  @Test("setMetadata(), updateMetadata() and getMetadata()")
  func metadata() async throws {
    try await Self.withConnection { server in
      let id = try await Self.onlyID(server)
      for (method, metadata, wanted) in [
        ("POST", #"{"a":1,"b":{"c":true}}"#, #"{"a":1,"b":{"c":true}}"#),
        ("PATCH", #"{"b":"x","d":[1]}"#, #"{"a":1,"b":"x","d":[1]}"#), ("POST", "{}", "{}"),
      ] {
        for ids in [#""\#(id)""#, #"["\#(id)"]"#] {
          let answer = try await Self.node(
            server, method, "/connections/metadata",
            #"{"metadata":\#(metadata),"connection_id":\#(ids),"provider_config_key":"zendesk"}"#)
          #expect(answer.status == 200 || answer.status == 201, "\(answer.text)")
          #expect(answer.json["metadata"] == (try JSON(reading: metadata)))
          #expect(answer.json["provider_config_key"]?.text == "zendesk")
        }
        let read = try await Self.node(
          server, "GET",
          "/connections/\(id)?provider_config_key=zendesk&force_refresh=false&refresh_token=false")
        #expect(read.json["metadata"] == (try JSON(reading: wanted)), "\(method)")
      }
      let none = try await Self.node(
        server, "POST", "/connections/metadata",
        #"{"metadata":{"z":1},"connection_id":["\#(id)","none"],"provider_config_key":"zendesk"}"#)
      #expect(none.status == 404)
      let read = try await Self.node(
        server, "GET", "/connections/\(id)?provider_config_key=zendesk")
      #expect(read.json["metadata"] == .object([]))
    }
  }

  @Test("deleteConnection() deletes, and the second time says that there is none")
  func delete() async throws {
    try await Self.withConnection { server in
      let path = "/connections/\(try await Self.onlyID(server))?provider_config_key=zendesk"
      let deleted = try await Self.node(server, "DELETE", path)
      #expect(deleted.status == 200)
      #expect(deleted.json["success"]?.truth == true)
      #expect(try await Self.node(server, "DELETE", path).code == "unknown_connection")
    }
  }

  @Test("createReconnectSession() is answered as a session is")
  func reconnectSession() async throws {
    try await Self.withConnection { server in
      let id = try await Self.onlyID(server)
      let answer = try await Self.node(
        server, "POST", "/connect/sessions/reconnect",
        #"{"connection_id":"\#(id)","integration_id":"zendesk","end_user":{"id":"u-1"}}"#)
      #expect(answer.status == 201)
      #expect(answer.json["data"]?.members?.map(\.name) == ["token", "connect_link", "expires_at"])
      let none = try await Self.node(
        server, "POST", "/connect/sessions/reconnect",
        #"{"connection_id":"none","integration_id":"zendesk"}"#)
      #expect(none.status == 404)
    }
  }

  @Test("getIntegration() and listIntegrations()")
  func integrations() async throws {
    try await Self.withConnection { server in
      let all = try await Self.node(server, "GET", "/integrations")
      #expect(all.json["data"]?.elements?.map { $0["unique_key"]?.text } == ["zendesk"])
      let one = try await Self.node(server, "GET", "/integrations/zendesk")
      for name in ["unique_key", "display_name", "provider", "created_at", "updated_at"] {
        #expect(one.json["data"]?[name]?.text?.isEmpty == false, "\(name)")
      }
      #expect(one.json["data"]?["credentials"] == nil)
      #expect(!one.text.contains("CANARY"))
      // The client writes an array as `include[]` or repeats the name.
      for query in [
        "include=credentials", "include%5B%5D=credentials", "include=webhook&include=credentials",
      ] {
        let whole = try await Self.node(server, "GET", "/integrations/zendesk?\(query)")
        let credentials = whole.json["data"]?["credentials"]
        #expect(credentials?["type"]?.text == "OAUTH2", "\(query)")
        #expect(credentials?["client_id"]?.text == "cid-1")
        #expect(credentials?["client_secret"]?.text == "CANARY-client-secret")
      }
      #expect(try await Self.node(server, "GET", "/integrations/none").status == 404)
    }
  }

  @Test("a backend is told what is wrong with its key")
  func keys() async throws {
    try await GroupATests.withZendesk { server, _, _ in
      for (header, code) in [
        (nil, "missing_auth_header"), ("Basic abc", "malformed_auth_header"),
        ("Bearer", "malformed_auth_header"), ("Bearer abc", "invalid_secret_key_format"),
        ("Bearer kw_sk_abc", "unknown_account"),
        ("Bearer \(server.publicKey)", "invalid_secret_key_format"),
      ] {
        let answer = try await server.send(
          "GET", "/connections", headers: header.map { [("Authorization", $0)] } ?? [])
        #expect(answer.status == 401)
        #expect(answer.code == code)
      }
    }
  }
}
