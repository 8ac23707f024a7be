import Foundation
import HTTPTypes
import Keywright
import KeywrightHTTPClient
import KeywrightTesting
import NotebookProvider
import Testing

/// A typed provider against a server that nobody here wrote.
@Suite("Against Authlib's server")
struct AuthlibTests {
  static let redirectURI = "https://app.example.test/callback"

  /// Runs a test with a transport to the server.
  private func connected(
    _ body: (AuthlibServer, HTTPClientTransport) async throws -> Void
  ) async throws {
    let server = try await AuthlibServer.running()
    try await HTTPClientTransport.with(origins: server.origins) { try await body(server, $0) }
  }

  private var notebook: Notebook { get throws { Notebook(workspace: try HostLabel("acme")) } }

  /// The methods of the test's spec.
  enum Way: Sendable { case oauth, basic, declining, unverified }

  private func flow(_ way: Way) throws -> AuthorizationCode<
    Notebook, OAuthClient, Notebook.Scope, NoHints
  > {
    switch way {
    case .oauth: try notebook.oauth
    case .basic: try notebook.oauthBasic
    case .declining: try notebook.declining
    case .unverified: try notebook.unverified
    }
  }

  private func begin(
    _ way: Way = .oauth,
    client: OAuthClient = AuthlibServer.client, redirectURI: String = redirectURI
  ) throws -> Pending<Notebook> {
    try flow(way).begin(
      client: client, scopes: [.notesRead], redirectURI: RedirectURI(redirectURI))
  }

  @Test("a code becomes a connection of the person who consented", arguments: [Way.oauth, .basic])
  func connects(_ way: Way) async throws {
    try await connected { server, transport in
      let pending = try begin(way)
      let callback = try await server.callback(of: pending.url, over: transport)
      let connection = try await pending.finish(
        callback: callback, client: AuthlibServer.client, over: transport)
      #expect(connection.account?.id == "42")
      #expect(connection.account?.name == "Ada Lovelace")
      #expect(connection.account?.email == "ada@example.test")
      #expect(connection.provider.workspace.text == "acme")
      #expect(Set(connection.grantedScopes).isSuperset(of: ["notes:read"]))
      #expect(connection.missingScopes == [])
      #expect(connection.warnings == [])
    }
  }

  @Test("a scope that the spec requires is asked for, though nobody chose it")
  func requiredScope() async throws {
    try await connected { server, transport in
      let connection = try await connect(server, transport)
      #expect(connection.grantedScopes == ["profile", "notes:read"])
    }
  }

  private func connect(
    _ server: AuthlibServer, _ transport: HTTPClientTransport
  ) async throws -> Connection<Notebook> {
    let pending = try begin()
    return try await pending.finish(
      callback: try await server.callback(of: pending.url, over: transport),
      client: AuthlibServer.client, over: transport)
  }

  @Test("a signed request reaches the API")
  func signs() async throws {
    try await connected { server, transport in
      let connection = try await connect(server, transport)
      let (request, body) = try connection.sign(
        HTTPRequest(method: .get, path: "/notes"))
      let answer = try await transport.send(request, body: body)
      #expect(request.path == "/api/notes")
      #expect(answer.status == 200)
    }
  }

  @Test("a renewal brings a new token, and the old refresh token is refused")
  func rotates() async throws {
    try await connected { server, transport in
      let first = try await connect(server, transport)
      let second = try await first.renewed(client: AuthlibServer.client, over: transport)
      #expect(second.credential?.accessToken != first.credential?.accessToken)
      #expect(second.credential?.refreshToken != first.credential?.refreshToken)
      #expect(second.account?.id == "42")
      let error = await #expect(throws: AuthorizationError.self) {
        try await first.renewed(client: AuthlibServer.client, over: transport)
      }
      #expect(error?.code == .invalidGrant)
      let third = try await second.renewed(client: AuthlibServer.client, over: transport)
      try await third.verify(over: transport)
    }
  }

  @Test("a revoked token is good no more")
  func revokes() async throws {
    try await connected { server, transport in
      let connection = try await connect(server, transport)
      try await connection.revoke(client: AuthlibServer.client, over: transport)
      let error = await #expect(throws: AuthorizationError.self) {
        try await connection.verify(over: transport)
      }
      #expect(error?.status == 401)
    }
  }

  @Test("a client without a secret connects by PKCE alone, renews, and authenticates by its id")
  func publicClient() async throws {
    try await connected { server, transport in
      let client = PublicClient(id: "kw-public")
      let pending = try notebook.public.begin(
        client: client, scopes: [.notesRead], redirectURI: RedirectURI(Self.redirectURI))
      let first = try await pending.finish(
        callback: try await server.callback(of: pending.url, over: transport), client: client,
        over: transport)
      #expect(first.account?.id == "42")
      let second = try await first.renewed(client: client, over: transport)
      #expect(second.credential?.accessToken != first.credential?.accessToken)
    }
  }

  @Test("a machine connects by its own id and secret, and connects again where others renew")
  func machine() async throws {
    try await connected { _, transport in
      let first = try await notebook.machine(
        clientId: "kw-machine", clientSecret: Secret("kw-secret-7f3d")
      ).connect(over: transport)
      #expect(first.credential?.refreshToken == nil)
      let second = try await first.renewed(client: NoClient(), over: transport)
      #expect(second.credential?.accessToken != first.credential?.accessToken)
      let error = await #expect(throws: AuthorizationError.self) {
        try await notebook.machine(clientId: "kw-machine", clientSecret: Secret("wrong"))
          .connect(over: transport)
      }
      #expect(error?.code == .invalidClient)
    }
  }

  @Test("a code that is used twice is invalid_grant")
  func reusedCode() async throws {
    try await connected { server, transport in
      let pending = try begin()
      let callback = try await server.callback(of: pending.url, over: transport)
      _ = try await pending.finish(
        callback: callback, client: AuthlibServer.client, over: transport)
      let error = await #expect(throws: AuthorizationError.self) {
        try await pending.finish(callback: callback, client: AuthlibServer.client, over: transport)
      }
      #expect(error?.code == .invalidGrant)
      #expect(error?.stage == "exchange")
      #expect(error?.status == 400)
    }
  }

  @Test("a wrong verifier is invalid_grant")
  func wrongVerifier() async throws {
    try await connected { server, transport in
      let pending = try begin(.unverified)
      let callback = try await server.callback(of: pending.url, over: transport)
      let error = await #expect(throws: AuthorizationError.self) {
        try await pending.finish(callback: callback, client: AuthlibServer.client, over: transport)
      }
      #expect(error?.code == .invalidGrant)
      #expect(error?.providerDescription == "Code challenge failed.")
    }
  }

  @Test("a redirect URI that is not the one of the authorization request is invalid_grant")
  func wrongRedirectURI() async throws {
    try await connected { server, transport in
      let first = try begin()
      let callback = try await server.callback(of: first.url, over: transport)
      // Another flow, whose redirect URI is registered too, is handed the first one's code.
      let second = try begin(redirectURI: "http://127.0.0.1:9/callback")
      let code = try #require(parameter("code", of: callback))
      let state = try #require(parameter("state", of: second.url))
      let error = await #expect(throws: AuthorizationError.self) {
        try await second.finish(
          callback: "?code=\(code)&state=\(state)", client: AuthlibServer.client, over: transport)
      }
      #expect(error?.code == .invalidGrant)
    }
  }

  @Test("a wrong client secret is invalid_client", arguments: [Way.oauth, .basic])
  func wrongSecret(_ way: Way) async throws {
    try await connected { server, transport in
      let client = OAuthClient(id: "kw-client", secret: Secret("another secret"))
      let pending = try begin(way, client: client)
      let callback = try await server.callback(of: pending.url, over: transport)
      let error = await #expect(throws: AuthorizationError.self) {
        try await pending.finish(callback: callback, client: client, over: transport)
      }
      #expect(error?.code == .invalidClient)
      #expect(error.map { "\($0)".contains("another secret") } == false)
    }
  }

  @Test("a person who says no is access_denied, and nothing is sent to the token endpoint")
  func declines() async throws {
    try await connected { server, transport in
      let pending = try begin(.declining)
      let callback = try await server.callback(of: pending.url, over: transport)
      let error = await #expect(throws: AuthorizationError.self) {
        try await pending.finish(
          callback: callback, client: AuthlibServer.client, over: UnreachableTransport())
      }
      #expect(error?.code == .accessDenied)
      #expect(error?.stage == "authorize")
    }
  }

  @Test("what one process began another finishes, and no client secret stands in what was kept")
  func twoProcesses() async throws {
    let server = try await AuthlibServer.running()
    let program = Repository.build.appendingPathComponent("TwoHalves").path
    let key = try SealingKey.random().text.reveal()
    let begun = try Command.run(program, ["begin", key])
    let lines = begun.output.split(separator: "\n").map(String.init)
    try #require(lines.count == 2, "\(begun)")
    try await HTTPClientTransport.with(origins: server.origins) { transport in
      let callback = try await server.callback(of: lines[0], over: transport)
      let finished = try Command.run(
        program, ["finish", key, lines[1], callback, AuthlibServer.origin, server.target])
      #expect(finished.output.hasPrefix("Ada Lovelace\n"), "\(finished)")
      let kept = try #require(finished.output.split(separator: "\n").last.map(String.init))
      // Sealed or opened, neither the flow nor the connection knows the client's secret.
      for (sealed, purpose) in [(lines[1], "kwf1"), (kept, "kwc1")] {
        let opened = try open(sealed, with: key, purpose: purpose)
        #expect(opened.contains("notebook"))
        #expect(!opened.contains("kw-secret-7f3d"))
        #expect(!opened.contains("client_secret"))
      }
    }
  }
}
