import Keywright
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// What a person does who was sent a link.
@Suite("A shared link in a browser")
struct SharedLinkInBrowserTests {
  private static func simulated(_ id: String, _ values: [String: String]) throws
    -> SimulatedProvider
  {
    let entry = try #require(try ServerUnderTest.catalogue().first { $0.definition.id == id })
    return try SimulatedProvider(entry.definition, registration: .init(values: values))
  }

  private static func link(_ server: ServerUnderTest, for integrations: [String]) async throws
    -> String
  {
    let made = try await server.backend(
      "POST", "/connect/sessions",
      JSON.object([.init("allowed_integrations", .texts(integrations))]).compactText)
    return try #require(made.json["data"]?["connect_link"]?.text, "\(made.text)")
  }

  @Test("a person who mistypes a key is told so, types the right one, and is connected")
  func key() async throws {
    let provider = try Self.simulated("openai", ["api_key": "sk-right"])
    try await ServerUnderTest.with(over: provider, port: ServerProcess.freePort()) { server in
      try await server.integrate("openai", provider: "openai")
      let link = try await Self.link(server, for: ["openai"])
      try await Chromium.with { browser in
        try await browser.open(link)
        #expect(try await browser.title == "Connect OpenAI")
        try await browser.audit("link-key")

        try await browser.fill("[name=api_key]", "sk-wrong")
        try await browser.press(.enter)
        let problem = try await browser.find("[role=alert]")
        #expect(try await problem.text.isEmpty == false)
        #expect(try await browser.find("[name=api_key]").value.isEmpty)
        try await browser.audit("link-key-refused", status: 400)

        try await browser.fill("[name=api_key]", "sk-right")
        try await browser.click("button", saying: "Connect")
        try await browser.waitForText("Connected to OpenAI")
        try await browser.audit("link-connected")
      }
      let list = try await server.backend("GET", "/connections").json["connections"]?.elements
      #expect(list?.count == 1)
    }
  }

  @Test("a person chooses among several integrations by keyboard alone")
  func choice() async throws {
    let provider = try FirstConnectionTests.zendesk()
    try await ServerUnderTest.with(over: provider, port: ServerProcess.freePort()) { server in
      for key in ["one", "two"] {
        try await server.integrate(key, provider: "zendesk", FirstConnectionTests.client)
      }
      let link = try await Self.link(server, for: ["one", "two"])
      try await Chromium.with { browser in
        try await browser.open(link)
        try await browser.audit("link-choice")
        try await browser.press(.tab, .tab, .enter)
        try await browser.waitForText("Connect Zendesk")
        #expect(try await browser.find("#connect").attribute("data-integration") == "two")
        try await browser.audit("link-form")
      }
    }
  }

  @Test("a link that is none says what to do")
  func wrong() async throws {
    let provider = try FirstConnectionTests.zendesk()
    try await ServerUnderTest.with(over: provider, port: ServerProcess.freePort()) { server in
      try await Chromium.with { browser in
        try await browser.open("\(server.address)/connect?session_token=wrong")
        try await browser.audit("link-wrong", status: 401)
      }
    }
  }
}
