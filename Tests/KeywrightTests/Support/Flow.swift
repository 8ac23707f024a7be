import Keywright
import KeywrightDefinition
import KeywrightTesting
import KeywrightZ

/// A flow at the moment when the browser has left, with what a test needs to go on.
struct Flow {
  static let client = OAuthClient(id: "cid", secret: Secret("CANARY-client-secret"))
  static let redirectURI = "https://app.example.test/oauth/callback/demo"

  let pending: Pending<Zendesk>

  /// Begins Zendesk's flow at a fixed time, with a random source that counts.
  init(
    scopes: ScopeChoice<Zendesk.Scope> = [.read], redirectURI: String = redirectURI,
    at now: Int64 = 1_700_000_000
  ) throws {
    pending = try Zendesk(subdomain: try HostLabel("acme")).oauth.begin(
      client: Self.client, scopes: scopes, redirectURI: RedirectURI(redirectURI),
      in: Self.surroundings(at: now))
  }

  /// A clock that stands, and bytes that are the same every time.
  static func surroundings(at now: Int64 = 1_700_000_000) -> Surroundings {
    Surroundings(
      now: { UnixTime(seconds: now) }, randomBytes: { (0..<$0).map { UInt8($0) } })
  }

  var state: String { parameter("state", of: pending.url) ?? "" }

  /// Finishes with a callback's query, in which STATE stands for the flow's state.
  func finish(
    _ query: String, over transport: some Transport = UnreachableTransport(),
    at now: Int64 = 1_700_000_060
  ) async throws(AuthorizationError) -> Connection<Zendesk> {
    try await pending.finish(
      callback: Self.redirectURI + "?" + query.replacing("STATE", with: state), client: Self.client,
      over: transport, in: Self.surroundings(at: now))
  }

  /// Finishes with a good callback and these answers to token and account request.
  func finish(
    token: TransportAnswer, account: String = #"{"user":{"id":1}}"#
  ) async throws(AuthorizationError) -> Connection<Zendesk> {
    try await finish("code=c0de&state=STATE", over: CannedTransport([token, .json(account)]))
  }
}
