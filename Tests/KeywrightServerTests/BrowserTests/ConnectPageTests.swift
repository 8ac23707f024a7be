import Foundation
import KeywrightDefinition
import Testing

/// The connect page: in a frame of an application, and behind a link.
@Suite("The connect page")
struct ConnectPageTests {
  /// A page that embeds the connect page of a session.
  private static func app(_ desk: Desk, _ token: String) -> PageServer.Page {
    .init(
      body: """
        <!doctype html><html lang="en"><head><title>My app</title><link rel="icon" href="data:,"></head>
        <body><button id="open">Connect an account</button><output id="events"></output>
        <script type="module">
        import { Keywright } from "\(desk.address)/keywright.js";
        const keywright = new Keywright({ connectSessionToken: "\(token)" });
        document.getElementById("open").onclick = () => keywright.openConnectUI({
          onEvent: (event) => events.append(`${event.type} ${event.code ?? event.providerConfigKey ?? ""};`),
        });
        </script></body></html>
        """)
  }

  private static func session(_ desk: Desk, _ wish: String = "{}") async throws -> String {
    let made = try await desk.backend("POST", "/connect/sessions", wish)
    return try #require(made.json["data"]?["token"]?.text, "\(made.text)")
  }

  private static func allow(_ origin: String, _ desk: Desk) async throws {
    try await desk.browser.open(desk.home + "/settings")
    try await desk.browser.fill("#origins", origin)
    try await desk.press("Save the origins")
    try await desk.browser.find("[role=status]", saying: "Saved.")
  }

  @Test("an application that the environment names embeds it: choose, fill in, consent, done")
  func embedded() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("zendesk", Desk.client)
      try await desk.integrate("openai")
      let token = try await Self.session(desk)
      try await PageServer.with(["app": Self.app(desk, token)]) { port in
        let address = "http://localhost:\(port)"
        try await Self.allow(address, desk)
        try await browser.open(address + "/app")
        let app = try await browser.window
        try await browser.click("#open")
        try await browser.inFrame("dialog iframe") {
          try await browser.find("h1", saying: "What do you want to connect?")
          #expect(try await Axe.violations(in: browser) == [])
          try await desk.press("Zendesk")
          try await browser.fill("[name=subdomain]", "acme")
          #expect(try await Axe.violations(in: browser) == [])
        }
        func leave() async throws {
          try await browser.newWindow {
            try await browser.inFrame("dialog iframe") { try await desk.press("Connect") }
          }
        }
        // No is told in words, and can be thought over.
        try await leave()
        try await browser.click("button", saying: "Decline")
        try await browser.find("h1", saying: "You did not allow the connection")
        try await browser.find("button", saying: "Close the window")
        // It stays open, and is in nobody's way.
        try await browser.switchTo(window: app)
        try await browser.inFrame("dialog iframe") {
          try await browser.find("#problem", saying: "You did not allow the connection")
        }
        try await leave()
        try await browser.click("button", saying: "Allow")
        try await browser.switchTo(window: app)
        try await browser.find("#events", saying: "connect zendesk;")
        try await browser.inFrame("dialog iframe") {
          try await browser.find("#connected h1", saying: "Connected to Zendesk")
          #expect(try await Axe.violations(in: browser) == [])
          try await desk.press("Done")
        }
        try await browser.find("#events", saying: "close")
        #expect(try await browser.all("dialog").isEmpty)
        #expect(
          try await browser.find("#events").text
            == "ready ;error access_denied;connect zendesk;close ;")
      }
      #expect(try await desk.connection()?["provider_config_key"]?.text == "zendesk")
    }
  }

  @Test("a page that the environment does not name can't embed it")
  func foreign() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("openai")
      let token = try await Self.session(desk)
      try await Self.allow("https://app.example.com", desk)
      try await PageServer.with(["app": Self.app(desk, token)]) { port in
        for address in ["http://localhost:\(port)", "http://app.example.test:\(port)"] {
          try await browser.open(address + "/app")
          try await browser.click("#open")
          try await browser.find("dialog iframe")
          try await Task.sleep(for: .milliseconds(500))
          #expect(try await browser.find("#events").text == "")
        }
      }
      // Nor by a session in its own hand.
      let posted = try await ServerUnderTest.send(
        "POST", desk.address + "/connect",
        "kw_session=\(token)&kw_origin=\(Encoding.percent("https://evil.test"))&kw_do=show",
        headers: [("Content-Type", "application/x-www-form-urlencoded")])
      #expect(posted.status == 403)
      #expect(
        posted.header("Content-Security-Policy")?.contains("frame-ancestors 'none'") == true)
    }
  }

  @Test("a frame whose session has ended says so, to the person and to the page around it")
  func ended() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("openai")
      let token = try await Self.session(desk)
      _ = try await ServerUnderTest.send(
        "DELETE", desk.address + "/connect/session", headers: [("Authorization", "Bearer \(token)")]
      )
      try await PageServer.with(["app": Self.app(desk, token)]) { port in
        try await Self.allow("http://localhost:\(port)", desk)
        try await browser.open("http://localhost:\(port)/app")
        try await browser.click("#open")
        try await browser.find("#events", saying: "error used_connect_session_token")
        try await browser.inFrame("dialog iframe") {
          try await browser.find("h1", saying: "This link was used already")
          #expect(try await Axe.violations(in: browser) == [])
          try await desk.press("Close")
        }
        try await browser.find("#events", saying: "close")
      }
    }
  }

  @Test(
    "a session that ends while the form is open is told to the page that waits; another one can be chosen after a try"
  )
  func endedMeanwhile() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("zendesk", Desk.client)
      try await desk.integrate("openai")
      let token = try await Self.session(desk)
      try await browser.open("\(desk.address)/connect?session_token=\(token)")
      let page = try await browser.window
      try await desk.press("Zendesk")
      try await browser.fill("[name=subdomain]", "acme")
      try await browser.newWindow { try await desk.press("Connect") }
      try await browser.switchTo(window: page)
      try await desk.press("Cancel")
      try await browser.find("#problem", saying: "The connection was cancelled")
      // In this page, not in the window of the try.
      try await desk.press("Another one")
      try await browser.find("h1", saying: "What do you want to connect?")
      try await desk.press("Zendesk")
      try await browser.fill("[name=subdomain]", "acme")
      _ = try await ServerUnderTest.send(
        "DELETE", desk.address + "/connect/session", headers: [("Authorization", "Bearer \(token)")]
      )
      try await desk.press("Connect")
      try await browser.find("#problem", saying: "This link was used already")
    }
  }

  @Test("an SDK that names no origin, as Nango's, is told the same in its own words")
  func published() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("openai")
      let token = try await Self.session(desk)
      let page = PageServer.Page(
        body: """
          <!doctype html><html lang="en"><head><title>My app</title><link rel="icon" href="data:,"></head>
          <body><output id="events"></output>
          <iframe src="\(desk.address)/connect/?apiURL=\(Encoding.percent(desk.address))" width="600" height="600"></iframe>
          <script>
          addEventListener("message", (event) => {
            if (event.origin !== "\(desk.address)" || !event.data?.type) return;
            const { type, payload } = event.data;
            events.append(`${type} ${payload?.providerConfigKey ?? ""};`);
            if (type === "ready") document.querySelector("iframe").contentWindow.postMessage({ type: "session_token", sessionToken: "\(token)" }, "*");
          });
          </script></body></html>
          """)
      try await PageServer.with(["app": page]) { port in
        // Not before the environment names it.
        try await browser.open("http://localhost:\(port)/app")
        try await Task.sleep(for: .milliseconds(300))
        #expect(try await browser.find("#events").text == "")
        try await Self.allow("http://localhost:\(port)", desk)
        try await browser.open("http://localhost:\(port)/app")
        try await browser.find("#events", saying: "ready")
        try await browser.inFrame("iframe") {
          try await browser.fill("[name=api_key]", "sk-any")
          try await desk.press("Connect")
        }
        try await browser.find("#events", saying: "connect openai;")
      }
    }
  }

  @Test("behind a link: the provider's window opens in the click, and the page waits for it")
  func link() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("zendesk", Desk.client)
      let token = try await Self.session(desk, #"{"allowed_integrations":["zendesk"]}"#)
      try await browser.open("\(desk.address)/connect?session_token=\(token)")
      try await browser.audit("connect-form")
      let page = try await browser.window
      // What is marked as wrong opens no window.
      try await browser.fill("[name=subdomain]", "evil.com/")
      try await browser.find("#e-subdomain", saying: "label")
      try await desk.press("Connect")
      #expect(try await browser.focused.attribute("name") == "subdomain")
      #expect(try await browser.windows == [page])
      try await browser.fill("[name=subdomain]", "acme")
      try await browser.find("#h-subdomain", saying: "https://acme")
      try await browser.newWindow { try await browser.press(.enter) }
      try await browser.switchTo(window: page)
      try await browser.find("#waiting", saying: "Go on in the window of Zendesk")
      try await browser.audit("connect-waiting")
      // Who turns back goes on here, and the window's end makes no connection.
      try await desk.press("Cancel")
      try await browser.find("#problem", saying: "The connection was cancelled")
      try await browser.newWindow { try await desk.press("Connect") }
      try await browser.click("button", saying: "Allow")
      try await browser.switchTo(window: page)
      try await browser.find("#connected h1", saying: "Connected to Zendesk")
      try await browser.audit("connect-done")
    }
  }

  @Test(
    "E6: in an app's own browser the page says so, with a link to take elsewhere",
    arguments: [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Instagram 340.0.0",
      "Mozilla/5.0 (Linux; Android 15) Mobile Safari/537.36 [FBAN/EMA;FBAV/440.0.0]",
    ])
  func inApp(_ agent: String) async throws {
    try await Desk.with(in: .init(userAgent: agent)) { desk in
      try await desk.integrate("zendesk", Desk.client)
      let token = try await Self.session(desk, #"{"allowed_integrations":["zendesk"]}"#)
      let address = "\(desk.address)/connect?session_token=\(token)"
      try await desk.browser.open(address)
      #expect(try await desk.browser.find(".warning").text.contains("app's own browser"))
      #expect(try await desk.browser.find("#page-link").text == address)
      try await desk.browser.audit("connect-in-app")
    }
  }
}
