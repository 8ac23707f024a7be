import Foundation
import KeywrightDefinition
import Testing

/// A provider whose pages have no TLS, as its spec's `unsafe` says: a device in the house, say.
@Suite("A provider's page without TLS")
struct PlainPageTests {
  /// A folder with such a spec, whose page is at a port of this machine.
  private func withSpecs(port: Int, _ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-plain-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(
      """
      name: Hut
      auth:
        oauth:
          kind: oauth2
          client_authentication: none
          authorization_endpoint: http://hut.example.test:\(port)/authorize
          token_endpoint: https://login.hut.test/token
          unsafe: a device in the house has no certificate

      """.utf8
    ).write(to: folder.appendingPathComponent("hut.yaml"))
    try await body(folder)
  }

  /// A link to connect it.
  private func link(_ desk: Desk) async throws -> String {
    try await desk.integrate("hut", ["client_id": "cid"])
    let made = try await desk.backend("POST", "/connect/sessions", "{}")
    return try #require(made.json["data"]?["connect_link"]?.text, "\(made.text)")
  }

  @Test("the form of the connect page leads the browser there")
  func reached() async throws {
    let page = PageServer.Page(
      body: #"<!doctype html><html lang="en"><title>Hut</title><h1>The hut asks</h1></html>"#)
    try await PageServer.with(["authorize": page]) { port in
      try await withSpecs(port: port) { specs in
        try await Desk.with(["--specs", specs.path]) { desk in
          try await desk.browser.open(try await link(desk))
          try await desk.browser.newWindow { try await desk.press("Connect") }
          try await desk.browser.find("h1", saying: "The hut asks")
        }
      }
    }
  }

  @Test("simulated, it asks the person, and the connection comes about")
  func simulated() async throws {
    try await withSpecs(port: 8_123) { specs in
      try await Desk.with(["--simulate", "--specs", specs.path]) { desk in
        try await desk.browser.open(try await link(desk))
        let page = try await desk.browser.window
        try await desk.browser.newWindow { try await desk.press("Connect") }
        try await desk.press("Allow")
        try await desk.browser.switchTo(window: page)
        try await desk.browser.find("#connected h1", saying: "Connected to Hut")
      }
    }
  }
}
