import KeywrightDefinition

/// What a person does with a page.
extension Chromium {
  /// Goes to a URL, and waits until it is loaded.
  func open(_ url: String) async throws {
    try await command("POST", "/url", .texts(["url": url]))
  }

  func reload() async throws { try await command("POST", "/refresh") }

  func back() async throws { try await command("POST", "/back") }

  var url: String { get async throws { try await command("GET", "/url").text ?? "" } }

  var title: String { get async throws { try await command("GET", "/title").text ?? "" } }

  // MARK: Elements

  /// The first element of a CSS selector, of those that show some text if that is given. Waits for it.
  func find(_ css: String, saying text: String? = nil) async throws -> Element {
    try await waiting(for: "'\(css)'" + (text.map { " saying '\($0)'" } ?? "")) {
      try await all(css, saying: text).first
    }
  }

  /// The elements that there are now.
  func all(_ css: String, saying text: String? = nil) async throws -> [Element] {
    let script = """
      const [css, text] = arguments
      return [...document.querySelectorAll(css)].filter(
        (one) => text === null || (one.innerText ?? one.textContent).includes(text))
      """
    let found = try await execute(script, [.string(css), text.map { .string($0) } ?? .null])
    return (found.elements ?? []).compactMap { Element(self, $0) }
  }

  /// Waits until the page shows some text.
  func waitForText(_ text: String) async throws {
    try await waitUntil("the text '\(text)'") { try await self.text.contains(text) }
  }

  /// All text that the page shows.
  var text: String {
    get async throws {
      try await execute("return document.body?.innerText ?? ''").text ?? ""
    }
  }

  /// Clicks what a selector finds, as soon as it is there and nothing lies over it.
  func click(_ css: String, saying text: String? = nil) async throws {
    try await waiting(for: "a click at '\(css)'") { () -> Bool? in
      guard let element = try await all(css, saying: text).first else { return nil }
      try await element.click()
      return true
    }
  }

  /// Types into the field that a selector finds, in place of what it holds.
  func fill(_ css: String, _ text: String) async throws {
    let field = try await find(css)
    try await field.clear()
    try await field.type(text)
  }

  /// What has the keyboard.
  var focused: Element {
    get async throws {
      let active = try await command("GET", "/element/active")
      guard let element = Element(self, active) else { throw Failure("nothing has the focus") }
      return element
    }
  }

  // MARK: Keys

  /// A key, by WebDriver's own code for it.
  enum Key: String, Sendable {
    case tab = "\u{E004}"
    case enter = "\u{E007}"
    case escape = "\u{E00C}"
    case space = " "
    case left = "\u{E012}"
    case up = "\u{E013}"
    case right = "\u{E014}"
    case down = "\u{E015}"
    case home = "\u{E011}"
    case end = "\u{E010}"
    case backspace = "\u{E003}"
    fileprivate static let shift = "\u{E008}"
  }

  /// Presses keys one after another, wherever the focus is.
  func press(_ keys: Key..., shift: Bool = false) async throws {
    try await press(keys.map(\.rawValue), shift: shift)
  }

  /// Types text wherever the focus is.
  func type(_ text: String) async throws { try await press(text.map { String($0) }, shift: false) }

  private func press(_ keys: [String], shift: Bool) async throws {
    let held = shift ? [Key.shift] : []
    let strokes =
      held.map { ("keyDown", $0) } + keys.flatMap { [("keyDown", $0), ("keyUp", $0)] }
      + held.map { ("keyUp", $0) }
    let actions = strokes.map { JSON.texts(["type": $0.0, "value": $0.1]) }
    let keyboard = JSON.object([
      .init("type", .string("key")), .init("id", .string("keyboard")),
      .init("actions", .array(actions)),
    ])
    try await command("POST", "/actions", .object([.init("actions", .array([keyboard]))]))
  }

  // MARK: Scripts

  /// Runs the body of a function in the page; it has `arguments`, and may return a promise.
  @discardableResult
  func execute(_ script: String, _ arguments: [JSON] = []) async throws -> JSON {
    try await run("sync", script, arguments)
  }

  /// Runs the body of a function in the page, which calls its last argument with the result.
  @discardableResult
  func executeAsync(_ script: String, _ arguments: [JSON] = []) async throws -> JSON {
    try await run("async", script, arguments)
  }

  private func run(_ kind: String, _ script: String, _ arguments: [JSON]) async throws -> JSON {
    try await command(
      "POST", "/execute/\(kind)",
      .object([.init("script", .string(script)), .init("args", .array(arguments))]))
  }
}
