import Foundation
import Keywright
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// The link that a backend sends to somebody.
@Suite("Shared links")
struct SharedLinkTests {
  private func link(_ server: ServerUnderTest, _ body: String) async throws -> String {
    let made = try await server.backend("POST", "/connect/sessions", body)
    let link = try #require(made.json["data"]?["connect_link"]?.text, "\(made.text)")
    return Browser.local(link)
  }

  @Test("a link asks what the method asks, refuses what does not fit, and goes on to the provider")
  func oauth() async throws {
    let definition = try #require(
      try ServerUnderTest.catalogue().first { $0.definition.id == "zendesk" }
    ).definition
    let provider = try SimulatedProvider(
      definition, registration: .init(values: FirstConnectionTests.client))
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("zendesk", provider: "zendesk", FirstConnectionTests.client)
      let link = try await link(
        server,
        #"{"allowed_integrations":["zendesk"],"end_user":{"id":"u1"},"organization":{"id":"o1"}}"#)
      let browser = Browser(server)
      let page = try await browser.open(link)
      #expect(page.status == 200)
      #expect(page.text.contains("Connect Zendesk") && page.text.contains("name=\"subdomain\""))
      let wrong = try await browser.post(link, form: "subdomain=evil.com/")
      #expect(wrong.status == 400)
      #expect(wrong.text.contains("role=\"alert\"") && wrong.text.contains("name=\"subdomain\""))
      let right = try await browser.post(link, form: "subdomain=acme")
      #expect(right.status == 303)
      let back = try provider.consent(at: try #require(right.header("Location")))
      let end = try await browser.open(Browser.local(back))
      #expect(end.text.contains("Connected to Zendesk"), "\(end.text)")
      let list =
        try await server.backend("GET", "/connections?endUserId=u1").json["connections"]?.elements
        ?? []
      #expect(list.count == 1)
      // Other systems find the user by tags of these names.
      for (tag, count) in [
        ("end_user_id]=u1", 1), ("organization_id]=o1", 1), ("end_user_id]=u2", 0),
      ] {
        let found = try await server.backend("GET", "/connections?tags[\(tag)").json
        #expect(found["connections"]?.elements?.count == count, "\(tag)")
      }
      for (id, count) in [("o1", 1), ("o2", 0)] {
        let found = try await server.backend("GET", "/connections?endUserOrganizationId=\(id)").json
        #expect(found["connections"]?.elements?.count == count)
      }
      // It made its connection.
      #expect(try await browser.open(link).status == 401)
      // Who connects anew is not asked where, and can't go elsewhere.
      let id = try #require(list.first?["connection_id"]?.text)
      for (fields, status) in [("", 200), ("&params[subdomain]=other", 409)] {
        let session = try await server.backend(
          "POST", "/connect/sessions/reconnect",
          #"{"connection_id":"\#(id)","integration_id":"zendesk"}"#)
        let token = try #require(session.json["data"]?["token"]?.text)
        let again = try await Browser(server).connect(
          "/oauth/connect/zendesk?connect_session_token=\(token)\(fields)", at: provider)
        #expect(again.status == status, "\(again.text)")
      }
    }
  }

  @Test("a link for a key takes it in a form, says what is wrong with it, and shows no secret back")
  func key() async throws {
    let definition = try #require(
      try ServerUnderTest.catalogue().first { $0.definition.id == "openai" }
    ).definition
    let provider = try SimulatedProvider(
      definition, registration: .init(values: ["api_key": "sk-right"]))
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("openai", provider: "openai")
      let link = try await link(server, #"{"allowed_integrations":["openai"]}"#)
      let browser = Browser(server)
      let wrong = try await browser.post(link, form: "api_key=sk-wrong-canary")
      #expect(wrong.status == 400)
      #expect(wrong.text.contains("role=\"alert\"") && !wrong.text.contains("sk-wrong-canary"))
      let right = try await browser.post(link, form: "api_key=sk-right")
      #expect(right.text.contains("Connected to OpenAI"), "\(right.text)")
    }
  }

  @Test("a link for several integrations lets a person choose among those that are allowed")
  func choice() async throws {
    let provider = try FirstConnectionTests.zendesk()
    try await ServerUnderTest.with(over: provider) { server in
      for key in ["one", "two", "three"] {
        try await server.integrate(key, provider: "zendesk", FirstConnectionTests.client)
      }
      let link = try await link(server, #"{"allowed_integrations":["one","two"]}"#)
      let page = try await server.send("GET", link)
      #expect(page.text.contains("value=\"one\"") && page.text.contains("value=\"two\""))
      #expect(!page.text.contains("value=\"three\""))
      #expect(try await server.send("GET", link + "&integration=three").status == 404)
    }
  }
}

/// What was attempted, found again and forgotten in time.
@Suite("Activity")
struct ActivityTests {
  @Test(
    "an entry tells each stage with its time, the request and what the answer said, and what to do next"
  )
  func stages() async throws {
    let notes = Notes.usual { _, _ in
      Notes.answer(
        400,
        #"{"error":"invalid_grant","error_description":"the code was used before","trace":"abc"}"#)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      _ = try await server.finishNotes("n1")
      let entry = try #require(try await server.activity().first)
      #expect(entry["state"]?.text == "failed")
      #expect(entry["code"]?.text == "invalid_grant")
      #expect(entry["next_step"]?.text?.isEmpty == false)
      let whole = try await server.backend("GET", "/activity/\(entry["id"]?.text ?? "")").json[
        "data"]
      let stages = whole?["stages"]?.elements ?? []
      #expect(
        stages.compactMap { $0["stage"]?.text } == ["start", "authorize", "callback", "exchange"])
      let exchange = try #require(stages.last)
      #expect(exchange["request"]?.text == "POST https://notes.example.net/token")
      #expect(exchange["status"]?.integerValue == 400)
      #expect(
        exchange["response"]
          == (try JSON(
            reading:
              #"{"error":"invalid_grant","error_description":"the code was used before","trace":"<hidden>"}"#
          )))
      let times = stages.compactMap { $0["at_ms"]?.integerValue }
      #expect(times == times.sorted() && times.count == 4)
    }
  }

  @Test("entries are found by state, kind, connection and words, page by page")
  func search() async throws {
    let notes = Notes.usual { _, number in
      number == 2 ? Notes.answer(400, #"{"error":"invalid_grant"}"#) : Notes.token(number)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.connectNotes("first")
      _ = try await server.finishNotes("second")
      try await server.connectNotes("third")
      #expect(
        try await server.activity().compactMap { $0["connection_id"]?.text } == [
          "third", "second", "first",
        ])
      #expect(
        try await server.activity("&state=failed").compactMap { $0["connection_id"]?.text } == [
          "second"
        ])
      #expect(try await server.activity("&connection_id=first").count == 1)
      #expect(
        try await server.activity("&search=invalid_grant").compactMap { $0["connection_id"]?.text }
          == ["second"])
      #expect(try await server.activity("&search=%25").isEmpty)
      let page = try await server.backend("GET", "/activity?limit=2").json
      #expect(page["data"]?.elements?.count == 2)
      let rest = try await server.backend(
        "GET", "/activity?limit=2&before=\(page["next_before"]?.integerValue ?? 0)"
      ).json
      #expect(rest["data"]?.elements?.compactMap { $0["connection_id"]?.text } == ["first"])
    }
  }

  @Test(
    "what nobody came back to ends after ten minutes, and what is older than its environment keeps is forgotten"
  )
  func retention() async throws {
    let clock = TestClock()
    try await ServerUnderTest.with([Notes.spec], over: Notes.usual(), clock: clock) { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      _ = try await server.send(
        "GET", "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=left")
      #expect(try await server.activity().first?["state"]?.text == "running")
      clock.advance(601)
      try await server.broker.activity.sweep()
      #expect(try await server.activity().first?["state"]?.text == "timeout")
      _ = try await server.broker.environments.change("dev", .init(retentionDays: 3))
      clock.advance(3 * 86_400 - 700)
      try await server.broker.activity.sweep()
      #expect(try await server.activity().count == 1)
      clock.advance(200)
      try await server.broker.activity.sweep()
      #expect(try await server.activity().isEmpty)
    }
  }
}
