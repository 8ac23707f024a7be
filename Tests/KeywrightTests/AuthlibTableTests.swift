import Foundation
import HTTPTypes
import Keywright
import KeywrightCompiler
import KeywrightHTTPClient
import Testing

/// Requests that are right and wrong in one point, against a server that nobody here wrote.
@Suite("Against Authlib's server, one point at a time", .serialized)
struct AuthlibTableTests {
  /// How a flow ends.
  enum End: Sendable, Equatable {
    case connected
    /// The provider shows a page and sends nobody back.
    case noCallback
    case fails(String)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    /// Keys of the method; with `exchange` or `renew` the stage is written out.
    let method: String
    var client = OAuthClient(id: "kw-client", secret: Secret("kw-secret-7f3d"))
    var scopes: [String]? = ["profile", "notes:read"]
    var redirectURI = "https://app.example.test/callback"
    let end: End
    var renewal: End?
    var testDescription: String { name }
  }

  static let token = "https://acme.notebook.test/oauth/token"

  /// A token request with these parameters.
  static func exchange(_ parameters: String, with: String = "client") -> String {
    """
    exchange:
          post: \(token)
          with: \(with)
          form: { \(parameters) }
          credential: { access_token: $<body.access_token>, refresh_token: $<body.refresh_token else none> }
    """
  }

  static func renew(_ parameters: String) -> String {
    """
    renew:
          post: \(token)
          with: client
          form: { \(parameters) }
          credential: { access_token: $<body.access_token> }
    """
  }

  static let code = "code: $<callback.code>"
  static let uri = "redirect_uri: $<redirect_uri>"
  static let verifier = "code_verifier: $<pkce.verifier>"
  static let grant = "grant_type: authorization_code"
  static let other = OAuthClient(id: "kw-client", secret: Secret("wrong"))
  static let nobody = OAuthClient(id: "nobody", secret: Secret("kw-secret-7f3d"))

  static let rows: [Row] = [
    Row(
      name: "client_secret_post", method: "client_authentication: client_secret_post",
      end: .connected, renewal: .connected),
    Row(
      name: "client_secret_basic", method: "client_authentication: client_secret_basic",
      end: .connected, renewal: .connected),
    Row(name: "no scope", method: "pkce: S256", scopes: [], end: .connected),
    Row(name: "one scope", method: "pkce: S256", scopes: ["profile"], end: .connected),
    Row(
      name: "a scope that nobody knows", method: "pkce: S256", scopes: ["everything"],
      end: .fails("invalid_scope")),
    Row(
      name: "further parameters",
      method: "authorization_parameters: { prompt: consent, x: 'a b&c=d' }", end: .connected),
    Row(
      name: "further token parameters",
      method: "token_parameters: { audience: 'https://api.test/?a=b' }", end: .connected,
      renewal: .connected),
    Row(
      name: "a header more", method: "token_headers: { X-Trace: t1 }", end: .connected,
      renewal: .connected),
    Row(
      name: "a written-out exchange", method: exchange("\(grant), \(code), \(uri), \(verifier)"),
      end: .connected, renewal: .connected),
    Row(
      name: "no PKCE, which this server asks of public clients alone", method: "pkce: off",
      end: .connected),
    Row(name: "plain PKCE", method: "pkce: plain", end: .connected),
    Row(
      name: "no grant type", method: exchange("\(code), \(uri), \(verifier)"),
      end: .fails("unsupported_grant_type")),
    Row(
      name: "a grant that nobody knows",
      method: exchange("grant_type: magic, \(code), \(uri), \(verifier)"),
      end: .fails("unsupported_grant_type")),
    Row(
      name: "the password grant",
      method: exchange("grant_type: password, \(code), \(uri), \(verifier)"),
      end: .fails("unsupported_grant_type")),
    Row(
      name: "no code", method: exchange("\(grant), \(uri), \(verifier)"),
      end: .fails("invalid_request")),
    Row(
      name: "another code",
      method: exchange("\(grant), code: '$<callback.code + \"x\">', \(uri), \(verifier)"),
      end: .fails("invalid_grant")),
    Row(
      name: "no redirect URI", method: exchange("\(grant), \(code), \(verifier)"),
      end: .fails("invalid_grant")),
    Row(
      name: "another redirect URI",
      method: exchange("\(grant), \(code), redirect_uri: '$<redirect_uri + \"/\">', \(verifier)"),
      end: .fails("invalid_grant")),
    Row(
      name: "another verifier",
      method: exchange("\(grant), \(code), \(uri), code_verifier: '$<pkce.verifier + \"x\">'"),
      end: .fails("invalid_grant")),
    Row(
      name: "the challenge as its verifier",
      method: exchange(
        "\(grant), \(code), \(uri), code_verifier: $<pkce.challenge + pkce.verifier.first(0)>"),
      end: .fails("invalid_grant")),
    Row(
      name: "no client authentication",
      method: exchange("\(grant), \(code), \(uri), \(verifier)", with: "nobody"),
      end: .fails("invalid_client")),
    Row(
      name: "a wrong secret by post", method: "client_authentication: client_secret_post",
      client: other, end: .fails("invalid_client")),
    Row(
      name: "a wrong secret by Basic", method: "client_authentication: client_secret_basic",
      client: other, end: .fails("invalid_client")),
    Row(name: "a client that nobody knows", method: "pkce: S256", client: nobody, end: .noCallback),
    Row(
      name: "a redirect URI that is not registered", method: "pkce: S256",
      redirectURI: "https://evil.example.test/callback", end: .noCallback),
    Row(
      name: "the person says no", method: "authorization_parameters: { login_hint: decline }",
      end: .fails("access_denied")),
    Row(
      name: "a refresh token that nobody gave",
      method: renew(
        "grant_type: refresh_token, refresh_token: '$<credential.refresh_token + \"x\">'"),
      end: .connected, renewal: .fails("invalid_grant")),
    Row(
      name: "no refresh token", method: renew("grant_type: refresh_token"), end: .connected,
      renewal: .fails("invalid_request")),
    Row(
      name: "a wider scope at the renewal",
      method: renew(
        "grant_type: refresh_token, refresh_token: $<credential.refresh_token>, scope: profile notes:read notes:write"
      ), end: .connected, renewal: .fails("invalid_scope")),
    Row(
      name: "a narrower scope at the renewal",
      method: renew(
        "grant_type: refresh_token, refresh_token: $<credential.refresh_token>, scope: profile"),
      end: .connected, renewal: .connected),
  ]

  private static func method(_ row: Row) throws -> AnyMethod {
    let text = """
      name: Notebook
      api: { base: https://acme.notebook.test/api }
      account: { get: /me, id: $<body.user.id> }
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://acme.notebook.test/oauth/authorize
          token_endpoint: \(token)
          \(row.method)

      """
    let compilation = compile(SourceText(name: "notebook.yaml", text: text), id: "notebook")
    #expect(compilation.diagnostics.map(\.description) == [])
    return try AnyProvider(try #require(compilation.provider).definition).method()
  }

  private static func end(_ work: () async throws -> AnyConnection) async throws -> (
    End, AnyConnection?
  ) {
    do {
      return (.connected, try await work())
    } catch let error as AuthorizationError {
      return (.fails(error.code.text), nil)
    } catch is AuthlibServer.Failure {
      return (.noCallback, nil)
    }
  }

  @Test("each ends as the RFC says", arguments: rows)
  func ends(_ row: Row) async throws {
    let server = try await AuthlibServer.running()
    let method = try Self.method(row)
    try await HTTPClientTransport.with(origins: server.origins) { transport in
      let (end, connection) = try await Self.end {
        let pending = try method.begin(
          client: row.client, scopes: row.scopes, redirectURI: RedirectURI(row.redirectURI))
        return try await pending.finish(
          callback: try await server.callback(of: pending.url, over: transport), client: row.client,
          over: transport)
      }
      #expect(end == row.end)
      guard let renewal = row.renewal, let connection else { return }
      let (second, _) = try await Self.end {
        try await connection.renewed(client: row.client, over: transport)
      }
      #expect(second == renewal)
    }
  }
}
