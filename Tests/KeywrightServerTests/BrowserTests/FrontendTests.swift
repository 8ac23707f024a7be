import Keywright
import KeywrightDefinition
import Testing

@testable import KeywrightServer

/// Field cases E1 to E5: what goes wrong between an application's page, its window and the server.
@Suite("The frontend SDK in a browser")
struct FrontendTests {
  private typealias Stage = FrontendStage

  private static func isConnected(_ outcome: JSON, _ id: String = "a") -> Bool {
    outcome["connection"]?["connectionId"]?.text == id
      && outcome["connection"]?["providerConfigKey"]?.text == "notes"
  }

  // MARK: E1

  @Test("E1: a provider's page that cuts its window off, and three seconds of typing: it resolves")
  func severed() async throws {
    try await Stage.with(policy: "same-origin") { stage in
      try await stage.open()
      try await Task.sleep(for: .seconds(3))
      try await stage.browser.click("#allow")
      #expect(Self.isConnected(try await stage.outcome()))
      #expect(try await stage.events.contains("closed_hint false"))
    }
  }

  @Test("E1: a window that is really closed is told within five seconds")
  func closed() async throws {
    try await Stage.with { stage in
      try await stage.open()
      try await Task.sleep(for: .seconds(1))
      try await stage.close()
      let outcome = try await stage.outcome(within: .seconds(5))
      #expect(outcome["code"]?.text == "window_closed")
    }
  }

  @Test(
    "E1: a window that was cut off and is closed ends with the flow's time, and says why so late")
  func severedAndClosed() async throws {
    let clock = TestClock()
    try await Stage.with(policy: "same-origin", clock: clock) { stage in
      try await stage.open()
      // Who closes it in the moment in which it comes is told at once.
      try await Task.sleep(for: .seconds(3))
      try await stage.close()
      try await Task.sleep(for: .seconds(6))
      #expect(try await stage.browser.execute("return window.out ?? null") == .null)
      clock.advance(600)
      let outcome = try await stage.outcome()
      #expect(outcome["code"]?.text == "expired_flow")
      #expect(outcome["message"]?.text?.contains("hides whether its window is still open") == true)
    }
  }

  @Test(
    "E1: or by the page's own button, and then no connection comes of it",
    arguments: [nil, "same-origin"])
  func aborted(_ policy: String?) async throws {
    try await Stage.with(policy: policy) { stage in
      try await stage.prepare(
        "() => client().auth('notes', 'a', { signal: (window.ending = new AbortController()).signal })"
      )
      try await stage.open()
      let provider = try await stage.browser.window
      try await stage.goBack()
      try await Task.sleep(for: .seconds(2))
      try await stage.browser.execute("ending.abort()")
      #expect(try await stage.outcome(within: .seconds(5))["code"]?.text == "aborted")
      guard policy != nil else {
        #expect(try await stage.browser.windows.count == 1)
        return
      }
      // The window that was cut off is still there, and its person goes on.
      try await stage.browser.switchTo(window: provider)
      try await stage.browser.click("#allow")
      try await stage.browser.waitForText("was cancelled")
      #expect(try await stage.server.readNotes("a").status == 404)
    }
  }

  // A browser without a screen says that every page has the focus: here a page says who has it with one.

  @Test("E1: a later page that cuts its window off keeps the focus, and is waited for")
  func severedLater() async throws {
    try await Stage.with(later: "same-origin") { stage in
      try await stage.browser.execute("document.hasFocus = () => false")
      try await stage.open()
      try await Task.sleep(for: .seconds(1))
      try await stage.browser.click("#next")
      try await Task.sleep(for: .seconds(5))
      try await stage.browser.click("#allow")
      #expect(Self.isConnected(try await stage.outcome()))
      #expect(try await stage.events.contains("closed_hint false"))
    }
  }

  @Test("E1: who closes a window comes back to the page, and is told within five seconds")
  func focusBack() async throws {
    try await Stage.with { stage in
      try await stage.browser.execute("window.isAway = true; document.hasFocus = () => !isAway")
      try await stage.open()
      try await Task.sleep(for: .seconds(1))
      try await stage.close()
      try await stage.browser.execute("window.isAway = false")
      #expect(try await stage.outcome(within: .seconds(5))["code"]?.text == "window_closed")
      #expect(try await stage.events.contains("closed_hint true"))
    }
  }

  // MARK: E2

  /// A browser that opens windows only in the task of the click.
  private static let strict = """
    const real = window.open.bind(window); let inTask = false; window.opens = []
    window.open = (...given) => (opens.push(inTask), inTask ? real(...given) : null)
    go.addEventListener("click", () => { inTask = true; setTimeout(() => inTask = false) }, { capture: true })
    """

  @Test("E2: the window opens in the task of the click, though the session takes half a second")
  func sameTask() async throws {
    try await Stage.with { stage in
      let made = try await stage.server.backend("POST", "/connect/sessions", "{}")
      let token = try #require(made.json["data"]?["token"]?.text)
      try await stage.browser.execute(Self.strict)
      try await stage.prepare(
        "() => client({ sessionToken: () => new Promise((done) => setTimeout(() => done('\(token)'), 500)) }).auth('notes')"
      )
      try await stage.open()
      try await stage.browser.click("#allow")
      let outcome = try await stage.outcome()
      #expect(outcome["connection"]?["providerConfigKey"]?.text == "notes", "\(outcome)")
      #expect(try await stage.browser.execute("return opens").compactText == "[true]")
    }
  }

  @Test("E2: the window is closed again where no session comes")
  func noSession() async throws {
    try await Stage.with { stage in
      try await stage.prepare(
        "() => client({ sessionToken: async () => { throw new Error('no') } }).auth('notes')")
      try await stage.browser.click("#go")
      #expect(try await stage.outcome()["code"]?.text == "session_token_failed")
      try await stage.browser.waitUntil("one window") { try await stage.browser.windows.count == 1 }
    }
  }

  @Test(
    "E2: a window that is blocked is an error of its own, and a link or another click is the way out"
  )
  func blocked() async throws {
    try await Stage.with { stage in
      try await stage.browser.execute("window.real = window.open; window.open = () => null")
      try await stage.browser.click("#go")
      let outcome = try await stage.outcome()
      #expect(outcome["code"]?.text == "blocked_by_browser")
      #expect(
        outcome["url"]?.text?.hasPrefix("\(stage.server.address)/oauth/connect/notes?") == true)
      try await stage.browser.execute(
        "window.open = real; const { error } = window; window.work = () => error.open()")
      try await stage.open()
      try await stage.browser.click("#allow")
      #expect(Self.isConnected(try await stage.outcome()))
    }
  }

  // MARK: E3

  @Test("E3: no socket is asked for, and requests that a proxy cuts for a while lose nothing")
  func cut() async throws {
    try await Stage.with(policy: "same-origin") { stage in
      try await stage.browser.execute(
        """
        window.sockets = 0; window.cut = 0
        window.WebSocket = class { constructor() { window.sockets++; throw new Error("refused") } }
        const real = window.fetch
        window.fetch = (...given) => cut++ < 4 ? Promise.reject(new TypeError("cut")) : real(...given)
        """)
      try await stage.open()
      try await stage.browser.click("#allow")
      #expect(Self.isConnected(try await stage.outcome()))
      #expect(
        try await stage.browser.execute("return [sockets, cut > 4]").compactText == "[0,true]")
    }
  }

  @Test("a window that tells its end is believed where the server can't be asked")
  func heard() async throws {
    try await Stage.with { stage in
      try await stage.browser.execute("window.fetch = () => Promise.reject(new TypeError('cut'))")
      try await stage.open()
      try await stage.browser.click("#allow")
      #expect(Self.isConnected(try await stage.outcome(within: .seconds(5))))
    }
  }

  // MARK: E4

  @Test(
    "E4: a provider of another site answers by a link or by a form, and the flow's cookie is there",
    arguments: ["#allow", "#post"])
  func cookie(_ answer: String) async throws {
    try await Stage.with { stage in
      try await stage.open()
      try await stage.browser.click(answer)
      #expect(Self.isConnected(try await stage.outcome()))
    }
  }

  @Test("E4: without the cookie the page names cookies as the cause, and the opener hears the code")
  func noCookie() async throws {
    try await Stage.with { stage in
      try await stage.open()
      try await stage.browser.devTools("Network.clearBrowserCookies")
      try await stage.browser.click("#allow")
      try await stage.browser.waitForText("allow cookies")
      #expect(try await stage.outcome()["code"]?.text == "other_browser")
    }
  }

  // MARK: E5

  @Test(
    "E5: each fault of a callback has a readable page, an address without its query, and its code at the opener",
    arguments: [
      ("notes?code=c&state=unknown", "unknown_state"), ("notes?code=c", "missing_state"),
    ])
  func faults(_ path: String, _ code: String) async throws {
    try await Stage.with { stage in
      try await stage.open()
      // Not as if it was typed in: that leaves the page that opened the window.
      try await stage.browser.execute(
        "location.href = arguments[0]", [.string("\(stage.server.address)/oauth/callback/\(path)")])
      try await stage.browser.waitForText(code)
      #expect(try await stage.browser.url == "\(stage.server.address)/oauth/callback/notes")
      #expect(try await stage.outcome()["code"]?.text == code)
    }
  }

  @Test("who declines is told as that; the page stays, and its address holds nothing")
  func declined() async throws {
    try await Stage.with { stage in
      try await stage.open()
      try await stage.browser.click("#decline")
      try await stage.browser.waitForText("You did not allow the connection")
      #expect(try await stage.browser.url == "\(stage.server.address)/oauth/callback/notes")
      #expect(try await stage.outcome()["code"]?.text == "access_denied")
    }
  }

  @Test("a page of another origin than the one that is named hears nothing")
  func exactOrigin() async throws {
    try await Stage.with { stage in
      try await stage.browser.execute(
        """
        window.heard = []
        addEventListener("message", ({ data }) => heard.push(data))
        window.work = () => { window.open(arguments[0]); return Promise.resolve(0) }
        """,
        [
          .string(
            "\(stage.server.address)/oauth/connect/notes?public_key=\(stage.server.publicKey)&connection_id=a&origin=http%3A%2F%2Fother.test"
          )
        ])
      try await stage.open()
      try await stage.browser.click("#allow")
      try await stage.browser.waitForText("Connected to Notes")
      try await stage.goBack()
      try await Task.sleep(for: .milliseconds(500))
      #expect(try await stage.browser.execute("return heard").compactText == "[]")
    }
  }

  // MARK: Whole page

  @Test("the whole page goes and comes back; what was done is known, and the address is clean")
  func redirect() async throws {
    try await Stage.with(host: "localhost") { stage in
      // No parser would write this query so again.
      let query = "?flag&q=a%20b+c&&d"
      try await stage.leaveAndReturn(query)
      #expect(Self.isConnected(try await stage.resume()))
      #expect(try await stage.browser.url == stage.page + query)
      #expect(try await stage.resume().compactText == #"{"connection":null}"#)
      #expect(try await stage.browser.url == stage.page + query)
    }
  }

  @Test("a server that hangs for a while takes nothing from 'resume': the next one knows")
  func resumedLater() async throws {
    try await Stage.with(host: "localhost") { stage in
      try await stage.leaveAndReturn("?tab=1")
      try await stage.hang()
      try await Self.shorten(10_000, stage)
      #expect(try await stage.resume()["code"]?.text == "network_error")
      try await stage.browser.devTools("Fetch.disable")
      #expect(Self.isConnected(try await stage.resume()))
      #expect(try await stage.resume().compactText == #"{"connection":null}"#)
    }
  }

  @Test("who comes back from the provider by the browser's history ends the call")
  func turnedBack() async throws {
    try await Stage.with(host: "localhost") { stage in
      try await stage.allowOrigin()
      try await stage.prepare("() => client().auth('notes', 'a', { mode: 'redirect' })")
      try await stage.browser.execute(
        "addEventListener('pageshow', ({ persisted }) => window.isRestored = persisted)")
      try await stage.browser.click("#go")
      try await stage.browser.waitForText("Notes")
      try await stage.browser.back()
      #expect(try await stage.outcome()["code"]?.text == "turned_back")
      #expect(try await stage.browser.execute("return isRestored") == .boolean(true))
    }
  }

  // MARK: Time and signal

  @Test(
    "a server that hangs keeps no call: it ends by its own time, or by its signal",
    arguments: [("aborted", "660_000"), ("timeout", "1500")])
  func hanging(_ code: String, _ timeout: String) async throws {
    try await Stage.with { stage in
      try await stage.hang()
      try await stage.prepare(
        """
        () => client().auth('notes', 'a',
          { timeout: \(timeout), signal: (window.ending = new AbortController()).signal })
        """)
      try await stage.open()
      try await stage.goBack()
      if code == "aborted" { try await stage.browser.execute("ending.abort()") }
      #expect(try await stage.outcome(within: .seconds(6))["code"]?.text == code)
    }
  }

  @Test(
    "nor does a session that never comes, and no window stays for it",
    arguments: [("aborted", "660_000"), ("timeout", "500")])
  func noSessionEver(_ code: String, _ timeout: String) async throws {
    try await Stage.with { stage in
      try await stage.prepare(
        """
        () => client({ sessionToken: () => new Promise(() => {}) }).auth('notes',
          { timeout: \(timeout), signal: (window.ending = new AbortController()).signal })
        """)
      try await stage.browser.newWindow { try await stage.browser.click("#go") }
      try await stage.goBack()
      if code == "aborted" { try await stage.browser.execute("ending.abort()") }
      #expect(try await stage.outcome(within: .seconds(3))["code"]?.text == code)
      try await stage.browser.waitUntil("one window") { try await stage.browser.windows.count == 1 }
    }
  }

  @Test("the whole page stays where its call is ended before the session comes")
  func abortedBeforeLeaving() async throws {
    try await Stage.with { stage in
      try await stage.prepare(
        """
        () => client({ sessionToken: () => new Promise((done) => window.give = done) }).auth('notes',
          { mode: 'redirect', signal: (window.ending = new AbortController()).signal })
        """)
      try await stage.browser.click("#go")
      try await stage.browser.execute("ending.abort(); give('kw_session')")
      #expect(try await stage.outcome(within: .seconds(3))["code"]?.text == "aborted")
      try await Task.sleep(for: .milliseconds(300))
      #expect(try await stage.browser.url == stage.page)
    }
  }

  @Test("a signal after the whole page began to go keeps it, and no ticket stays behind")
  func abortedWhileLeaving() async throws {
    try await Stage.with(host: "localhost") { stage in
      try await stage.allowOrigin()
      try await stage.hang("/oauth/connect/")
      try await stage.browser.execute(
        """
        window.ending = new AbortController()
        watch(client().auth('notes', 'a', { mode: 'redirect', signal: ending.signal }))
        setTimeout(() => ending.abort(), 300)
        """)
      #expect(try await stage.outcome(within: .seconds(3))["code"]?.text == "aborted")
      #expect(try await stage.resume().compactText == #"{"connection":null}"#)
      #expect(try await stage.browser.url == stage.page)
    }
  }

  // MARK: Without a window

  @Test("a reconnect without a session fails as all else does: the 'error' event tells it")
  func reconnectWithoutSession() async throws {
    try await Stage.with { stage in
      try await stage.browser.execute("watch(client().reconnect('notes'))")
      #expect(try await stage.outcome()["code"]?.text == "invalid_options")
      #expect(try await stage.events == ["error"])
    }
  }

  @Test("what is filled in needs no window")
  func filledIn() async throws {
    try await Stage.with { stage in
      try await stage.server.integrate("machine", provider: "notes", method: "machine")
      try await stage.prepare(
        "() => client().create('machine', 'm', { params: { client_id: 'c' }, credentials: { client_secret: 's' } })"
      )
      try await stage.browser.click("#go")
      #expect(try await stage.outcome()["connection"]?["connectionId"]?.text == "m")
      #expect(try await stage.browser.windows.count == 1)
    }
  }

  @Test(
    "the connect page lies over the app in a frame, is given its session by the exact origin, and closes at Escape"
  )
  func connectUI() async throws {
    try await Stage.with { stage in
      try await stage.browser.execute(
        """
        window.told = []
        window.ui = client({ connectSessionToken: "t" }).openConnectUI({ onEvent: ({ type }) => told.push(type) })
        """)
      let frame = try await stage.browser.find("dialog iframe")
      let address = try await frame.attribute("src") ?? ""
      #expect(
        address.hasPrefix("\(stage.server.address)/connect/embed?origin=http%3A%2F%2Fapp.test"))
      // A message of the page itself is not one of the frame's.
      try await stage.browser.execute("postMessage({ source: 'keywright', type: 'close' }, '*')")
      try await Task.sleep(for: .milliseconds(200))
      #expect(try await stage.browser.execute("return told").compactText == "[]")
      try await stage.browser.press(.escape)
      try await stage.browser.waitUntil("no dialog") {
        try await stage.browser.all("dialog").isEmpty
      }
      #expect(try await stage.browser.execute("return told").compactText == #"["close"]"#)
    }
  }

  /// Makes timers of so many milliseconds ring after one second in the current page.
  private static func shorten(_ time: Int64, _ stage: Stage) async throws {
    try await stage.browser.execute(
      """
      const real = setTimeout, [long] = arguments
      window.setTimeout = (work, time) => real(work, time === long ? 1000 : time)
      """, [.integer(time)])
  }

  /// Opens the connect page's frame in a page that waits a second for it.
  private static func openConnectUI(_ stage: Stage, _ options: String) async throws {
    try await shorten(15_000, stage)
    try await stage.browser.execute(
      """
      window.told = []
      const one = client({ connectSessionToken: "t"\(options) })
      one.addEventListener("error", ({ detail: { code, message, next } }) => window.error = { code, message, next })
      one.openConnectUI({ onEvent: ({ type, code }) => told.push(code ?? type) })
      """)
  }

  @Test("a frame that is refused is an error with the way out, and does not stay as a blank")
  func refusedFrame() async throws {
    try await Stage.with { stage in
      try await Self.openConnectUI(stage, "")
      try await stage.browser.find("dialog iframe")
      try await stage.browser.waitUntil("no dialog") {
        try await stage.browser.all("dialog").isEmpty
      }
      let error = try await stage.browser.execute("return error")
      #expect(error["code"]?.text == "embedding_failed")
      #expect(error["next"]?.text?.contains("'http://app.test") == true)
      #expect(error["next"]?.text?.contains("'allowed_origins'") == true)
      #expect(
        try await stage.browser.execute("return told").compactText
          == #"["embedding_failed","close"]"#)
      #expect(try await stage.events == ["error"])
    }
  }

  @Test("a frame that tells an error is there, and stays: the app hears the server's words")
  func failedFrame() async throws {
    let frame = PageServer.Page(
      body: """
        <!doctype html><title>Connect</title><script>
        parent.postMessage({ source: "keywright", type: "error", code: "session_ended", message: "it ended; next: make another" }, "*")
        </script>
        """)
    try await PageServer.with(["connect/embed": frame]) { port in
      try await Stage.with { stage in
        try await Self.openConnectUI(stage, #", host: "http://localhost:\#(port)""#)
        try await Task.sleep(for: .seconds(1.5))
        #expect(
          try await stage.browser.execute("return error").compactText
            == #"{"code":"session_ended","message":"it ended","next":"make another"}"#)
        #expect(
          try await stage.browser.execute("return told").compactText == #"["session_ended"]"#)
        #expect(try await stage.browser.all("dialog iframe").count == 1)
      }
    }
  }
}
