import Foundation
import HTTPTypes
import Keywright
import KeywrightTesting
import KeywrightZ
import Logging
import Testing

/// Whatever holds a secret, by whatever way it is printed, shows none.
@Suite("Printing")
struct PrintingTests {
  static let token =
    #"{"access_token":"CANARY-access","refresh_token":"CANARY-refresh","expires_in":1800,"scope":"read"}"#
  static let key = Secret("CANARYCANARYCANARYCANARYCANARYCANARYCANARYA")

  /// Everything of the façade that holds a secret, by name.
  private func holders() async throws -> [(String, Any)] {
    let client = OAuthClient(id: "cid", secret: Secret("CANARY-client"))
    let any = AnyClient(["client_secret": "CANARY-client"])
    let flow = try Flow()
    let connection = try await flow.finish(token: .json(Self.token))
    let key = try SealingKey(Self.key)
    let store = InMemoryStore()
    let keeper = ConnectionKeeper(
      store: store, providers: [Zendesk.self], over: UnreachableTransport(),
      in: Flow.surroundings(at: 1_700_000_060))
    try await keeper.keep(connection, as: "acme")
    let method = try Catalogue([Zendesk.self]).provider("zendesk").method("oauth")
    let form = Zendesk(subdomain: try HostLabel("acme")).apiToken(
      email: try EmailAddress("a@b.test"), apiToken: Secret("CANARY-key"))
    return [
      ("client", client), ("any client", any), ("fields", any.setupFields), ("flow", flow.pending),
      ("any flow", flow.pending.any), ("connection", connection),
      ("any connection", connection.any),
      ("credential", connection.credential as Any), ("key", key), ("store", store),
      ("file store", FileStore(at: "/tmp/x", key: key)), ("keeper", keeper), ("method", method),
      ("form", form), ("kept", try await store.load("acme") as Any),
      ("answer", TransportAnswer.json(Self.token)),
    ]
  }

  /// A value as people and programs print it: by itself, within others, as a log's metadata.
  private func texts(_ value: Any) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    var inside = ""
    dump(["k": [value]], to: &inside)
    let metadata: Logger.Metadata = [
      "value": "\(value)", "quoted": .string(String(reflecting: value)),
    ]
    return [
      "\(value)", String(describing: value), String(reflecting: value), dumped, inside,
      "\([value])", String(reflecting: ["k": value]), "\(Optional(value) as Any)",
      "\(Mirror(reflecting: value).children.map { "\($0)" })", "\(metadata)",
    ]
  }

  @Test("no way of printing shows a secret of anything that holds one")
  func nothing() async throws {
    for (name, value) in try await holders() {
      for text in texts(value) { #expect(!text.contains("CANARY"), "\(name): \(text)") }
    }
  }

  @Test("nothing that holds a secret can be encoded")
  func encoding() async throws {
    for (name, value) in try await holders() where name != "answer" {
      #expect(!(value is any Encodable), "\(name)")
    }
  }
}
