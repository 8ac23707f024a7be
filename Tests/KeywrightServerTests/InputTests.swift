import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// What a caller gets wrong is told, and nothing of it is left aside in silence.
@Suite("Input")
struct InputTests {
  /// Runs a server with two integrations and a connection.
  private static func with(
    _ body: @Sendable (ServerUnderTest) async throws -> Void
  ) async throws {
    let definition = try #require(
      try ServerUnderTest.catalogue().first { $0.definition.id == "openai" }
    ).definition
    let provider = try SimulatedProvider(definition, registration: .init(values: [:]))
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("one", provider: "openai")
      try await server.integrate("two", provider: "zendesk", FirstConnectionTests.client)
      let made = try await server.backend(
        "POST", "/connections",
        #"{"provider_config_key":"one","connection_id":"a","credentials":{"apiKey":"sk-1"}}"#)
      #expect(made.status == 201, "\(made.text)")
      try await body(server)
    }
  }

  @Test("an integration takes no name that another one has")
  func rename() async throws {
    try await Self.with { server in
      let answer = try await server.backend(
        "PATCH", "/integrations/one", #"{"unique_key":"two"}"#)
      #expect(answer.status == 409)
      #expect(answer.code == "integration_exists")
    }
  }

  @Test(
    "what a connect session is made of is read strictly",
    arguments: [
      #"{"integrations_config_defaults":{"one":"text"}}"#,
      #"{"integrations_config_defaults":{"one":{"user_scopes":7}}}"#,
      #"{"organization":{"display_name":"Acme"}}"#, #"{"organization":"Acme"}"#,
      #"{"overrides":[]}"#, #"{"end_user":{"id":"u","email":7}}"#,
    ])
  func session(_ body: String) async throws {
    try await Self.with { server in
      let answer = try await server.backend("POST", "/connect/sessions", body)
      #expect(answer.status == 400, "\(answer.text)")
      #expect(answer.code == "invalid_body")
    }
  }

  @Test("a session that reconnects allows its own integration alone")
  func reconnect() async throws {
    try await Self.with { server in
      let begin = #"{"connection_id":"a","integration_id":"one""#
      let refused = try await server.backend(
        "POST", "/connect/sessions/reconnect", begin + #","allowed_integrations":["two"]}"#)
      #expect(refused.status == 400)
      let made = try await server.backend(
        "POST", "/connect/sessions/reconnect", begin + #","tags":{"team":"x"}}"#)
      let token = try #require(made.json["data"]?["token"]?.text)
      let session = try await server.send(
        "GET", "/connect/session", headers: [("Authorization", "Bearer \(token)")])
      #expect(session.json["data"]?["allowed_integrations"]?.textList == ["one"])
      #expect(session.json["data"]?["tags"]?["team"]?.text == "x")
    }
  }

  @Test("an end user that has no id is not imported")
  func endUser() async throws {
    try await Self.with { server in
      let answer = try await server.backend(
        "POST", "/connections",
        #"{"provider_config_key":"one","credentials":{"apiKey":"sk-1"},"end_user":{"email":"a@b.c"}}"#
      )
      #expect(answer.status == 400, "\(answer.text)")
    }
  }

  @Test(
    "a query that nobody would read is refused",
    arguments: ["/connections?tags=team", "/activity?state=finished", "/activity?kind=renewals"])
  func query(_ path: String) async throws {
    try await Self.with { server in
      let answer = try await server.backend("GET", path)
      #expect(answer.status == 400, "\(answer.text)")
      #expect(answer.code == "invalid_query_params")
    }
  }

  @Test("a browser that brings a query that can't be read sees a page")
  func page() async throws {
    try await Self.with { server in
      let answer = try await server.send("GET", "/oauth/callback?state=%zz")
      #expect(answer.status == 400)
      #expect(answer.header("Content-Type")?.hasPrefix("text/html") == true)
    }
  }

  @Test("nobody logs out by a token that never was one")
  func logOut() async throws {
    try await Self.with { server in
      let answer = try await server.send(
        "DELETE", "/admin/session", headers: [("Authorization", "Bearer kw_admin_x")])
      #expect(answer.status == 401)
      #expect(answer.code == "not_logged_in")
    }
  }

  @Test(
    "no end of a credential, however far away, stops the server",
    arguments: [
      "\(Int64.max)", "\(Int64.min)", "-1", "0", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
      "99999999999-01-01T00:00:00Z",
    ])
  func moments(_ end: String) async throws {
    try await Self.with { server in
      let made = try await server.backend(
        "POST", "/connections",
        #"{"provider_config_key":"two","connection_id":"b","connection_config":{"subdomain":"acme"},"credentials":{"access_token":"t","expires_at":"\#(end)"}}"#
      )
      #expect([201, 400, 424].contains(made.status), "\(made.text)")
      let read = try await server.backend("GET", "/connections/b?provider_config_key=two")
      #expect(read.status < 500, "\(read.text)")
    }
  }
}
