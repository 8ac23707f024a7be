import Foundation
import Keywright
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// The steps of the guide, by HTTP alone.
@Suite("The first connections")
struct FirstConnectionTests {
  static let client = ["client_id": "cid-1", "client_secret": "secret-of-the-client"]

  static func zendesk(_ values: [String: String] = client) throws -> SimulatedProvider {
    let definition = try #require(
      try ServerUnderTest.catalogue().first { $0.definition.id == "zendesk" }
    ).definition
    return try SimulatedProvider(
      definition, registration: .init(values: values.merging(["subdomain": "acme"]) { $1 }))
  }

  @Test("a browser connects an account, and a backend reads a credential that is good")
  func browser() async throws {
    let provider = try Self.zendesk()
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("zendesk", provider: "zendesk", Self.client)
      let browser = Browser(server)
      let page = try await browser.connect(
        "/oauth/connect/zendesk?public_key=\(server.publicKey)&connection_id=conn-1&params[subdomain]=acme",
        at: provider)
      #expect(page.status == 200, "\(page.text)")
      #expect(page.text.contains("Connected to Zendesk"))
      let read = try await server.backend("GET", "/connections/conn-1?provider_config_key=zendesk")
      #expect(read.status == 200, "\(read.text)")
      #expect(read.json["connection_id"]?.text == "conn-1")
      #expect(read.json["connection_config"]?["subdomain"]?.text == "acme")
      #expect(read.json["credentials"]?["type"]?.text == "OAUTH2")
      #expect(read.json["credentials"]?["access_token"]?.text?.isEmpty == false)
      #expect(read.json["credentials"]?["refresh_token"] == nil)
    }
  }

  @Test("a key is tried before it is kept")
  func key() async throws {
    let definition = try #require(
      try ServerUnderTest.catalogue().first { $0.definition.id == "openai" }
    ).definition
    let provider = try SimulatedProvider(
      definition, registration: .init(values: ["api_key": "sk-right"]))
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("openai", provider: "openai")
      let wrong = try await server.send(
        "POST", "/api-auth/api-key/openai?public_key=\(server.publicKey)&connection_id=a",
        #"{"apiKey":"sk-wrong"}"#)
      #expect(wrong.status == 400)
      #expect(wrong.code == "connection_test_failed")
      let right = try await server.send(
        "POST", "/api-auth/api-key/openai?public_key=\(server.publicKey)&connection_id=a",
        #"{"apiKey":"sk-right"}"#)
      #expect(right.status == 200, "\(right.text)")
      #expect(
        right.json == (try JSON(reading: #"{"providerConfigKey":"openai","connectionId":"a"}"#)))
      let read = try await server.backend("GET", "/connections/a?provider_config_key=openai")
      #expect(
        read.json["credentials"] == (try JSON(reading: #"{"type":"API_KEY","apiKey":"sk-right"}"#)),
        "\(read.text)")
    }
  }
}
