import Foundation
import GRDB
import Keywright
import KeywrightDefinition
import Testing

@testable import KeywrightServer

/// Credentials kept fresh: once for all who want it, and told as it is.
@Suite("Renewal in the server")
struct ServerRenewalTests {
  @Test("two hundred readers of one expired credential cause one token request, ten times of ten")
  func readers() async throws {
    let clock = TestClock()
    let notes = Notes.usual { _, number in
      try await Task.sleep(for: .milliseconds(30))
      return Notes.token(number)
    }
    let rounds = ProcessInfo.processInfo.environment["KEYWRIGHT_SOAK"].flatMap { Int($0) } ?? 10
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.connectNotes()
      for round in 1...rounds {
        clock.advance(3_700)
        let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
          for _ in 0..<200 {
            group.addTask {
              try await server.readNotes().json["credentials"]?["access_token"]?.text
            }
          }
          return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(notes.seen("/token").count == round + 1)
        #expect(tokens == ["canary-access-\(round + 1)"])
      }
      // One entry for each renewal, and none for those who only took part.
      #expect(try await server.activity("&kind=renewal").count == rounds)
    }
  }

  @Test("the intent to renew is on the disk before the first byte goes out")
  func intent() async throws {
    let clock = TestClock()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-intent-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("keywright.sqlite").path
    let notes = Notes.usual { _, number in
      if number > 1 {
        let versions = try await DatabaseQueue(path: path).read {
          try Int64.fetchOne(
            $0, sql: "SELECT version FROM connection WHERE lease_owner IS NOT NULL")
        }
        #expect(versions == 2)
      }
      return Notes.token(number)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock, folder: folder) {
      server in
      try await server.connectNotes()
      clock.advance(3_700)
      #expect(try await server.readNotes().status == 200)
      #expect(notes.seen("/token").count == 2)
    }
  }

  @Test("while a renewal fails, a credential that is still good is served")
  func stillGood() async throws {
    let clock = TestClock()
    let notes = Notes.usual { _, number in
      number == 1 ? Notes.token(1) : Notes.answer(503, "busy")
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.connectNotes()
      clock.advance(3_000)
      let read = try await server.readNotes()
      #expect(read.status == 200, "\(read.text)")
      #expect(read.json["credentials"]?["access_token"]?.text == "canary-access-1")
      #expect(read.json["state"]?.text == "ok")
      clock.advance(3_000)
      let late = try await server.readNotes()
      #expect(late.status == 424)
      #expect(late.code == "connection_refresh_backoff")
      #expect(late.header("Retry-After") != nil)
      #expect(late.json["error"]?["payload"]?["connection"]?["connection_id"]?.text == "n1")
    }
  }

  @Test("a grant that is gone breaks the connection once, and connecting anew mends it once")
  func gone() async throws {
    let clock = TestClock()
    let notes = Notes.usual { request, number in
      request.form["grant_type"] == "refresh_token"
        ? Notes.answer(
          400, #"{"error":"invalid_grant","error_description":"revoked by its owner"}"#)
        : Notes.token(number)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.connectNotes()
      clock.advance(3_700)
      for _ in 0..<3 {
        let read = try await server.readNotes()
        #expect(read.status == 424)
        #expect(read.code == "invalid_credentials")
        #expect(
          read.message.contains("invalid_grant") && read.message.contains("revoked by its owner"))
      }
      #expect(notes.seen("/token").count == 2)
      let list =
        try await server.backend("GET", "/connections?state=broken").json["connections"]?.elements
        ?? []
      #expect(list.count == 1)
      #expect(list.first?["reason"]?["code"]?.text == "invalid_grant")
      #expect(try await server.activity("&kind=broken").count == 1)

      let session = try await server.backend(
        "POST", "/connect/sessions/reconnect", #"{"connection_id":"n1","integration_id":"notes"}"#)
      let token = try #require(session.json["data"]?["token"]?.text)
      let browser = Browser(server)
      let start = try await browser.open("/oauth/connect/notes?connect_session_token=\(token)")
      let page = try await browser.open(
        "/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))")
      #expect(page.status == 200, "\(page.text)")
      #expect(try await server.readNotes().json["state"]?.text == "ok")
      #expect(try await server.activity("&kind=recovered").count == 1)
    }
  }

  @Test(
    "a client secret that was changed at the provider is told as what it is, and a new one mends it"
  )
  func clientSecret() async throws {
    let clock = TestClock()
    let notes = Notes.usual { request, number in
      request.form["client_secret"] == "the-new-secret" || number == 1
        ? Notes.token(number) : Notes.answer(401, #"{"error":"invalid_client"}"#)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.connectNotes()
      clock.advance(3_700)
      #expect(try await server.readNotes().message.contains("invalid_client"))
      let changed = try await server.backend(
        "PATCH", "/integrations/notes", #"{"credentials":{"client_secret":"the-new-secret"}}"#)
      #expect(changed.status == 200, "\(changed.text)")
      clock.advance(1_000)
      let read = try await server.readNotes()
      #expect(read.status == 200, "\(read.text)")
      #expect(read.json["state"]?.text == "ok")
    }
  }

  @Test("what keeps failing in one way is told once, and so is that it is good again")
  func toldOnce() async throws {
    let clock = TestClock()
    let notes = Notes.usual { request, number in
      request.form["client_secret"] == "the-new-secret" || number == 1
        ? Notes.token(number) : Notes.answer(401, #"{"error":"invalid_client"}"#)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.connectNotes()
      clock.advance(3_700)
      for failures in 1...3 {
        #expect(try await server.readNotes().status == 424)
        // Each read did ask the provider: what is told once is not what was asked once.
        #expect(notes.seen("/token").count == 1 + failures)
        #expect(try await server.activity("&kind=broken").count == 1)
        clock.advance(1_000)
      }
      let changed = try await server.backend(
        "PATCH", "/integrations/notes", #"{"credentials":{"client_secret":"the-new-secret"}}"#)
      #expect(changed.status == 200, "\(changed.text)")
      for _ in 0..<3 {
        #expect(try await server.readNotes().json["state"]?.text == "ok")
        #expect(try await server.activity("&kind=recovered").count == 1)
      }
      #expect(try await server.activity("&kind=broken").count == 1)
    }
  }

  @Test("an answer that was read while its credential was good is not given after that ended")
  func ended() async throws {
    let clock = TestClock()
    let notes = Notes.usual()
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      func token() async throws -> String? {
        try await server.readNotes().json["credentials"]?["access_token"]?.text
      }
      try await server.connectNotes()
      // Twice: made, and given again as it was.
      for _ in 0..<2 { #expect(try await token() == "canary-access-1") }
      #expect(notes.seen("/token").count == 1)
      clock.advance(3_700)
      #expect(try await token() == "canary-access-2")
      #expect(notes.seen("/token").count == 2)
    }
  }

  @Test("what fails to connect anew leaves the good credential as it was")
  func failedReconnect() async throws {
    let notes = Notes.usual { _, number in
      number == 1 ? Notes.token(1) : Notes.answer(400, #"{"error":"invalid_grant"}"#)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.connectNotes()
      let session = try await server.backend(
        "POST", "/connect/sessions/reconnect", #"{"connection_id":"n1","integration_id":"notes"}"#)
      let token = try #require(session.json["data"]?["token"]?.text)
      let browser = Browser(server)
      let start = try await browser.open("/oauth/connect/notes?connect_session_token=\(token)")
      let page = try await browser.open(
        "/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))")
      #expect(page.status == 400)
      let read = try await server.readNotes()
      #expect(read.json["credentials"]?["access_token"]?.text == "canary-access-1")
      #expect(read.json["state"]?.text == "ok")
    }
  }

  @Test("another account does not take a connection's place, unless its backend asks for that")
  func otherAccount() async throws {
    let notes = Notes { request, number in
      switch request.path {
      case "/token": Notes.token(number)
      default: Notes.answer(200, #"{"id":"\#(number)"}"#)
      }
    }
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.connectNotes()
      func reconnect(_ more: String) async throws -> ServerUnderTest.Answer {
        let session = try await server.backend(
          "POST", "/connect/sessions/reconnect",
          #"{"connection_id":"n1","integration_id":"notes"\#(more)}"#)
        let token = try #require(session.json["data"]?["token"]?.text)
        let browser = Browser(server)
        let start = try await browser.open("/oauth/connect/notes?connect_session_token=\(token)")
        return try await browser.open(
          "/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))")
      }
      let refused = try await reconnect("")
      #expect(refused.status == 409)
      #expect(refused.text.contains("account_mismatch"))
      #expect(try await server.readNotes().json["account"]?["id"]?.text == "1")
      let wanted = try await reconnect(#","allow_other_account":true"#)
      #expect(wanted.status == 200, "\(wanted.text)")
      #expect(try await server.readNotes().json["account"]?["id"]?.text == "3")
    }
  }

  @Test("a restart in the middle of an authorization loses nothing")
  func restart() async throws {
    let notes = Notes.usual()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-restart-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (state, cookie) = try await ServerUnderTest.with([Notes.spec], over: notes, folder: folder)
    { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=n1")
      return (ServerUnderTest.state(start), browser.cookieHeader)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes, folder: folder) { server in
      let page = try await server.send(
        "GET", "/oauth/callback/notes?code=c&state=\(state)", headers: [("Cookie", cookie)])
      #expect(page.status == 200, "\(page.text)")
      #expect(try await server.readNotes().status == 200)
    }
  }

  @Test("a forced renewal asks the provider, and a refresh token is shown where it is asked for")
  func forced() async throws {
    let notes = Notes.usual()
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.connectNotes()
      let read = try await server.readNotes("n1", "&force_refresh=true&refresh_token=true")
      #expect(read.json["credentials"]?["access_token"]?.text == "canary-access-2")
      #expect(read.json["credentials"]?["refresh_token"]?.text == "canary-refresh-2")
      #expect(try await server.readNotes().json["credentials"]?["refresh_token"] == nil)
    }
  }
}
