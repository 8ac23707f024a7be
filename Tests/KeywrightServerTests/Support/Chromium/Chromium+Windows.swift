import KeywrightDefinition

/// Windows, frames, alerts and cookies.
extension Chromium {
  /// The window that commands go to.
  var window: String { get async throws { try await command("GET", "/window").text ?? "" } }

  /// All that are open.
  var windows: [String] {
    get async throws { try await command("GET", "/window/handles").textList ?? [] }
  }

  func switchTo(window: String) async throws {
    try await command("POST", "/window", .texts(["handle": window]))
  }

  /// Waits for the window that some work opens, and switches to it.
  /// - Returns: the window.
  @discardableResult
  func newWindow(by work: () async throws -> Void) async throws -> String {
    let known = try await windows
    try await work()
    let window = try await waiting(for: "a new window") {
      try await windows.first { !known.contains($0) }
    }
    try await switchTo(window: window)
    return window
  }

  /// Closes the current window, and goes to one that is left.
  func closeWindow() async throws {
    if let left = try await command("DELETE", "/window").textList?.first {
      try await switchTo(window: left)
    }
  }

  // MARK: Frames

  /// Goes into the frame that a selector finds, does some work in it, and comes back to the page around all frames.
  func inFrame<Result>(_ css: String, _ work: () async throws -> Result) async throws -> Result {
    let frame = try await find(css)
    try await command("POST", "/frame", .object([.init("id", frame.json)]))
    do {
      let result = try await work()
      try await leaveFrames()
      return result
    } catch {
      try? await leaveFrames()
      throw error
    }
  }

  private func leaveFrames() async throws {
    try await command("POST", "/frame", .object([.init("id", .null)]))
  }

  // MARK: Alerts

  /// Accepts the alert that is shown or comes.
  /// - Returns: what it said.
  @discardableResult
  func acceptAlert() async throws -> String {
    let text = try await waiting(for: "an alert") { try await command("GET", "/alert/text").text }
    try await command("POST", "/alert/accept")
    return text
  }

  // MARK: Cookies

  /// A cookie of the current page's site.
  struct Cookie: Sendable {
    let name: String
    let value: String
    let isHTTPOnly: Bool
    let isSecure: Bool
    let sameSite: String?
    let path: String
  }

  var cookies: [Cookie] {
    get async throws {
      (try await command("GET", "/cookie").elements ?? []).map {
        Cookie(
          name: $0["name"]?.text ?? "", value: $0["value"]?.text ?? "",
          isHTTPOnly: $0["httpOnly"]?.truth ?? false, isSecure: $0["secure"]?.truth ?? false,
          sameSite: $0["sameSite"]?.text, path: $0["path"]?.text ?? "")
      }
    }
  }

  func deleteCookies() async throws { try await command("DELETE", "/cookie") }

  func deleteCookie(_ name: String) async throws { try await command("DELETE", "/cookie/\(name)") }
}
