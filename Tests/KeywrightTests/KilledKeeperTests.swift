import Foundation
import Keywright
import KeywrightHTTPClient
import NotebookProvider
import Testing

/// A process is killed when the provider has replaced the refresh token and nothing of it is kept.
@Suite("A keeper that is killed", .serialized)
struct KilledKeeperTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("keywright-killed-\(UUID().uuidString)").path

  /// A connection that is kept, and what runs a program over it.
  private func kept() async throws -> (AuthlibServer, (String, [String]) throws -> Command.Outcome)
  {
    let server = try await AuthlibServer.running()
    let key = try SealingKey.random()
    let sealed = try await HTTPClientTransport.with(origins: server.origins) { transport in
      let pending = try Notebook(workspace: try HostLabel("acme")).oauth.begin(
        client: AuthlibServer.client, redirectURI: RedirectURI("https://app.example.test/callback"))
      let connection = try await pending.finish(
        callback: try await server.callback(of: pending.url, over: transport),
        client: AuthlibServer.client, over: transport)
      return try connection.sealed(with: key)
    }
    let program = Repository.build.appendingPathComponent("TwoHalves").path
    let folder = folder
    let run = { (half: String, rest: [String]) in
      try Command.run(
        program, [half, key.text.reveal(), folder, AuthlibServer.origin, server.target] + rest)
    }
    #expect(try run("keep", [sealed]).status == 0)
    return (server, run)
  }

  private func setGrace(_ seconds: Int, of server: AuthlibServer) async throws {
    try await HTTPClientTransport.with(origins: server.origins) { transport in
      let request = HTTPRequest(
        method: .post, scheme: "https", authority: "acme.notebook.test",
        path: "/_test/grace/\(seconds)")
      let answer = try await transport.send(request, body: nil)
      #expect(answer.status == 204)
    }
  }

  @Test(
    "the next start asks with the same refresh token, and recovers where the provider allows it")
  func recovers() async throws {
    let (server, run) = try await kept()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await setGrace(300, of: server)
    #expect(try run("die", []).status == SIGKILL)
    #expect(try run("renew", []).output == "renewed 42\n")
    #expect(try run("renew", []).output == "renewed 42\n")
    try await setGrace(0, of: server)
  }

  @Test("where it does not, the error says that the answer was lost")
  func lost() async throws {
    let (server, run) = try await kept()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await setGrace(0, of: server)
    #expect(try run("die", []).status == SIGKILL)
    #expect(try run("renew", []).output == "error lost_rotation\n")
  }
}
