import Foundation
import KeywrightDefinition

/// A page of somebody's app, on an origin of its own, with the frontend SDK.
struct AppPage {
  let desk: Desk
  let port: Int
  var browser: Chromium { desk.browser }
  var address: String { "http://127.0.0.1:\(port)" }

  /// Serves the page while some work is done.
  /// - Parameter call: what its button does, in JavaScript; it has `keywright`, and `hmac` out of a field.
  static func with(
    _ desk: Desk, calling call: String, _ body: (AppPage) async throws -> Void
  ) async throws {
    let page = PageServer.Page(
      body: """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>My app</title>
        <link rel="icon" href="data:,"></head><body><main><h1>My app</h1>
        <label>HMAC <input id="hmac"></label> <button id="connect">Connect</button> <output id="result"></output></main>
        <script type="module">
        import { Keywright } from "\(desk.address)/keywright.js";
        const keywright = new Keywright({ publicKey: "\(try desk.publicKey())" });
        const result = document.getElementById("result");
        document.getElementById("connect").onclick = async () => {
          const hmac = document.getElementById("hmac").value || undefined;
          result.textContent = "waiting";
          try {
            const { connectionId } = await (\(call));
            result.textContent = `connected ${connectionId}`;
          } catch (error) {
            result.textContent = `${error.code}: ${error.message}`;
          }
        };
        </script></body></html>
        """)
    try await PageServer.with(["app": page]) { port in
      let app = AppPage(desk: desk, port: port)
      try await app.browser.open("\(app.address)/app")
      try await body(app)
    }
  }

  /// Presses the button, and consents in the window that opens.
  func connect() async throws {
    let here = try await browser.window
    try await browser.newWindow { try await browser.click("#connect") }
    try await browser.click("button", saying: "Allow")
    try await browser.switchTo(window: here)
  }

  /// Waits for what the promise brought.
  func result(_ text: String) async throws {
    try await browser.find("#result", saying: text)
  }
}
