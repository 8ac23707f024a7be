import Foundation
import Keywright
import KeywrightDefinition
import Testing

@testable import KeywrightServer

/// The browser that comes back: the right one, once, in time.
@Suite("Coming back")
struct ReturnTests {
  private func page(_ answer: ServerUnderTest.Answer, says code: String) {
    #expect(answer.status == 400)
    #expect(answer.header("Content-Type")?.hasPrefix("text/html") == true)
    #expect(answer.text.contains("<code>\(code)</code>"), "\(answer.text)")
  }

  @Test(
    "a state that is unknown, used, late, of another browser or of another integration has a page and a code of its own"
  )
  func faults() async throws {
    let clock = TestClock()
    let notes = Notes.usual()
    try await ServerUnderTest.with([Notes.spec], over: notes, clock: clock) { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      try await server.integrate("other", provider: "notes", method: "oauth", Notes.client)
      func start(_ id: String) async throws -> (Browser, String) {
        let browser = Browser(server)
        let answer = try await browser.open(
          "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=\(id)")
        return (browser, ServerUnderTest.state(answer))
      }
      let (browser, state) = try await start("a")
      page(
        try await browser.open("/oauth/callback/notes?code=c&state=unknown"), says: "unknown_state")
      page(try await browser.open("/oauth/callback/notes?code=c"), says: "missing_state")
      page(
        try await browser.open("/oauth/callback/other?code=c&state=\(state)"),
        says: "other_integration")
      page(
        try await Browser(server).open("/oauth/callback/notes?code=c&state=\(state)"),
        says: "other_browser")
      let (stranger, _) = try await start("b")
      page(
        try await stranger.open("/oauth/callback/notes?code=c&state=\(state)"),
        says: "other_browser")
      // None of that has used it up, and nothing was asked of the provider.
      #expect(notes.seen("/token").isEmpty)
      #expect(try await browser.open("/oauth/callback/notes?code=c&state=\(state)").status == 200)
      page(
        try await browser.open("/oauth/callback/notes?code=c&state=\(state)"), says: "used_state")
      #expect(notes.seen("/token").count == 1)
      let (late, lateState) = try await start("c")
      clock.advance(601)
      page(
        try await late.open("/oauth/callback/notes?code=c&state=\(lateState)"), says: "expired_flow"
      )
    }
  }

  @Test("of callbacks that come at the same moment one is finished")
  func atOnce() async throws {
    let notes = Notes.usual { _, number in
      try await Task.sleep(for: .milliseconds(100))
      return Notes.token(number)
    }
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a")
      let path = "/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))"
      let cookie = browser.cookieHeader
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<12 {
          group.addTask { try await server.send("GET", path, headers: [("Cookie", cookie)]).status }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses.filter { $0 == 200 }.count == 1)
      #expect(notes.seen("/token").count == 1)
    }
  }

  @Test("that a public key alone replaces no connection is told before the browser leaves")
  func exists() async throws {
    try await ServerUnderTest.with([Notes.spec], over: Notes.usual()) { server in
      try await server.connectNotes("a")
      let start = try await Browser(server).open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a")
      #expect(start.status == 409)
      #expect(start.header("Location") == nil)
    }
  }

  @Test("the shared address does what an integration's own does")
  func shared() async throws {
    try await ServerUnderTest.with([Notes.spec], over: Notes.usual()) { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a")
      #expect(
        try await browser.open("/oauth/callback?code=c&state=\(ServerUnderTest.state(start))")
          .status == 200)
    }
  }

  @Test("what guesses, looks ahead or asks for the head changes nothing")
  func speculation() async throws {
    let notes = Notes.usual()
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a")
      let path = "/oauth/callback/notes?code=c&state=\(ServerUnderTest.state(start))"
      #expect(try await browser.open(path, headers: [("Sec-Purpose", "prefetch")]).status == 204)
      #expect(try await browser.open(path, headers: [("Purpose", "prefetch")]).status == 204)
      _ = try await server.send("HEAD", path, headers: [("Cookie", browser.cookieHeader)])
      #expect(notes.seen("/token").isEmpty)
      #expect(try await browser.open(path).status == 200)
    }
  }

  @Test("what a provider posts waits until the browser comes by itself, with its cookie")
  func formPost() async throws {
    let notes = Notes.usual()
    try await ServerUnderTest.with([Notes.spec], over: notes) { server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
      let browser = Browser(server)
      let start = try await browser.open(
        "/oauth/connect/notes?public_key=\(server.publicKey)&connection_id=a")
      let form = "code=c&state=\(ServerUnderTest.state(start))"
      // From another site, so without a cookie.
      let posted = try await Browser(server).post("/oauth/callback/notes", form: form)
      #expect(posted.status == 303)
      let address = try #require(posted.header("Location"))
      #expect(!address.contains("code=") && notes.seen("/token").isEmpty)
      page(try await Browser(server).open(address), says: "other_browser")
      #expect(try await browser.open(address).status == 200)
      page(try await browser.open(address), says: "used_state")
      #expect(try await Browser(server).post("/oauth/callback/notes", form: form).status == 400)
    }
  }

  @Test("a page of ours takes nothing from elsewhere, and tells nobody where it was")
  func pages() async throws {
    try await ServerUnderTest.with([Notes.spec], over: Notes.usual()) { server in
      let page = try await server.send("GET", "/oauth/callback/notes?code=c&state=x")
      let policy = page.header("Content-Security-Policy") ?? ""
      #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"))
      #expect(policy.contains("frame-ancestors 'none'"))
      #expect(page.header("Referrer-Policy") == "no-referrer")
      #expect(page.header("Cache-Control") == "no-store")
      #expect(!page.text.contains("http://") && !page.text.contains("https://"))
    }
  }
}
