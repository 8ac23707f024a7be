import Foundation
import Keywright
import KeywrightDefinition
import Testing

@testable import KeywrightServer

/// The server with a provider that nobody here wrote, and a spec of the user's own.
@Suite("Authlib behind the server")
struct AuthlibServeTests {
  @Test("a private spec in a folder connects, renews and ends at Authlib's server")
  func authlib() async throws {
    let authlib = try await AuthlibServer.running()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-authlib-\(UUID().uuidString)")
    let specs = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-authlib-specs-\(UUID().uuidString)")
    defer {
      try? FileManager.default.removeItem(at: folder)
      try? FileManager.default.removeItem(at: specs)
    }
    try FileManager.default.createDirectory(at: specs, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Repository.root.appendingPathComponent("Tests/Fixtures/notebook.provider.yaml"),
      to: specs.appendingPathComponent("notebook.yaml"))
    let server = try await ServerProcess(
      [
        "--data", folder.path, "--specs", specs.path, "--origin-map",
        "\(AuthlibServer.origin)=\(authlib.target)",
      ],
      port: ServerProcess.freePort())
    let (publicKey, secretKey) = (try server.printed("kw_pk_"), try server.printed("kw_sk_"))
    let backend = [("Authorization", "Bearer \(secretKey)")]
    let made = try await ServerUnderTest.send(
      "POST", server.address + "/integrations",
      #"{"unique_key":"book","provider":"notebook","method":"oauth","scopes":["notes:read"],"credentials":{"client_id":"kw-client","client_secret":"kw-secret-7f3d"}}"#,
      headers: backend)
    #expect(made.status == 201, "\(made.text)")
    // What is registered there is the application's own address, which passes everything on (308).
    let setupToken = try server.printed("kw_setup_")
    let setUp = try await ServerUnderTest.send(
      "POST", server.address + "/admin/setup",
      #"{"token":"\#(setupToken)","password":"correct horse battery"}"#)
    let admin = [("Authorization", "Bearer \(setUp.json["token"]?.text ?? "")")]
    let changed = try await ServerUnderTest.send(
      "PATCH", server.address + "/admin/environments/dev",
      #"{"callback_url":"https://app.example.test/callback"}"#,
      headers: admin)
    #expect(changed.status == 200, "\(changed.text)")
    let start = try await ServerUnderTest.send(
      "GET",
      server.address
        + "/oauth/connect/book?public_key=\(publicKey)&connection_id=ada&params[workspace]=acme")
    #expect(start.status == 302, "\(start.text)")
    let cookie = String(start.header("Set-Cookie")?.split(separator: ";").first ?? "")
    let consent = try await ServerUnderTest.send("GET", start.header("Location") ?? "")
    let back = try #require(consent.header("Location"), "\(consent.text)")
    let query = try #require(back.split(separator: "?").last)
    #expect(back.hasPrefix("https://app.example.test/callback?"))
    let page = try await ServerUnderTest.send(
      "GET", server.address + "/oauth/callback?\(query)", headers: [("Cookie", cookie)])
    #expect(page.status == 200, "\(page.text)")
    #expect(page.text.contains("Connected to Notebook"))

    let path = server.address + "/connections/ada?provider_config_key=book"
    let first = try await ServerUnderTest.send("GET", path, headers: backend)
    let token = first.json["credentials"]?["access_token"]?.text
    #expect(token != nil, "\(first.text)")
    #expect(first.json["account"]?["id"]?.text != nil)
    let renewed = try await ServerUnderTest.send(
      "GET", path + "&force_refresh=true", headers: backend)
    #expect(renewed.status == 200, "\(renewed.text)")
    #expect(renewed.json["credentials"]?["access_token"]?.text != token)
    let ended = try await ServerUnderTest.send("DELETE", path, headers: backend)
    #expect(ended.json["revoked"] == .boolean(true), "\(ended.text)")
    #expect(server.stop() == 0)
  }
}
