import Foundation
import HTTPTypes
import Keywright
import KeywrightDefinition
import Synchronization
import Testing

@testable import KeywrightServer

/// What must not wear out: a connection that failed once, was mended, or has two credentials.
@Suite("Endurance")
struct EnduranceTests {
  @Test(
    "a renewal that fails once before a refresh token dies unused is tried again within the hour")
  func idleFailure() async throws {
    let clock = TestClock()
    let notes = Notes.usual { _, number in
      (2...5).contains(number) ? Notes.answer(503, "busy") : Notes.token(number)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.connectNotes()
      let background = BackgroundRenewal(server.broker)
      clock.advance(27_001)
      try await background.renewAll()
      let tried = notes.seen("/token").count
      #expect(tried > 1)
      clock.advance(3_600)
      try await background.renewAll()
      #expect(notes.seen("/token").count > tried)
    }
  }

  @Test(
    "a connection that takes another account's place after a lost grant is renewed like any other")
  func otherAccount() async throws {
    let clock = TestClock()
    let isLost = Box(true)
    let notes = Notes { request, number in
      switch request.path {
      case "/token":
        request.form["grant_type"] == "refresh_token" && isLost.value
          ? Notes.answer(400, #"{"error":"invalid_grant"}"#) : Notes.token(number)
      default: Notes.answer(200, #"{"id":"\#(number)"}"#)
      }
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.connectNotes()
      clock.advance(3_700)
      #expect(try await server.readNotes().status == 424)
      isLost.change { $0 = false }
      let session = try await server.backend(
        "POST", "/connect/sessions/reconnect",
        #"{"connection_id":"n1","integration_id":"notes","allow_other_account":true}"#)
      let token = try #require(session.json["data"]?["token"]?.text)
      let browser = Browser(server)
      let start = try await browser.open("/oauth/connect/notes?connect_session_token=\(token)")
      #expect(
        try await browser.open("/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))")
          .status == 200)
      clock.advance(3_700)
      let read = try await server.readNotes()
      #expect(read.status == 200, "\(read.text)")
      #expect(read.json["state"]?.text == "ok")
    }
  }

  @Test(
    "a connection that broke for want of a client secret is renewed by the background once that is mended"
  )
  func mended() async throws {
    let clock = TestClock()
    let notes = Notes.usual { request, number in
      request.form["client_secret"] == "the-new-secret" || number == 1
        ? Notes.token(number) : Notes.answer(401, #"{"error":"invalid_client"}"#)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.connectNotes()
      clock.advance(3_700)
      #expect(try await server.readNotes().status == 424)
      let list = try await server.backend("GET", "/connections?state=broken").json["connections"]?
        .elements
      #expect(list?.count == 1)
      _ = try await server.backend(
        "PATCH", "/integrations/notes", #"{"credentials":{"client_secret":"the-new-secret"}}"#)
      try await BackgroundRenewal(server.broker).renewAll()
      let mended = try await server.backend("GET", "/connections?state=ok").json["connections"]?
        .elements
      #expect(mended?.count == 1)
      #expect(try await server.activity("&kind=recovered").count == 1)
    }
  }

  @Test(
    "a connection outlives its spec: it is read and renewed by the one that it was made by, also by a later one"
  )
  func withoutSpec() async throws {
    let (clock, notes) = (TestClock(), Notes.usual())
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-spec-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    func reads() async throws {
      clock.advance(3_700)
      try await ServerUnderTest.with([], over: notes, clock: clock, folder: folder) { server in
        let read = try await server.readNotes()
        #expect(read.status == 200, "\(read.text)")
        #expect(try await server.backend("GET", "/providers/notes").status == 404)
      }
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock, folder: folder) {
      try await $0.connectNotes()
    }
    try await reads()
    let later = Notes.spec.replacing("name: $<body.name>", with: "name: $<body.name.upper()>")
    try await ServerUnderTest.with([later], over: notes, clock: clock, folder: folder) { server in
      let session = try await server.backend(
        "POST", "/connect/sessions/reconnect", #"{"connection_id":"n1","integration_id":"notes"}"#)
      let token = try #require(session.json["data"]?["token"]?.text)
      let browser = Browser(server)
      let start = try await browser.open("/oauth/connect/notes?connect_session_token=\(token)")
      let page = try await browser.open(
        "/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))")
      #expect(page.status == 200, "\(page.text)")
    }
    try await reads()
  }

  @Test("each of a connection's credentials is renewed, not the first alone")
  func twoCredentials() async throws {
    let clock = TestClock()
    let slack = Notes { request, number in
      guard request.path == "/api/oauth.v2.access" else {
        return Notes.answer(200, #"{"ok":true,"team":"T","team_id":"T1","user_id":"U1"}"#)
      }
      if request.form["grant_type"] == "authorization_code" {
        return Notes.answer(
          200,
          #"{"ok":true,"access_token":"bot-1","refresh_token":"rb-1","expires_in":43200,"token_type":"bot","scope":"commands","team":{"id":"T1"},"authed_user":{"id":"U1","access_token":"user-1","refresh_token":"ru-1","expires_in":43200,"scope":"chat:write","token_type":"user"}}"#
        )
      }
      let kind = request.form["refresh_token"]?.hasPrefix("ru") == true ? "user" : "bot"
      let letter = kind == "user" ? "ru" : "rb"
      return Notes.answer(
        200,
        #"{"ok":true,"access_token":"\#(kind)-\#(number)","refresh_token":"\#(letter)-\#(number)","expires_in":43200,"token_type":"\#(kind)","scope":"x"}"#
      )
    }
    try await ServerUnderTest.with(over: slack, clock: clock) { server in
      try await server.integrate(
        "slack", provider: "slack", method: "oauth",
        ["client_id": "1.2", "client_secret": "s", "user_scopes": "chat:write"])
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/slack?public_key=\(server.publicKey)&connection_id=s")
      let page = try await browser.open(
        "/oauth/callback/slack?code=c&state=\(ServerUnderTest.state(start))")
      #expect(page.status == 200, "\(page.text)")
      clock.advance(43_000)
      let read = try await server.backend("GET", "/connections/s?provider_config_key=slack")
      let named = read.json["credentials"]?["by_name"]
      #expect(named?["bot"]?["access_token"]?.text?.hasPrefix("bot-") == true, "\(read.text)")
      #expect(named?["bot"]?["access_token"]?.text != "bot-1")
      #expect(named?["user"]?["access_token"]?.text != "user-1", "\(read.text)")
      #expect(slack.seen("/api/oauth.v2.access").count == 3)
    }
  }

  @Test("a name that another integration takes over leads to none of the old one's credentials")
  func renamed() async throws {
    let notes = Notes.usual()
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.connectNotes()
      #expect(
        try await server.readNotes().json["credentials"]?["access_token"]?.text == "canary-access-1"
      )
      _ = try await server.backend("PATCH", "/integrations/notes", #"{"unique_key":"old-notes"}"#)
      #expect(try await server.readNotes().status == 404)
      try await server.connectNotes()
      #expect(
        try await server.readNotes().json["credentials"]?["access_token"]?.text == "canary-access-2"
      )
      #expect(try await server.backend("DELETE", "/integrations/notes").status == 200)
      #expect(try await server.readNotes().status == 404)
      #expect(notes.seen("/revoke").count == 1)
    }
  }

  @Test("a time of any size in an answer ends no process")
  func extremes() async throws {
    let spec = """
      # id: notes
      name: Notes
      links: { docs: https://notes.example.net/docs }
      api: { base: https://api.notes.example.net }
      auth:
        oauth:
          kind: custom
          setup: { client_id: { title: Id, type: text }, client_secret: { title: Secret, type: secret } }
          authorize:
            leave: https://notes.example.net/authorize
            query: { client_id: $<client_id>, state: $<state>, redirect_uri: $<redirect_uri> }
            take: { code: { type: secret } }
          exchange:
            post: https://notes.example.net/token
            form: { code: $<callback.code>, secret: $<client_secret> }
            credential: { access_token: $<body.access_token>, expires_at: $<body.at> }
          renew: person
          sign: { headers: { Authorization: "Bearer $<credential.access_token>" } }

      """
    for time in ["-9223372036854775808", "9223372036854775807", "0"] {
      let notes = Notes.usual { _, _ in
        Notes.answer(200, #"{"access_token":"t","token_type":"bearer","at":\#(time)}"#)
      }
      try await ServerUnderTest.with([spec], over: notes) { server in
        try await server.connectNotes()
        let status = try await server.readNotes().status
        #expect([200, 424].contains(status))
        #expect(try await server.send("GET", "/health").status == 200)
      }
    }
  }

  @Test(
    "a secret that a backend puts into a connect session is stored encrypted, and shown to no browser"
  )
  func sessionSecret() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-wish-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await ServerUnderTest.with(over: Notes.usual(), folder: folder) { server in
      try await server.integrate("openai", provider: "openai")
      let made = try await server.backend(
        "POST", "/connect/sessions",
        #"{"allowed_integrations":["openai"],"integrations_config_defaults":{"openai":{"connection_config":{"api_key":"canary-api-key"}}}}"#
      )
      let token = try #require(made.json["data"]?["token"]?.text, "\(made.text)")
      let shown = try await server.send(
        "GET", "/connect/session", headers: [("Authorization", "Bearer \(token)")])
      #expect(shown.status == 200)
      #expect(!shown.text.contains("canary"))
    }
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      #expect(
        try Data(contentsOf: file).range(of: Data("canary".utf8)) == nil,
        "\(file.lastPathComponent)")
    }
  }

  @Test("what a renewal brings while the server ends is kept")
  func ending() async throws {
    let clock = TestClock()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-ending-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let begun = Box(false)
    let notes = Notes.usual { _, number in
      if number == 2 {
        begun.change { $0 = true }
        try? await Task.sleep(for: .milliseconds(800))
      }
      return Notes.token(number)
    }
    try await ServerUnderTest.with(
      [Notes.spec], over: notes, clock: clock, folder: folder, renewingEvery: .milliseconds(50)
    ) { server in
      try await server.connectNotes()
      clock.advance(8 * 3_600)
      while !begun.value { try await Task.sleep(for: .milliseconds(10)) }
    }
    clock.advance(60)
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock, folder: folder) {
      server in
      let read = try await server.readNotes()
      #expect(read.json["credentials"]?["access_token"]?.text == "canary-access-2")
      #expect(notes.seen("/token").count == 2)
    }
  }

  @Test("who guesses the administrator's password is slowed down, and is told how long")
  func guesses() async throws {
    try await ServerUnderTest.with(over: Notes.usual(), rateLimit: 5) { server in
      var statuses: [Int] = []
      for number in 0..<7 {
        let answer = try await server.send(
          "POST", "/admin/session", #"{"password":"guess number \#(number)"}"#)
        statuses.append(answer.status)
        if answer.status == 429 { #expect(answer.header("Retry-After") != nil) }
      }
      #expect(statuses == [401, 401, 401, 401, 401, 429, 429])
      server.clock.advance(60)
      #expect(
        try await server.send("POST", "/admin/session", #"{"password":"one more guess"}"#).status
          == 401)
    }
  }
}
