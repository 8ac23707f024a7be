import Foundation
import HTTPTypes
import Keywright
import KeywrightCrypto
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// Group D of the field cases: what goes wrong at servers.
@Suite("Field cases, group D")
struct FieldCaseDTests {
  @Test("D1: the public address is the one that providers get, whatever port the server listens on")
  func publicAddress() async throws {
    let notes = Notes.usual()
    try await ServerUnderTest.with(
      [Notes.spec], over: notes, publicURL: "https://connect.example.test"
    ) { server in
      let made = try await server.integrate(
        "notes", provider: "notes", method: "oauth", Notes.client)
      let wanted = "https://connect.example.test/oauth/callback/notes"
      #expect(made.json["data"]?["callback_url"]?.text == wanted)
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a")
      let sent =
        FormText.pairs(String(start.header("Location")?.split(separator: "?").last ?? "")) ?? []
      #expect(sent.first { $0.name == "redirect_uri" }?.value == wanted)
      let page = try await browser.open(
        "/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))")
      #expect(page.status == 200, "\(page.text)")
      #expect(notes.seen("/token").first?.form["redirect_uri"] == wanted)
      #expect(start.header("Set-Cookie")?.contains("Secure; SameSite=None") == true)
    }
  }

  @Test(
    "D2: a path prefix is kept and no slash is doubled", arguments: ["", "/", "/kw", "/kw/"],
    [true, false])
  func prefix(_ path: String, isStripped: Bool) async throws {
    let notes = Notes.usual()
    try await ServerUnderTest.with(
      [Notes.spec], over: notes, publicURL: "https://host.example.test\(path)"
    ) { server in
      let prefix = path == "/kw" || path == "/kw/" ? "/kw" : ""
      // A proxy in front takes the prefix away, or leaves it.
      let own = isStripped ? "" : prefix
      let made = try await server.integrate(
        "notes", provider: "notes", method: "oauth", Notes.client)
      let callback = "https://host.example.test\(prefix)/oauth/callback/notes"
      #expect(made.json["data"]?["callback_url"]?.text == callback)
      let browser = Browser(server)
      let start = try await browser.open(
        "\(own)/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a")
      #expect(start.status == 302, "\(start.text)")
      #expect(start.header("Location")?.contains("%2F%2Foauth") == false)
      #expect(start.header("Set-Cookie")?.contains("Path=\(prefix)/oauth;") == true)
      let page = try await browser.open(
        "\(own)/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))")
      #expect(page.status == 200, "\(page.text)")
      let posted = try await browser.open(
        "\(own)/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=b")
      let form = try await browser.post(
        "\(own)/oauth/callback/notes", form: "code=c&state=\(ServerUnderTest.state(posted))")
      #expect(
        form.header("Location")?.hasPrefix("\(prefix)/oauth/callback/notes?kw_parked=") == true)
    }
  }

  @Test("D3: a failed client-credentials connection tells the provider's error and its words")
  func clientCredentials() async throws {
    let notes = Notes.usual { _, _ in
      Notes.answer(401, #"{"error":"invalid_client","error_description":"Unknown client"}"#)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.integrate("machine", provider: "notes", method: "machine")
      let answer = try await server.send(
        "POST", "/oauth2/auth/machine?public_key=\(server.publicKey)&connection_id=m",
        #"{"client_id":"cid","client_secret":"canary-client-secret"}"#)
      #expect(answer.status == 400)
      #expect(answer.code == "client_credentials_fetch_error")
      let entry = try #require(try await server.activity().first)
      for text in [answer.message, entry["message"]?.text ?? ""] {
        #expect(text.contains("invalid_client") && text.contains("Unknown client"), "\(text)")
      }
      #expect(entry["code"]?.text == "invalid_client")
    }
  }

  @Test("D4: scopes that people did not grant are shown as missing")
  func fewerScopes() async throws {
    let notes = Notes.usual { _, number in
      Notes.token(number, scope: number == 1 ? "mail.read" : nil)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.connectNotes("few", scopes: ["cal.read", "mail.read"])
      let few = try await server.readNotes("few").json["scopes"]
      #expect(few == (try JSON(reading: #"{"granted":["mail.read"],"missing":["cal.read"]}"#)))
      #expect(try await server.activity().first?["message"]?.text?.contains("cal.read") == true)
      try await server.connectNotes("all")
      let all = try await server.readNotes("all").json["scopes"]
      #expect(all == (try JSON(reading: #"{"granted":["cal.read","mail.read"],"missing":[]}"#)))
    }
  }

  @Test(
    "D5: a connection that nobody reads is renewed before its refresh token dies unused, and seldom"
  )
  func idle() async throws {
    let clock = TestClock()
    let notes = Notes.usual()
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.connectNotes()
      let background = BackgroundRenewal(server.broker)
      var renewals: [Int64] = []
      // Five days, looked at every ten minutes.
      for _ in 0..<720 {
        clock.advance(600)
        let before = notes.seen("/token").count
        try await background.renewAll()
        if notes.seen("/token").count > before { renewals.append(clock.now) }
      }
      let gaps = zip(renewals, renewals.dropFirst()).map { $1 - $0 }
      #expect(renewals.count >= 5 * 24 / 15, "\(renewals.count)")
      #expect(gaps.allSatisfy { $0 >= 7 * 3_600 && $0 <= 15 * 3_600 }, "\(gaps)")
      let read = try await server.readNotes()
      #expect(read.status == 200, "\(read.text)")
    }
  }

  @Test("D5: a provider that hangs delays no other")
  func hanging() async throws {
    let clock = TestClock()
    let slow = Notes.usual { _, number in
      if number > 1 { try await Task.sleep(for: .seconds(20)) }
      return Notes.token(number)
    }
    let quick = Notes.spec.replacing("notes", with: "memos").replacing("Notes", with: "Memos")
    let both = Both(slow: slow, quick: Notes.usual())
    try await ServerUnderTest.with(
      [Notes.spec, quick], over: both, clock: clock, renewingEvery: .milliseconds(100)
    ) { server in
      try await server.connectNotes()
      try await server.integrate("memos", provider: "memos", method: "oauth", Notes.client)
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/memos?public_key=\(server.publicKey)&connection_id=m")
      _ = try await browser.open(
        "/oauth/callback/memos?code=c&state=\(ServerUnderTest.state(start))")
      clock.advance(8 * 3_600)
      let deadline = ContinuousClock.now + .seconds(10)
      while both.quick.seen("/token").count < 2, ContinuousClock.now < deadline {
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(both.quick.seen("/token").count == 2)
    }
  }

  @Test("D6: three tabs finish in any order, and fifty abandoned flows leave room for one more")
  func tabs() async throws {
    let notes = Notes.usual()
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      let browser = Browser(server)
      func start(_ id: String) async throws -> String {
        let answer = try await browser.open(
          "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=\(id)")
        #expect(answer.status == 302)
        return ServerUnderTest.state(answer)
      }
      let states = [try await start("1"), try await start("2"), try await start("3")]
      for index in [1, 0, 2] {
        let page = try await browser.open("/oauth/callback/notes?code=c&state=\(states[index])")
        #expect(page.status == 200, "\(page.text)")
      }
      for number in 0..<50 { _ = try await start("left-\(number)") }
      #expect(browser.cookieHeader.utf8.count < 4_096)
      let last = try await start("51")
      let page = try await browser.open("/oauth/callback/notes?code=c&state=\(last)")
      #expect(page.status == 200)
    }
  }

  @Test(
    "D7: a deleted connection is ended at its provider, as far as that answers",
    arguments: [200, 503, 0])
  func deletion(_ status: Int) async throws {
    let notes = Notes { request, number in
      switch request.path {
      case "/token": return Notes.token(number)
      case "/revoke":
        if status == 0 { try await Task.sleep(for: .seconds(60)) }
        return Notes.answer(status, "")
      default: return Notes.answer(200, #"{"id":"7"}"#)
      }
    }
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.connectNotes()
      let start = ContinuousClock.now
      let answer = try await server.backend("DELETE", "/connections/n1?provider_config_key=notes")
      #expect(answer.status == 200, "\(answer.text)")
      #expect(ContinuousClock.now - start < .seconds(15))
      #expect(try await server.readNotes().status == 404)
      #expect(notes.seen("/revoke").first?.form["token"] == "canary-refresh-1")
      let message = try await server.activity("&kind=deletion").first?["message"]?.text ?? ""
      #expect(message.contains(status == 200 ? "; revoked" : "; not_revoked"), "\(message)")
    }
  }

  // The server takes and sends no webhook yet: this holds the rule that it will need, and the vector.
  @Test(
    "D8: a signature is over the bytes that came, and another spelling of the same document has another"
  )
  func bytes() throws {
    let body = try #require(
      Encoding.bytes(anyBase64: "eyJuIjogMS4wLCAidCI6ImNhZlx1MDBlOSIsImEiOiLigKgifQ=="))
    let wanted = "7e86ce9f86e29bb746178a0d479721329a682374ea3d7f1a4d1eb5bbb95f18c1"
    let key = Array("whsec-demo".utf8)
    #expect(Encoding.hex(authenticationCode(for: body, key: key, .sha256)) == wanted)
    let again = Array(try JSON(reading: body).wireText.utf8)
    #expect(Encoding.hex(authenticationCode(for: again, key: key, .sha256)) != wanted)
  }

  private struct Both: Transport {
    let slow: Notes
    let quick: Notes

    func send(_ request: HTTPRequest, body: [UInt8]?) async throws(TransportError)
      -> TransportAnswer
    {
      request.authority?.contains("memos") == true
        ? try await quick.send(request, body: body) : try await slow.send(request, body: body)
    }
  }
}
