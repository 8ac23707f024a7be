import Foundation
import HTTPTypes
import Keywright
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// The server and its own document, compared by requests that are made up.
@Suite("The server keeps to its document")
struct ContractTests {
  private static let password = "correct horse battery"

  @Test("every answer is one that the document has", .timeLimit(.minutes(10)))
  func contract() async throws {
    let provider = try FirstConnectionTests.zendesk()
    let transport = try Switchboard([
      "acme.zendesk.com": provider,
      "api.openai.com": Self.provider("openai", ["api_key": "sk-right"]),
      "api.twilio.com": Self.provider("twilio", [:]),
    ])
    try await ServerUnderTest.with(over: transport) { server in
      try await server.integrate("desk", provider: "zendesk", FirstConnectionTests.client)
      try await server.integrate("ai", provider: "openai")
      try await server.integrate("sms", provider: "twilio", method: "token")
      _ = try await Browser(server).connect(
        "/oauth/connect/desk?public_key=\(server.publicKey)&connection_id=conn-1&params[subdomain]=acme",
        at: provider)
      let key = try await server.send(
        "POST", "/api-auth/api-key/ai?public_key=\(server.publicKey)&connection_id=conn-2",
        #"{"apiKey":"sk-right"}"#)
      #expect(key.status == 200, "\(key.text)")
      _ = try await server.broker.environments.create("spare")
      let file = server.folder.appendingPathComponent("given.json")
      try await Self.given(server).compactText.write(to: file, atomically: true, encoding: .utf8)
      let outcome = try await Python.run(
        "Tests/Interface/contract.py", [server.address, file.path])
      print(outcome.output.split(separator: "\n").last.map(String.init) ?? "")
      #expect(outcome.status == 0, "\(outcome.output)")
    }
  }

  private static func provider(_ id: String, _ values: [String: String]) throws -> SimulatedProvider
  {
    let entry = try #require(try ServerUnderTest.catalogue().first { $0.definition.id == id })
    return try SimulatedProvider(entry.definition, registration: .init(values: values))
  }

  /// What the script puts into requests, since nobody can make it up.
  private static func given(_ server: ServerUnderTest) async throws -> JSON {
    .object([
      .init("secret_key", .string(server.secretKey)),
      .init("public_key", .string(server.publicKey)),
      .init("setup_token", .string(try await server.broker.administrator.makeSetupToken())),
      .init("password", .string(password)), .init("spare_environment", .string("spare")),
      .init("examples", .string("20")),
      .init(
        "leaving",
        .object([
          .init("integration", .string("desk")), .init("provider", .string("zendesk")),
          .init("params", .texts(["subdomain": "acme"])),
        ])),
      .init(
        "key",
        .object([
          .init("integration", .string("ai")), .init("provider", .string("openai")),
          .init("connection", .string("conn-2")),
          .init("credentials", .texts(["apiKey": "sk-right"])),
        ])),
    ])
  }
}

/// Several providers, each at its hosts.
private struct Switchboard: Transport {
  private let providers: [String: SimulatedProvider]

  init(_ providers: [String: SimulatedProvider]) { self.providers = providers }

  func send(_ request: HTTPRequest, body: [UInt8]?) async throws(TransportError) -> TransportAnswer
  {
    guard let provider = providers[request.authority ?? ""] else {
      throw TransportError(.unreachable, "nobody is at this address")
    }
    return try await provider.send(request, body: body)
  }
}
