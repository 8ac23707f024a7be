import Foundation
import Keywright
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// What the dashboard lets in, and what it does not.
@Suite("The dashboard")
struct DashboardTests {
  static let password = "correct horse battery staple"

  private static func with(
    publicURL: String? = nil, _ body: (ServerUnderTest, Browser) async throws -> Void
  ) async throws {
    try await ServerUnderTest.with(over: FirstConnectionTests.zendesk(), publicURL: publicURL) {
      server in
      try await server.broker.administrator.setPassword(password)
      try await body(server, Browser(server))
    }
  }

  private static func logIn(_ browser: Browser, next: String = "") async throws
    -> ServerUnderTest.Answer
  {
    try await browser.post(
      "/login", form: "password=\(Encoding.percent(password))&next=\(Encoding.percent(next))")
  }

  /// What a page's forms carry.
  private static func mark(_ browser: Browser, _ page: String = "/dashboard/dev/settings")
    async throws -> String
  {
    let text = try await browser.open(page).text
    return String(
      try #require(text.firstMatch(of: #/name="csrf" value="([0-9a-f]+)"/#), "\(text)").1)
  }

  @Test(
    "no page of an environment is shown to who is not logged in, and no form of one counts",
    arguments: [
      "integrations", "integrations/zendesk", "new", "new/zendesk", "connections",
      "connections/zendesk/c1", "activity", "activity/1", "settings",
    ])
  func strangers(_ page: String) async throws {
    try await Self.with { server, browser in
      let answer = try await browser.open("/dashboard/dev/\(page)")
      #expect(answer.status == 303)
      #expect(
        answer.header("Location") == "/login?next=" + Encoding.percent("/dashboard/dev/\(page)"))
      let posted = try await browser.post("/dashboard/dev/settings/key", form: "name=x")
      #expect(posted.status == 303 && posted.header("Location") == "/login")
      let environment = try await server.broker.environments.named("dev")
      #expect(try await server.broker.environments.keys(of: environment).count == 1)
    }
  }

  @Test("a log-in is a cookie that scripts can't read and other sites' forms don't send; it ends")
  func cookie() async throws {
    try await Self.with { server, browser in
      let wrong = try await browser.post("/login", form: "password=wrong")
      #expect(wrong.status == 401 && wrong.all("Set-Cookie").isEmpty)
      let right = try await Self.logIn(browser)
      let cookie = try #require(right.header("Set-Cookie"))
      // Browsers give servers of one machine the same cookies, whatever their ports.
      #expect(cookie.hasPrefix("kw_admin_3003="))
      for part in ["HttpOnly", "SameSite=Lax", "Path=/;", "Max-Age=43200"] {
        #expect(cookie.contains(part), "\(cookie)")
      }
      #expect(try await browser.open("/dashboard/dev/settings").status == 200)
      server.clock.advance(12 * 3_600)
      #expect(try await browser.open("/dashboard/dev/settings").status == 303)
      _ = try await Self.logIn(browser)
      let mark = try await Self.mark(browser)
      let out = try await browser.post("/logout", form: "csrf=\(mark)")
      #expect(out.header("Set-Cookie")?.contains("Max-Age=0") == true)
      #expect(browser.cookieHeader.isEmpty)
    }
  }

  @Test("behind https the cookie goes over https alone, and below the public URL's path alone")
  func secureCookie() async throws {
    try await Self.with(publicURL: "https://connect.example.com/kw") { _, browser in
      let cookie = try await browser.post(
        "/kw/login", form: "password=\(Encoding.percent(Self.password))"
      ).header("Set-Cookie")
      #expect(cookie?.contains("; Secure") == true && cookie?.contains("Path=/kw;") == true)
    }
  }

  @Test(
    "a form counts only with the mark of this log-in, and from a page of this server",
    arguments: [
      ("", [("Origin", "http://127.0.0.1:3003")]), ("csrf=0", []), ("csrf=", []),
      ("csrf=MINE", [("Sec-Fetch-Site", "cross-site")]),
      ("csrf=MINE", [("Sec-Fetch-Site", "same-site")]),
    ])
  func foreignForms(_ form: String, _ headers: [(String, String)]) async throws {
    try await Self.with { server, browser in
      _ = try await Self.logIn(browser)
      let mark = try await Self.mark(browser)
      let cookie = browser.cookieHeader
      func send(_ form: String, _ headers: [(String, String)]) async throws -> Int {
        try await server.send(
          "POST", "/dashboard/dev/settings/retention", form + "&retention_days=3",
          headers: headers + [
            ("Cookie", cookie), ("Content-Type", "application/x-www-form-urlencoded"),
          ]
        ).status
      }
      #expect(try await send(form.replacing("MINE", with: mark), headers) == 403)
      #expect(try await server.broker.environments.named("dev").retentionDays == 15)
      #expect(try await send("csrf=\(mark)", [("Sec-Fetch-Site", "same-origin")]) == 303)
      #expect(try await server.broker.environments.named("dev").retentionDays == 3)
      // Another log-in's mark is no mark of this one.
      let other = Browser(server)
      _ = try await Self.logIn(other)
      let foreign = try await Self.mark(other)
      #expect(try await send("csrf=\(foreign)", []) == 403)
    }
  }

  @Test(
    "a log-in leads to a page of the dashboard, and nowhere else",
    arguments: [
      ("/dashboard/dev/activity", "/dashboard/dev/activity"), ("", "/dashboard"),
      ("//evil.test/dashboard/", "/dashboard"), ("https://evil.test/", "/dashboard"),
      ("/\\evil.test", "/dashboard"), ("/dashboard/\\..\\evil", "/dashboard"),
      ("/dashboard/dev\r\nX-Evil: 1", "/dashboard"), ("/oauth/connect/zendesk", "/dashboard"),
    ])
  func next(_ given: String, _ wanted: String) async throws {
    try await Self.with { _, browser in
      let answer = try await Self.logIn(browser, next: given)
      #expect(answer.status == 303 && answer.header("Location") == wanted)
      #expect(answer.header("X-Evil") == nil)
    }
  }

  @Test("passwords can't be tried without end")
  func guesses() async throws {
    try await ServerUnderTest.with(over: FirstConnectionTests.zendesk(), rateLimit: 5) { server in
      try await server.broker.administrator.setPassword(Self.password)
      var statuses: [Int] = []
      for _ in 0..<7 {
        statuses.append(try await Browser(server).post("/login", form: "password=wrong").status)
      }
      #expect(statuses == [401, 401, 401, 401, 401, 429, 429])
    }
  }

  @Test("every page has a policy that lets nothing in from elsewhere, and is in no frame of others")
  func policy() async throws {
    try await Self.with { server, browser in
      try await server.integrate("zendesk", provider: "zendesk", FirstConnectionTests.client)
      _ = try await Self.logIn(browser)
      for path in [
        "/login", "/dashboard/dev/integrations", "/dashboard/dev/integrations/zendesk",
        "/dashboard/dev/new", "/dashboard/dev/new/zendesk", "/dashboard/dev/connections",
        "/dashboard/dev/activity", "/dashboard/dev/settings", "/dashboard/dev/integrations/none",
        "/dashboard/none/settings", "/connect", "/oauth/callback",
      ] {
        let answer = try await browser.open(path)
        let policy = try #require(answer.header("Content-Security-Policy"), "\(path)")
        #expect(
          policy.hasPrefix("default-src 'none'; style-src 'self'; script-src 'self'"), "\(path)")
        #expect(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "\(path)")
        #expect(answer.header("Cache-Control") == "no-store", "\(path)")
        #expect(answer.header("Referrer-Policy") == "no-referrer", "\(path)")
        #expect(!answer.text.contains("style=\"") && !answer.text.contains("<style"), "\(path)")
        #expect(!answer.text.contains("onclick"), "\(path)")
      }
    }
  }

  @Test("what people and providers say is shown as text, whatever is in it")
  func escaping() async throws {
    try await Self.with { server, browser in
      try await server.integrate("zendesk", provider: "zendesk", FirstConnectionTests.client)
      _ = try await Self.logIn(browser)
      let evil = "<script>alert(1)</script>"
      let changed = try await server.backend(
        "PATCH", "/integrations/zendesk",
        JSON.object([.init("display_name", .string(evil))]).compactText)
      #expect(changed.status == 200)
      for path in [
        "/dashboard/dev/integrations", "/dashboard/dev/integrations/zendesk",
        "/dashboard/dev/new?search=\(Encoding.percent(evil))",
        "/dashboard/dev/activity?search=\(Encoding.percent(evil))",
        "/dashboard/dev/integrations/\(Encoding.percent(evil))",
        "/login?next=\(Encoding.percent("\"><script>alert(1)</script>"))",
      ] {
        let text = try await browser.open(path).text
        #expect(!text.contains(evil), "\(path)")
      }
    }
  }

  @Test("an environment's pages show what is its own alone")
  func environments() async throws {
    try await Self.with { server, browser in
      try await server.integrate("zendesk", provider: "zendesk", FirstConnectionTests.client)
      _ = try await server.broker.environments.create("prod")
      _ = try await Self.logIn(browser)
      #expect(try await browser.open("/dashboard/prod/integrations/zendesk").status == 404)
      #expect(
        try await !browser.open("/dashboard/prod/integrations").text.contains(
          "integrations/zendesk"))
      let mark = try await Self.mark(browser)
      let deleted = try await browser.post(
        "/dashboard/prod/integrations/zendesk/delete", form: "csrf=\(mark)")
      #expect(deleted.status == 404)
      #expect(try await server.backend("GET", "/integrations/zendesk").status == 200)
    }
  }

  @Test("this machine's other names lead to the one that providers send browsers to")
  func names() async throws {
    try await ServerUnderTest.with(
      over: FirstConnectionTests.zendesk(), port: ServerProcess.freePort()
    ) { server in
      let port = try #require(server.address.split(separator: ":").last)
      let answer = try await ServerUnderTest.send(
        "GET", "http://localhost:\(port)/dashboard/dev/new")
      #expect(answer.status == 307)
      #expect(answer.header("Location") == server.address + "/dashboard/dev/new")
    }
  }

  @Test(
    "where only a form leads, an address that is opened again leads to the page it belongs to",
    arguments: [
      ("settings/key", "settings"), ("settings/origins", "settings"),
      ("connections/zendesk/c1/reveal", "connections/zendesk/c1"),
      ("integrations/zendesk/delete", "integrations/zendesk"),
    ])
  func again(_ form: String, _ page: String) async throws {
    try await Self.with { _, browser in
      let answer = try await browser.open("/dashboard/dev/\(form)")
      #expect(answer.status == 303 && answer.header("Location") == "/dashboard/dev/\(page)")
    }
    // Behind a proxy that takes the public URL's path away.
    try await Self.with(publicURL: "https://connect.example.com/kw") { _, browser in
      let answer = try await browser.open("/dashboard/dev/\(form)")
      #expect(answer.header("Location") == "/kw/dashboard/dev/\(page)")
    }
  }

  @Test("no other site can log somebody out")
  func foreignLogOut() async throws {
    try await Self.with { _, browser in
      _ = try await Self.logIn(browser)
      let mark = try await Self.mark(browser)
      for form in ["", "csrf=0"] {
        let answer = try await browser.post("/logout", form: form)
        #expect(answer.all("Set-Cookie").isEmpty)
        #expect(try await browser.open("/dashboard/dev/settings").status == 200)
      }
      _ = try await browser.post("/logout", form: "csrf=\(mark)")
      #expect(try await browser.open("/dashboard/dev/settings").status == 303)
    }
  }

  @Test("an integration whose spec is gone can be looked at and deleted")
  func gone() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-gone-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await ServerUnderTest.with([Notes.spec], over: Notes.usual(), folder: folder) {
      server in
      try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
    }
    try await ServerUnderTest.with(
      over: Notes.usual(), port: ServerProcess.freePort(), folder: folder
    ) { server in
      try await server.broker.administrator.setPassword(Self.password)
      try await Chromium.with { chromium in
        try await chromium.open(server.address + "/dashboard/dev/integrations")
        try await chromium.fill("#password", Self.password)
        try await chromium.click("button", saying: "Log in")
        try await chromium.find("h1", saying: "Integrations")
        try await chromium.audit("integrations-gone")
        try await chromium.open(server.address + "/dashboard/dev/integrations/notes")
        try await chromium.audit("integration-gone")
      }
      let browser = Browser(server)
      _ = try await Self.logIn(browser)
      let list = try await browser.open("/dashboard/dev/integrations")
      #expect(list.text.contains("no longer known") && !list.text.contains(">ready<"))
      let page = try await browser.open("/dashboard/dev/integrations/notes")
      #expect(page.status == 200 && page.text.contains("--specs"))
      let mark = try await Self.mark(browser)
      let deleted = try await browser.post(
        "/dashboard/dev/integrations/notes/delete", form: "csrf=\(mark)")
      #expect(deleted.status == 303)
      #expect(try await server.backend("GET", "/integrations/notes").status == 404)
    }
  }

  @Test(
    "a connection's name is one that an address can hold",
    arguments: [".", "..", "metadata", "a:b"])
  func names(_ id: String) async throws {
    try await Self.with { server, _ in
      try await server.integrate("openai", provider: "openai")
      let answer = try await server.send(
        "POST",
        "/api-auth/api-key/openai?public_key=\(server.publicKey)&connection_id=\(Encoding.percent(id))",
        #"{"apiKey":"sk"}"#)
      #expect(answer.status == 400 && answer.code == "invalid_connection_id")
    }
  }

  @Test(
    "a deletion that nobody wants costs the store nothing: refused tickets are kept in memory, and bounded"
  )
  func tickets() throws {
    let refused = RefusedTickets()
    func ticket(_ number: Int) throws -> Ticket {
      try Ticket("ticket-number-" + String(1_000_000_000 + number))
    }
    for number in 0..<50_000 {
      refused.add(try ticket(number), .init(told: .object([]), environment: nil))
    }
    #expect(refused.refusal(try ticket(0)) == nil)
    #expect(refused.refusal(try ticket(49_999)) != nil)
  }
}
