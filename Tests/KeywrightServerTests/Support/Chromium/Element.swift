import KeywrightDefinition

extension Chromium {
  /// An element of a page, as long as that page is shown.
  struct Element: Sendable {
    private static let member = "element-6066-11e4-a52e-4f735466cecf"
    let browser: Chromium
    private let id: String

    /// Reads what WebDriver refers to elements by.
    init?(_ browser: Chromium, _ reference: JSON) {
      guard let id = reference[Self.member]?.text else { return nil }
      self.browser = browser
      self.id = id
    }

    /// The element as an argument of a script.
    var json: JSON { .texts([Self.member: id]) }

    /// The text that it shows.
    var text: String { get async throws { try await get("/text").text ?? "" } }

    /// What a screen reader calls it.
    var accessibleName: String { get async throws { try await get("/computedlabel").text ?? "" } }

    var isShown: Bool { get async throws { try await get("/displayed").truth ?? false } }

    var isEnabled: Bool { get async throws { try await get("/enabled").truth ?? false } }

    /// What a field holds.
    var value: String { get async throws { try await get("/property/value").scalarText ?? "" } }

    /// An attribute as the page has it; nil where there is none.
    func attribute(_ name: String) async throws -> String? {
      try await browser.execute(
        "return arguments[0].getAttribute(arguments[1])", [json, .string(name)]
      ).text
    }

    /// A property of its object.
    func property(_ name: String) async throws -> JSON { try await get("/property/\(name)") }

    func click() async throws { try await post("/click") }

    /// Types at the end of what a field holds.
    func type(_ text: String) async throws { try await post("/value", .texts(["text": text])) }

    func clear() async throws { try await post("/clear") }

    /// Selects the option of a list that shows some text.
    func select(_ option: String) async throws {
      let found = try await browser.execute(
        "return [...arguments[0].options].find((one) => one.text.trim() === arguments[1])",
        [json, .string(option)])
      guard let element = Element(browser, found) else {
        throw Failure("the list has no option '\(option)'")
      }
      try await element.click()
    }

    private func get(_ path: String) async throws -> JSON {
      try await browser.command("GET", "/element/\(id)\(path)")
    }

    private func post(_ path: String, _ body: JSON? = nil) async throws {
      try await browser.command("POST", "/element/\(id)\(path)", body)
    }
  }
}
