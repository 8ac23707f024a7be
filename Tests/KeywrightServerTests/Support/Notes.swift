import Foundation
import HTTPTypes
import Keywright
import KeywrightDefinition
import Synchronization
import Testing

/// A provider of the tests' own, whose every answer a test decides.
final class Notes: Transport {
  static let spec = """
    # id: notes
    name: Notes
    links: { docs: https://notes.example.net/docs }
    api: { base: https://api.notes.example.net }
    account: { get: /me, id: $<body.id>, name: $<body.name> }
    auth:
      oauth:
        kind: oauth2
        authorization_endpoint: https://notes.example.net/authorize
        token_endpoint: https://notes.example.net/token
        revocation_endpoint: https://notes.example.net/revoke
        refresh_token: { rule: rotates, grace: 30, idle: 54000 }
        scopes: [cal.read, mail.read]
      machine:
        kind: oauth2
        grant: client_credentials
        token_endpoint: https://notes.example.net/token
        account: $<none>

    """

  static let client = ["client_id": "cid", "client_secret": "canary-client-secret"]

  struct Request: Sendable {
    let path: String
    let form: [String: String]
  }

  typealias Reply = @Sendable (Request, _ number: Int) async throws -> TransportAnswer

  private let reply: Reply
  private let requests = Mutex<[Request]>([])

  init(_ reply: @escaping Reply) { self.reply = reply }

  func seen(_ path: String) -> [Request] { requests.withLock { $0.filter { $0.path == path } } }

  func send(_ request: HTTPRequest, body: [UInt8]?) async throws(TransportError) -> TransportAnswer
  {
    let form = FormText.pairs(String(decoding: body ?? [], as: UTF8.self)) ?? []
    let seen = Request(
      path: String((request.path ?? "").prefix { $0 != "?" }),
      form: Dictionary(form.map { ($0.name, $0.value) }) { $1 })
    let number = requests.withLock { requests in
      requests.append(seen)
      return requests.filter { $0.path == seen.path }.count
    }
    do { return try await reply(seen, number) } catch {
      throw error as? TransportError ?? TransportError(.interrupted, "a test let it fail")
    }
  }

  static func answer(_ status: Int = 200, _ json: String) -> TransportAnswer {
    TransportAnswer(
      status: status, headers: [.contentType: "application/json"], body: Array(json.utf8))
  }

  static func token(_ number: Int, lifetime: Int = 3_600, scope: String? = nil) -> TransportAnswer {
    answer(
      200,
      #"{"access_token":"canary-access-\#(number)","refresh_token":"canary-refresh-\#(number)","token_type":"bearer","expires_in":\#(lifetime)"#
        + (scope.map { #","scope":"\#($0)""# } ?? "") + "}")
  }

  /// What most tests want: tokens that are numbered, an account, a revocation that succeeds.
  static func usual(_ token: @escaping Reply = { _, number in Notes.token(number) }) -> Notes {
    Notes { request, number in
      switch request.path {
      case "/token": try await token(request, number)
      case "/me": answer(200, #"{"id":"7","name":"Grace Hopper"}"#)
      case "/revoke": answer(200, "")
      default: answer(404, "{}")
      }
    }
  }
}

extension ServerUnderTest {
  /// Offers the notes' OAuth method, and connects somebody.
  func connectNotes(_ id: String = "n1", query: String = "", scopes: [String]? = nil) async throws {
    if try await backend("GET", "/integrations/notes").status == 404 {
      try await integrate("notes", provider: "notes", method: "oauth", Notes.client, scopes: scopes)
    }
    let page = try await finishNotes(id, query: query)
    #expect(page.status == 200, "\(page.text)")
  }

  /// A whole authorization: what the provider's page would do is done by hand.
  func finishNotes(_ id: String, query: String = "", code: String = "canary-code") async throws
    -> Answer
  {
    let browser = Browser(self)
    let start = try await browser.open(
      "/oauth/connect/notes?public_key=\(publicKey)&connection_id=\(id)\(query)")
    guard start.status == 302 else { return start }
    return try await browser.open("/oauth/callback/notes?code=\(code)&state=\(Self.state(start))")
  }

  static func state(_ start: Answer) -> String {
    let query = start.header("Location").flatMap { $0.split(separator: "?").last } ?? ""
    return FormText.pairs(String(query))?.first { $0.name == "state" }?.value ?? ""
  }

  func readNotes(_ id: String = "n1", _ query: String = "") async throws -> Answer {
    try await backend("GET", "/connections/\(id)?provider_config_key=notes\(query)")
  }

  func activity(_ query: String = "") async throws -> [JSON] {
    try await backend("GET", "/activity?limit=500\(query)").json["data"]?.elements ?? []
  }
}
