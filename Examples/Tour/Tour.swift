import Foundation
import Keywright
import KeywrightHTTPClient
import KeywrightSimulator
import KeywrightZ

// The main job, from end to end: a person connects an account, and a program calls the API with it.
// Nothing here knows a URL of the provider's: those stand in the spec, and this program got them by `import`.

@main
struct Tour {
  static func main() async throws {
    tell("ask", "the person names a subdomain: acme")
    let desk = Zendesk(subdomain: try HostLabel("acme"))
    let app = OAuthClient(id: "tour", secret: Secret("tour-client-secret"))

    let pending = try desk.oauth.begin(
      client: app, scopes: [.read, .ticketsWrite],
      redirectURI: RedirectURI("https://app.example.com/callback"))
    tell("authorize", "the browser goes to \(short(pending.url))")

    // A web application ends its request here. What it keeps is sealed, and holds no client secret.
    let key = try SealingKey.random()
    let kept = try pending.sealed(with: key)
    tell("", "kept until it comes back: \(kept.prefix(24))… (\(kept.utf8.count) bytes)")

    // A real provider would answer in its own place; here it is played on loopback, out of the same spec.
    let provider = try SimulatedProvider(
      of: Zendesk.self, method: "oauth", client: app, person: desk.keywrightFields)
    try await SimulatedListener.listening(for: provider) { listener in
      try await HTTPClientTransport.with(origins: listener.origins) { transport in
        let callback = try await Browser(transport).consent(at: pending.url)
        tell("", "the person says yes, and the browser comes back to \(short(callback))")

        let opened = try Pending<Zendesk>(opening: kept, with: key)
        let connection = try await opened.finish(callback: callback, client: app, over: transport)
        tell("exchange", "the code became \(describe(connection.credential))")
        let account = connection.account
        tell(
          "account", "it is the account of \(account?.name ?? "nobody"), id \(account?.id ?? "")")
        try await use(connection, of: app, over: transport)
      }
    }
  }

  /// Calls the API, renews the credential, and calls again.
  static func use(
    _ connection: Connection<Zendesk>, of app: OAuthClient, over transport: HTTPClientTransport
  ) async throws {
    try await callAPI(with: connection, over: transport)
    let renewed = try await connection.renewed(client: app, over: transport)
    let isNew = renewed.credential?.accessToken != connection.credential?.accessToken
    let token = isNew ? "a new access token" : "the same access token"
    tell("renew", "the refresh token brought \(token): \(describe(renewed.credential))")
    try await callAPI(with: renewed, over: transport)

    do {
      _ = try await connection.renewed(client: app, over: transport)
    } catch {
      tell("", "the old refresh token works no more:")
      tell("", "\(error)")
    }
  }

  static func callAPI(
    with connection: Connection<Zendesk>, over transport: HTTPClientTransport
  ) async throws {
    let request = HTTPRequest(method: .get, path: "/api/v2/tickets.json")
    let (signed, body) = try connection.sign(request)
    let answer = try await transport.send(signed, body: body)
    tell("sign", "GET \(signed.authority ?? "")\(signed.path ?? "") answered \(answer.status)")
  }

  // MARK: Telling

  static func tell(_ stage: String, _ text: String) {
    print(stage.padding(toLength: 11, withPad: " ", startingAt: 0) + text)
  }

  /// A URL without its query, which holds what should not be seen.
  static func short(_ url: String) -> String {
    String(url.prefix { $0 != "?" }) + (url.contains("?") ? "?…" : "")
  }

  static func describe(_ credential: Credential?) -> String {
    guard let credential else { return "no credential" }
    let scopes = credential.scopes.joined(separator: " ")
    let left = credential.expiresAt.map { $0.seconds - Surroundings.system.now().seconds }
    return "a token for '\(scopes)', good for \(left ?? 0) s"
  }
}
