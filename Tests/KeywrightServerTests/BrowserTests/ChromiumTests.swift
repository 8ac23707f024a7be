import KeywrightDefinition
import Testing

/// What the browser's harness promises to the tests that use it.
@Suite("The browser of the tests")
struct ChromiumTests {
  private static let page = PageServer.Page(
    body: """
      <!doctype html><html lang="en"><head><title>A page</title></head><body>
      <label>Name <input name="name" value="old"></label>
      <label>Colour <select name="colour"><option value="r">Red<option value="g">Green</select></label>
      <button id="say" onclick="out.textContent = document.querySelector('input').value">Say</button>
      <button id="late" onclick="setTimeout(() => out.textContent = 'at last', 300)">Later</button>
      <button id="alert" onclick="setTimeout(() => { alert('Sure?'); out.textContent = 'sure' }, 100)">Ask</button>
      <button id="open" onclick="window.open('/other', 'other', 'width=400,height=500')">Open</button>
      <output id="out"></output></body></html>
      """, headers: [("Set-Cookie", "c1=v1; HttpOnly; SameSite=Lax")])
  private static let other = PageServer.Page(
    body: "<!doctype html><title>Another</title><p id=p>Another page")

  private static func with(
    _ options: Chromium.Options = .init(), _ body: (Chromium, Int) async throws -> Void
  ) async throws {
    try await PageServer.with(["page": page, "other": other]) { port in
      try await Chromium.with(options) { browser in
        try await browser.open("http://127.0.0.1:\(port)/page")
        try await body(browser, port)
      }
    }
  }

  @Test("fields are filled, lists are chosen from, and what comes late is waited for")
  func page() async throws {
    try await Self.with { browser, _ in
      #expect(try await browser.title == "A page")
      try await browser.fill("[name=name]", "Zoë & co")
      try await browser.click("button", saying: "Say")
      #expect(try await browser.find("#out").text == "Zoë & co")
      let list = try await browser.find("select")
      try await list.select("Green")
      #expect(try await list.value == "g")
      #expect(try await list.accessibleName == "Colour")
      try await browser.click("#late")
      try await browser.waitForText("at last")
      #expect(try await browser.all("button", saying: "nothing like that").isEmpty)
      #expect(try await browser.find("#late").attribute("id") == "late")
      #expect(try await browser.find("#late").attribute("none") == nil)
    }
  }

  @Test("keys go where the focus is, backwards too")
  func keys() async throws {
    try await Self.with { browser, _ in
      try await browser.press(.tab)
      try await browser.type("new")
      #expect(try await browser.focused.value == "new")
      try await browser.press(.tab, .tab)
      #expect(try await browser.focused.attribute("id") == "say")
      try await browser.press(.space)
      #expect(try await browser.find("#out").text == "new")
      try await browser.press(.tab, .tab, shift: true)
      #expect(try await browser.focused.attribute("name") == "name")
    }
  }

  @Test("a window that a click opens is found, and left again")
  func windows() async throws {
    try await Self.with { browser, _ in
      let first = try await browser.window
      try await browser.newWindow { try await browser.click("#open") }
      #expect(try await browser.find("#p").text == "Another page")
      try await browser.closeWindow()
      #expect(try await browser.window == first)
      #expect(try await browser.windows == [first])
    }
  }

  @Test("an alert is read and accepted")
  func alert() async throws {
    try await Self.with { browser, _ in
      try await browser.click("#alert")
      #expect(try await browser.acceptAlert() == "Sure?")
      try await browser.waitForText("sure")
    }
  }

  @Test("scripts take and give JSON, at once and later")
  func scripts() async throws {
    try await Self.with { browser, _ in
      let value = JSON.object([.init("a", .array([.integer(1), .null, .string("ü")]))])
      let same = try await browser.execute("return arguments[0]", [value])
      #expect(same == value)
      let later = "setTimeout(() => arguments[1](arguments[0] + 1), 50)"
      let sum = try await browser.executeAsync(later, [.integer(1)])
      #expect(sum == .integer(2))
      await #expect(throws: Chromium.Failure.self) { try await browser.execute("throw 'no'") }
    }
  }

  @Test("cookies are seen with how they were set, and forgotten")
  func cookies() async throws {
    try await Self.with { browser, _ in
      let cookie = try #require(try await browser.cookies.first)
      #expect(cookie.name == "c1" && cookie.value == "v1")
      #expect(cookie.isHTTPOnly && !cookie.isSecure && cookie.sameSite == "Lax")
      try await browser.deleteCookie("c1")
      #expect(try await browser.cookies.isEmpty)
    }
  }

  @Test("any name under .test is this machine, and no other machine is reached")
  func hosts() async throws {
    try await Self.with { browser, port in
      try await browser.open("http://app.example.test:\(port)/other")
      #expect(
        try await browser.execute("return location.host") == .string("app.example.test:\(port)"))
      #expect(try await browser.cookies.isEmpty)
      let failure = await #expect(throws: Chromium.Failure.self) {
        try await browser.open("http://example.com/")
      }
      #expect(failure?.words.contains("ERR_NAME_NOT_RESOLVED") == true, "\(failure as Any)")
    }
  }

  @Test("a frame of another site is gone into and left")
  func frames() async throws {
    try await Self.with { browser, port in
      try await browser.execute(
        "document.body.innerHTML = `<iframe src='http://shop.test:${arguments[0]}/other'></iframe>`",
        [.integer(Int64(port))])
      let text = try await browser.inFrame("iframe") { try await browser.find("#p").text }
      #expect(text == "Another page")
      #expect(try await browser.all("#p").isEmpty)
    }
  }

  @Test("a phone is small, names itself as told, and may be dark")
  func looks() async throws {
    try await Self.with(.init(size: .phone, userAgent: "KeywrightPhone/1")) { browser, port in
      let script = """
        return [screen.width, matchMedia('(prefers-color-scheme: dark)').matches, navigator.userAgent]
        """
      #expect(
        try await browser.execute(script).elements == [
          .integer(360), .boolean(false), .string("KeywrightPhone/1"),
        ])
      try await browser.prefer(dark: true)
      #expect(try await browser.execute(script)[1] == .boolean(true))
      try await browser.resize(.desktop)
      let area = try await browser.execute("return [innerWidth, innerHeight]")
      #expect(area == .array([.integer(1_280), .integer(900)]))
      try await browser.reload()
      #expect(try await browser.execute("return innerWidth") == .integer(1_280))
    }
  }

  @Test("what does not come is told with where it was waited for")
  func missing() async throws {
    try await Self.with { browser, _ in
      let failure = await #expect(throws: Chromium.Failure.self) {
        try await browser.waiting(for: "nothing", within: .milliseconds(200)) { () -> Bool? in nil }
      }
      #expect(failure?.words.hasPrefix("nothing did not come at http://127.0.0.1:") == true)
    }
  }
}
