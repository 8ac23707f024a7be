import Foundation
import KeywrightDefinition
import Testing

/// The program with simulated providers, its administrator, and a browser: what a newcomer has after a minute.
struct Desk {
  let server: ServerProcess
  let browser: Chromium
  static let password = "correct horse battery staple"

  var address: String { server.address }
  var home: String { address + "/dashboard/dev" }
  func secretKey() throws -> String { try server.printed("kw_sk_") }
  func publicKey() throws -> String { try server.printed("kw_pk_") }

  /// Starts one in a new folder.
  /// - Parameter isSetUp: whether somebody is its administrator already, and logged in.
  static func with(
    _ arguments: [String] = ["--simulate"], isSetUp: Bool = true,
    in options: Chromium.Options = .init(),
    _ body: (Desk) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-desk-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try await ServerProcess(
      arguments + ["--data", folder.path], port: ServerProcess.freePort())
    defer { server.kill() }
    try await Chromium.with(options) { browser in
      let desk = Desk(server: server, browser: browser)
      if isSetUp { try await desk.setUp() }
      try await body(desk)
    }
  }

  /// What a first start asks of a person.
  func setUp() async throws {
    try await browser.open("\(address)/setup#\(server.printed("kw_setup_"))")
    try await browser.fill("#password", Self.password)
    try await browser.click("button", saying: "Set up")
    try await browser.find("h1", saying: "Integrations")
  }

  /// A call of the backend's.
  @discardableResult
  func backend(_ method: String, _ path: String, _ body: String? = nil) async throws
    -> ServerUnderTest.Answer
  {
    try await ServerUnderTest.send(
      method, address + path, body, headers: [("Authorization", "Bearer \(secretKey())")])
  }

  /// An integration, as an earlier step of the guide made it.
  func integrate(_ provider: String, _ credentials: [String: String] = [:]) async throws {
    let body = JSON.object([
      .init("provider", .string(provider)), .init("credentials", .texts(credentials)),
    ])
    let answer = try await backend("POST", "/integrations", body.compactText)
    guard answer.status == 201 else { throw ServerUnderTest.Failure(answer.text) }
  }

  static let client = ["client_id": "any", "client_secret": "any-secret"]

  /// Presses the button of a form that has some text on it.
  func press(_ text: String) async throws { try await browser.click("button", saying: text) }

  /// The newest connection, as the interface lists it.
  func connection() async throws -> JSON? {
    try await backend("GET", "/connections").json["connections"]?.elements?.first
  }
}
