import Foundation
import HTTPTypes
import Keywright
import KeywrightDefinition
import Testing

@testable import KeywrightServer

/// An application's page that uses the frontend SDK, a server, and a provider with pages of its own: three sites.
struct FrontendStage: Sendable {
  let browser: Chromium
  let server: ServerUnderTest
  /// The application's page.
  let page: String
  /// Its window.
  let window: String

  /// Notes whose pages this machine shows.
  private struct Mapped: Transport {
    let inner: Notes
    let origins: OriginMap

    func send(_ request: HTTPRequest, body: [UInt8]?) async throws(TransportError)
      -> TransportAnswer
    { try await inner.send(request, body: body) }
  }

  private static let consent = """
    <!doctype html><html lang="en"><title>Notes</title><h1>Notes</h1>
    <a id="allow">Allow</a> <a id="decline">Decline</a> <a id="next">Next page</a>
    <form method="post"><input type="hidden" name="code" value="c"><input type="hidden" name="state">
    <button id="post">Allow by a form</button></form>
    <script>
      const asked = new URLSearchParams(location.search), back = asked.get("redirect_uri")
      const answer = (more) => back + "?" + new URLSearchParams({ ...more, state: asked.get("state") })
      allow.href = answer({ code: "c" })
      decline.href = answer({ error: "access_denied" })
      next.href = "/second" + location.search
      document.forms[0].action = back
      document.forms[0].elements.state.value = asked.get("state")
    </script></html>
    """

  private static func app(_ server: ServerUnderTest) -> String {
    """
    <!doctype html><html lang="en"><title>An app</title><button id="go">Connect</button><div id="place"></div>
    <script type="module">
      import { Keywright } from "\(server.address)/keywright.js"
      window.events = []
      window.client = (options = { publicKey: "\(server.publicKey)" }) => {
        const one = new Keywright(options)
        for (const name of ["opened", "closed_hint", "connect", "error"])
          one.addEventListener(name, ({ detail }) => events.push(detail?.isCertain === undefined ? name : `${name} ${detail.isCertain}`))
        return one
      }
      window.watch = (promise) => promise.then(
        (connection) => { window.out = { connection } },
        (error) => { window.error = error; window.out = { code: error.code, message: error.message, url: error.url } })
      window.work = () => client().auth("notes", "a")
      go.onclick = () => { window.out = null; window.error = null; watch(work()) }
      window.isReady = true
    </script></html>
    """
  }

  /// - Parameters:
  ///   - policy: what the provider's page says as its `Cross-Origin-Opener-Policy`.
  ///   - later: what its second page says.
  ///   - host: the application's.
  static func with(
    policy: String? = nil, later: String? = nil, host: String = "app.test",
    clock: TestClock = TestClock(),
    _ body: (FrontendStage) async throws -> Void
  ) async throws {
    let pages = ["authorize": policy, "second": later].mapValues { policy in
      let headers = policy.map { [(name: "Cross-Origin-Opener-Policy", value: $0)] } ?? []
      return PageServer.Page(body: consent, headers: headers)
    }
    try await PageServer.with(pages) { provider in
      let transport = Mapped(
        inner: .usual(),
        origins: try OriginMap(["https://notes.example.net": "http://localhost:\(provider)"]))
      try await ServerUnderTest.with(
        [Notes.spec], over: transport, port: ServerProcess.freePort(), clock: clock
      ) { server in
        try await server.integrate("notes", provider: "notes", method: "oauth", Notes.client)
        try await PageServer.with(["app": .init(body: app(server))]) { port in
          try await Chromium.with { browser in
            let page = "http://\(host):\(port)/app"
            try await browser.open(page)
            let stage = FrontendStage(
              browser: browser, server: server, page: page, window: try await browser.window)
            try await stage.ready()
            try await body(stage)
          }
        }
      }
    }
  }

  /// Waits until the page has loaded the SDK.
  func ready() async throws {
    try await browser.waitUntil("the SDK") {
      try await browser.execute("return window.isReady === true").truth == true
    }
  }

  /// Says what the button does.
  func prepare(_ script: String) async throws {
    try await browser.execute("window.work = \(script)")
  }

  /// Presses the button, and goes to the provider's page in the window that it opens.
  func open() async throws {
    try await browser.newWindow { try await browser.click("#go") }
    try await browser.waitForText("Notes")
  }

  /// Lets no answer come to what the current window asks the server, from now on.
  /// - Parameter path: that of the requests; for how it ended, unless said.
  func hang(_ path: String = "/oauth/result") async throws {
    let pattern = JSON.texts(["urlPattern": "*\(path)*"])
    try await browser.devTools("Fetch.enable", [.init("patterns", .array([pattern]))])
  }

  /// Names the application's origin in the environment.
  func allowOrigin() async throws {
    var change = Environments.Change()
    change.allowedOrigins = [String(page.dropLast("/app".count))]
    _ = try await server.broker.environments.change("dev", change)
  }

  /// Goes to the provider and back in the window of the application's page, which had a query.
  func leaveAndReturn(_ query: String) async throws {
    try await allowOrigin()
    try await browser.open(page + query)
    try await ready()
    try await prepare("() => client().auth('notes', 'a', { mode: 'redirect' })")
    try await browser.click("#go")
    try await browser.click("#allow")
    try await browser.waitUntil("the app") {
      try await browser.url.hasPrefix("\(page)\(query)&keywright_state=success")
    }
    try await ready()
  }

  /// Calls `resume`.
  func resume() async throws -> JSON {
    try await browser.execute("window.out = null; watch(client().resume())")
    return try await outcome()
  }

  func goBack() async throws { try await browser.switchTo(window: window) }

  /// Closes the window in which the provider is.
  func close() async throws {
    try await browser.closeWindow()
    try await goBack()
  }

  /// What the call came to, in the application's window.
  func outcome(within patience: Duration = Chromium.patience) async throws -> JSON {
    try await goBack()
    return try await browser.waiting(for: "the end of the call", within: patience) {
      let out = try await browser.execute("return window.out")
      return out == .null ? nil : out
    }
  }

  var events: [String] {
    get async throws { try await browser.execute("return events").textList ?? [] }
  }
}
