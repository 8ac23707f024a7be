import Foundation
import GRDB
import Keywright
import KeywrightDefinition
import Testing

@testable import KeywrightServer

/// How an authorization goes, for a page that can't be told: it asks by a ticket.
@Suite("Tickets")
struct TicketTests {
  static let ticket = String(repeating: "t", count: 43)
  static let query = "&ticket=\(ticket)"

  private static func with(
    _ notes: Notes = .usual(), clock: TestClock = TestClock(), folder: URL? = nil,
    _ body: (ServerUnderTest) async throws -> Void
  ) async throws {
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock, folder: folder) {
      server in
      if try await server.backend("GET", "/integrations/notes").status == 404 {
        try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      }
      try await body(server)
    }
  }

  private static func result(_ server: ServerUnderTest) async throws -> JSON {
    let answer = try await server.send("GET", "/oauth/result?ticket=\(ticket)")
    #expect(answer.status == 200 && answer.header("Access-Control-Allow-Origin") == "*")
    #expect(answer.header("Cache-Control") == "no-store")
    return answer.json
  }

  @Test("a ticket is unknown, then runs, then has the connection; and nothing secret is told")
  func success() async throws {
    try await Self.with { server in
      #expect(try await Self.result(server).compactText == #"{"state":"unknown"}"#)
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a" + Self.query)
      #expect(start.status == 302 && start.header("Location")?.contains(Self.ticket) == false)
      #expect(try await Self.result(server).compactText == #"{"state":"running"}"#)
      _ = try await browser.open(
        "/oauth/callback/notes?code=canary-code&state=\(ServerUnderTest.state(start))")
      let result = try await Self.result(server)
      #expect(
        result.compactText
          == #"{"state":"success","provider_config_key":"notes","connection_id":"a","is_pending":false}"#
      )
    }
  }

  @Test("the ticket itself stands in no file of the server's")
  func digest() async throws {
    try await Self.with { server in
      _ = try await server.finishNotes("a", query: Self.query)
      try await server.broker.store.write { database in
        let text = try String.fetchAll(
          database, sql: "SELECT hex(digest) || told FROM ticket UNION ALL SELECT plan FROM flow")
        #expect(text.count == 2 && !text.joined().contains(Self.ticket))
      }
    }
  }

  @Test("what is refused before anything begins is told under the ticket too")
  func refused() async throws {
    try await Self.with { server in
      for (index, path) in [
        "/oauth/connect/none?public_key=\(server.publicKey)", "/oauth/connect/notes?public_key=no",
        "/oauth/connect/notes?public_key=\(server.publicKey)&hmac=00&params[nope]=x",
      ].enumerated() {
        let ticket = Self.ticket + String(index)
        let answer = try await server.send("GET", path + "&ticket=\(ticket)")
        let result = try await server.send("GET", "/oauth/result?ticket=\(ticket)").json
        #expect(result["state"]?.text == "error" && result["error_type"]?.text == answer.code)
        #expect(result["error_desc"]?.text == answer.message)
      }
    }
  }

  @Test("a person who declines ends it, with the provider's word")
  func declined() async throws {
    try await Self.with { server in
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a" + Self.query)
      _ = try await browser.open(
        "/oauth/callback/notes?error=access_denied&state=\(ServerUnderTest.state(start))")
      let result = try await Self.result(server)
      #expect(result["state"]?.text == "error" && result["error_type"]?.text == "access_denied")
    }
  }

  @Test("what nobody finishes is told as that after its time, and is forgotten an hour later")
  func expired() async throws {
    let clock = TestClock()
    try await Self.with(clock: clock) { server in
      _ = try await server.send(
        "GET", "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a" + Self.query)
      clock.advance(600)
      let result = try await Self.result(server)
      #expect(result["state"]?.text == "error" && result["error_type"]?.text == "expired_flow")
      try await server.broker.tickets.sweep()
      #expect(try await Self.result(server)["state"]?.text == "error")
      clock.advance(3_601)
      try await server.broker.tickets.sweep()
      #expect(try await Self.result(server)["state"]?.text == "unknown")
    }
  }

  @Test("a ticket outlives a restart")
  func restart() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kw-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await Self.with(folder: folder) { server in
      _ = try await server.finishNotes("a", query: Self.query)
    }
    try await Self.with(folder: folder) { server in
      let result = try await Self.result(server)
      #expect(result["state"]?.text == "success")
    }
  }

  @Test("a ticket is for one authorization: another one with it is refused, and changes nothing")
  func twice() async throws {
    try await Self.with { server in
      _ = try await server.finishNotes("a", query: Self.query)
      let again = try await server.send(
        "GET", "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=b" + Self.query)
      #expect(again.status == 400 && again.code == "used_ticket")
      #expect(try await Self.result(server)["connection_id"]?.text == "a")
    }
  }

  @Test(
    "who cancels gets no connection, though the browser comes back; and a code is not exchanged")
  func cancelled() async throws {
    let notes = Notes.usual()
    try await Self.with(notes) { server in
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a" + Self.query)
      let told = try await server.send("DELETE", "/oauth/result?ticket=\(Self.ticket)").json
      #expect(told["state"]?.text == "error" && told["error_type"]?.text == "cancelled")
      let page = try await browser.open(
        "/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))")
      #expect(page.status == 400 && page.text.contains("<code>cancelled</code>"))
      #expect(notes.seen("/token").isEmpty)
      #expect(try await server.readNotes("a").status == 404)
    }
  }

  @Test("what is cancelled before it comes does not begin")
  func earlyCancel() async throws {
    try await Self.with { server in
      let told = try await server.send("DELETE", "/oauth/result?ticket=\(Self.ticket)").json
      #expect(told["error_type"]?.text == "cancelled")
      let start = try await server.finishNotes("a", query: Self.query)
      #expect(start.status == 400 && start.code == "used_ticket")
    }
  }

  @Test("what ended can't be cancelled")
  func lateCancel() async throws {
    try await Self.with { server in
      _ = try await server.finishNotes("a", query: Self.query)
      let told = try await server.send("DELETE", "/oauth/result?ticket=\(Self.ticket)").json
      #expect(told["state"]?.text == "success")
    }
  }

  @Test(
    "a ticket that could be guessed, or is none, is refused",
    arguments: [
      "short", String(repeating: "a", count: 129), "%2F" + String(repeating: "a", count: 30),
    ]
  )
  func unfit(_ text: String) async throws {
    try await Self.with { server in
      for path in ["/oauth/result?", "/oauth/connect/notes?public_key=\(server.publicKey)&"] {
        let answer = try await server.send("GET", path + "ticket=\(text)")
        #expect(answer.status == 400 && answer.code == "invalid_query_params")
      }
      #expect(try await server.send("GET", "/oauth/result").status == 400)
    }
  }
}
