import Foundation
import Keywright
import KeywrightDefinition
import Testing

@testable import KeywrightServer

/// Whose pages may use an environment, and which page hears how it ended.
@Suite("Origins of pages")
struct OriginTests {
  static let app = "https://app.example.com"

  private static func with(
    origins: [String] = [app], clock: TestClock = TestClock(),
    _ body: (ServerUnderTest) async throws -> Void
  ) async throws {
    try await ServerUnderTest.with([Notes.spec], over: Notes.usual(), clock: clock) { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      try await server.integrate("key", provider: "openai")
      var change = Environments.Change()
      change.allowedOrigins = origins
      _ = try await server.broker.environments.change("dev", change)
      try await body(server)
    }
  }

  private static func start(_ server: ServerUnderTest, _ more: String = "") -> String {
    "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a" + more
  }

  // MARK: Settings

  @Test("origins are kept as browsers write them, each once")
  func canonical() throws {
    let origins = try AllowedOrigins([
      "https://APP.example.com", "https://app.example.com:443/", "http://localhost:3000",
      "http://127.0.0.1", "https://a.example.com:8443",
    ])
    #expect(
      origins.list == [
        "https://app.example.com", "http://localhost:3000", "http://127.0.0.1",
        "https://a.example.com:8443",
      ])
    #expect(AllowedOrigins(stored: origins.stored) == origins)
  }

  @Test(
    "what is no origin is refused",
    arguments: [
      "*", "app.example.com", "https://app.example.com/path", "https://app.example.com?x",
      "http://app.example.com", "https://user@app.example.com", "https://*.example.com", "null",
      "https://app.example.com#", "javascript://app.example.com", "https://app.example.com\\", "",
      "https://192.0.2.1",
    ])
  func unfit(_ text: String) {
    #expect(throws: APIError.self) { try AllowedOrigins([text]) }
  }

  // MARK: Who calls

  @Test("where origins are set, a page of another one is refused before anything begins")
  func foreign() async throws {
    try await Self.with { server in
      let path = "/api-auth/api-key/key?public_key=\(server.publicKey)&connection_id=k"
      for origin in ["https://evil.example.com", "null", "http://app.example.com"] {
        let answer = try await server.send(
          "POST", path, #"{"apiKey":"sk-1"}"#, headers: [("Origin", origin)])
        #expect(answer.status == 403 && answer.code == "origin_not_allowed")
        #expect(answer.message.contains("allowed_origins"))
        #expect(answer.header("Access-Control-Allow-Origin") == "*")
      }
      let answer = try await server.send(
        "GET",
        Self.start(server, "&origin=https%3A%2F%2Fevil.example.com&ticket=" + TicketTests.ticket))
      #expect(answer.status == 403 && answer.code == "origin_not_allowed")
      #expect(try await server.activity().isEmpty)
      // The ticket tells it; and to pages of that origin alone.
      let result = "/oauth/result?ticket=" + TicketTests.ticket
      let told = try await server.send("GET", result, headers: [("Origin", Self.app)])
      #expect(told.json["error_type"]?.text == "origin_not_allowed")
      let foreign = [("Origin", "https://evil.example.com")]
      #expect(try await server.send("GET", result, headers: foreign).status == 403)
    }
  }

  @Test("pages of the origins, the server's own, and windows that say nothing pass")
  func own() async throws {
    try await Self.with { server in
      #expect(try await server.send("GET", Self.start(server)).status == 302)
      let named = Self.start(server, "&origin=https%3A%2F%2Fapp.example.com")
      #expect(try await server.send("GET", named).status == 302)
      for origin in [Self.app, "http://127.0.0.1:3003"] {
        let answer = try await server.send(
          "POST", "/auth/custom/notes?public_key=\(server.publicKey)", "{}",
          headers: [("Origin", origin)])
        #expect(answer.code == "auth_mode_err")
      }
    }
  }

  @Test(
    "an origin is written as browsers write it, or refused",
    arguments: ["*", "https://APP.example.com", "null", "https://app.example.com/"])
  func unwritten(_ text: String) async throws {
    try await Self.with(origins: []) { server in
      let answer = try await server.send("GET", Self.start(server, "&origin=" + text.inQuery))
      #expect(answer.status == 400 && answer.code == "invalid_query_params")
    }
  }

  // MARK: Who hears

  private static func page(
    _ server: ServerUnderTest, _ query: String,
    _ more: String = "&origin=https%3A%2F%2Fapp.example.com"
  )
    async throws -> ServerUnderTest.Answer
  {
    let browser = Browser(server)
    let start = try await browser.open(Self.start(server, more), headers: [("Accept", "text/html")])
    guard start.status == 302 else { return start }
    return try await browser.open(
      "/oauth/callback/notes?\(query)&state=\(ServerUnderTest.state(start))")
  }

  @Test(
    "the page at the end names its opener's origin, state and code to a script of ours, and holds no code"
  )
  func told() async throws {
    try await Self.with { server in
      let bad = try await Self.page(server, "error=access_denied")
      #expect(
        bad.text.contains(
          #"data-state="error" data-integration="notes" data-connection="a" data-error="access_denied""#
        ))
      let good = try await Self.page(server, "code=canary-code")
      #expect(
        good.text.contains(
          #"<div id="end" data-origin="https://app.example.com" data-state="success" data-integration="notes" data-connection="a"></div>"#
        ))
      for page in [good, bad] {
        #expect(!page.text.contains("canary-code"))
        #expect(page.header("Content-Security-Policy")?.contains("script-src 'self'") == true)
        #expect(
          page.text.contains(
            #"<script type="module" src="/assets/\#(WebFiles.version)/callback.js"></script>"#))
      }
      let script = try await server.send("GET", "/assets/\(WebFiles.version)/callback.js")
      #expect(
        script.status == 200 && script.text.contains("postMessage")
          && !script.text.contains(#""*""#))
      let refused = try await Self.page(
        server, "", "&origin=https%3A%2F%2Fapp.example.com&params[no]=1")
      #expect(
        refused.status == 400 && refused.text.contains(#"data-origin="https://app.example.com""#))
    }
  }

  @Test(
    "E5: state unknown, used, late, of another browser or integration: the opener gets the code")
  func faults() async throws {
    let clock = TestClock()
    try await Self.with(clock: clock) { server in
      try await server.integrate("other", provider: "notes", method: "oauth", Notes.client)
      let browser = Browser(server)
      let start = try await browser.open(
        Self.start(server, "&origin=https%3A%2F%2Fapp.example.com"))
      let state = ServerUnderTest.state(start)
      func expect(_ code: String, _ browser: Browser, _ path: String) async throws {
        let page = try await browser.open("/oauth/callback/\(path)")
        #expect(page.status == 400 && page.header("Content-Type")?.hasPrefix("text/html") == true)
        #expect(
          page.text.contains(
            #"<div id="end" data-origin="https://app.example.com" data-state="error" data-error="\#(code)"></div>"#
          ), "\(page.text)")
      }
      try await expect("unknown_state", browser, "notes?code=c&state=unknown")
      try await expect("other_integration", browser, "other?code=c&state=\(state)")
      try await expect("other_browser", Browser(server), "notes?code=c&state=\(state)")
      clock.advance(601)
      try await expect("expired_flow", browser, "notes?code=c&state=\(state)")
      let next = try await browser.open(Self.start(server, "&origin=https%3A%2F%2Fapp.example.com"))
      let path = "notes?code=c&state=\(ServerUnderTest.state(next))"
      #expect(try await browser.open("/oauth/callback/" + path).status == 200)
      try await expect("used_state", browser, path)
    }
  }

  @Test("where no page says its origin, nothing is told")
  func silent() async throws {
    try await Self.with { server in
      let page = try await Self.page(server, "code=c", "")
      #expect(page.status == 200 && !page.text.contains("data-origin"))
    }
  }

  // MARK: Whole pages

  @Test("a browser goes back to where its page wants, with the end and nothing secret")
  func returns() async throws {
    try await Self.with { server in
      let back = "&return_url=" + "https://app.example.com/settings?tab=1".inQuery
      let bad = try await Self.page(
        server, "error=access_denied", back.replacing("settings%3Ftab%3D1", with: ""))
      #expect(
        bad.header("Location")?.hasSuffix("&keywright_error=access_denied") == true
          && bad.header("Location")?.hasPrefix("https://app.example.com/?keywright_state=error")
            == true
      )
      let good = try await Self.page(server, "code=canary-code", back)
      #expect(good.status == 303)
      #expect(
        good.header("Location")
          == "https://app.example.com/settings?tab=1&keywright_state=success&keywright_integration=notes&keywright_connection=a"
      )
      #expect(good.header("Referrer-Policy") == "no-referrer")
      let refused = try await Self.page(server, "", back + "&params[no]=1")
      #expect(
        refused.status == 303
          && refused.header("Location")?.hasSuffix("keywright_error=invalid_config") == true)
    }
  }

  @Test("without allowed origins no browser is sent anywhere")
  func none() async throws {
    try await Self.with(origins: []) { server in
      let answer = try await server.send(
        "GET", Self.start(server, "&return_url=" + "https://app.example.com/".inQuery))
      #expect(answer.status == 400 && answer.code == "return_url_not_allowed")
    }
  }

  // MARK: Files

  @Test(
    "the SDK is at addresses that stay, for pages of any origin, and comes again only when it changed"
  )
  func files() async throws {
    try await Self.with { server in
      for (name, type) in [
        ("keywright.js", "text/javascript"), ("keywright.d.ts", "text/typescript"),
        ("providers.d.ts", "text/typescript"),
      ] {
        let file = try await server.send("GET", "/\(name)")
        #expect(file.status == 200 && file.text.utf8.count > 500, "\(name)")
        #expect(file.header("Content-Type")?.hasPrefix(type) == true)
        #expect(file.header("Access-Control-Allow-Origin") == "*")
        #expect(file.header("X-Content-Type-Options") == "nosniff")
        #expect(file.header("Cache-Control") == "no-cache")
        let tag = try #require(file.header("ETag"))
        for known in [tag, "W/\(tag)", "\"x\", \(tag)"] {
          let again = try await server.send("GET", "/\(name)", headers: [("If-None-Match", known)])
          #expect(again.status == 304 && again.text.isEmpty && again.header("ETag") == tag)
        }
      }
      #expect(try await server.send("GET", "/providers.d.ts").text.contains("\"notes\": {"))
    }
  }
}
