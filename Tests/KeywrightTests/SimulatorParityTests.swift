import Foundation
import HTTPTypes
import Keywright
import KeywrightCompiler
import KeywrightCrypto
import KeywrightDefinition
import KeywrightHTTPClient
import Testing

@testable import KeywrightSimulator

/// The same requests to Authlib's server, which nobody here wrote, and to the simulator: same status, same error code.
///
/// Where they differ, the row says so, with the RFC's word on it.
@Suite("The simulator beside Authlib", .serialized)
struct SimulatorParityTests {
  /// One request to both.
  struct Row: Sendable, CustomStringConvertible {
    let description: String
    let target: Target
    /// `NAME=VALUE` pairs; CODE, REFRESH, ACCESS and VERIFIER stand for what the server gave out.
    var pairs: [String] = []
    var basic: String?
    var bearer: String?
    var verb = "POST"
    var difference: Difference?

    enum Target: Sendable { case authorize, token, revoke, api }
  }

  /// What the simulator answers where it differs, with the RFC's word on it.
  struct Difference: Sendable {
    let status: Int
    let code: String?
    let why: String

    init(_ status: Int, _ code: String?, _ why: String) {
      self.status = status
      self.code = code
      self.why = why
    }
  }

  private static let good = "kw-client:kw-secret-7f3d"
  private static let redirect = "redirect_uri=https://app.example.test/callback"
  private static let exchange = [
    "grant_type=authorization_code", "code=CODE", redirect, "code_verifier=VERIFIER",
  ]
  private static let client = ["client_id=kw-client", "client_secret=kw-secret-7f3d"]
  private static let renewal = ["grant_type=refresh_token", "refresh_token=REFRESH"]
  private static let consent = [
    "response_type=code", "client_id=kw-client", redirect, "scope=profile", "state=s",
    "code_challenge=CHALLENGE", "code_challenge_method=S256",
  ]

  private static func without(_ pairs: [String], _ name: String) -> [String] {
    pairs.filter { !$0.hasPrefix("\(name)=") }
  }

  private static func with(_ pairs: [String], _ pair: String) -> [String] {
    let name = pair.prefix { $0 != "=" }
    return pairs.map { $0.hasPrefix("\(name)=") ? pair : $0 }
  }

  static let rows: [Row] = {
    var rows: [Row] = []
    func token(
      _ what: String, _ pairs: [String], basic: String? = nil, _ difference: Difference? = nil
    ) {
      rows.append(
        Row(
          description: what, target: .token, pairs: pairs, basic: basic, difference: difference))
    }
    func authorize(_ what: String, _ pairs: [String], _ difference: Difference? = nil) {
      rows.append(
        Row(
          description: what, target: .authorize, pairs: pairs, verb: "GET", difference: difference))
    }
    func revoke(_ what: String, _ pairs: [String]) {
      rows.append(Row(description: what, target: .revoke, pairs: pairs))
    }
    func api(_ what: String, _ bearer: String?, _ difference: Difference? = nil) {
      rows.append(
        Row(description: what, target: .api, bearer: bearer, verb: "GET", difference: difference))
    }
    let twice = Difference(
      400, "invalid_request", "RFC 6749 §3.2 and §5.2: a repeated parameter is an invalid request")
    let missing = Difference(
      400, "invalid_request",
      "RFC 6749 §5.2: a request that lacks a required parameter is an invalid request")
    let code = exchange + client
    let renew = renewal + client
    token("a code, by post", code)
    token("a code, without a grant type", without(code, "grant_type"), missing)
    token("a code, with an empty grant type", with(code, "grant_type=x"))
    token("an unknown grant type", with(code, "grant_type=urn:example:nothing"))
    token("no code", without(code, "code"))
    token("another code", with(code, "code=nothing"))
    token("no redirect URI", without(code, "redirect_uri"), missing)
    token("another redirect URI", with(code, "redirect_uri=https://app.example.test/other"))
    token("no verifier", without(code, "code_verifier"))
    token("another verifier", with(code, "code_verifier=\(String(repeating: "a", count: 43))"))
    token("no client secret", without(code, "client_secret"))
    token("another client secret", with(code, "client_secret=wrong"))
    token("no client at all", exchange)
    token(
      "an unknown client", with(code, "client_id=nobody"),
      Difference(
        401, "invalid_client", "RFC 6749 §5.2 allows both statuses, and asks for neither here"))
    token("a code twice in one form", code + ["code=CODE"], twice)
    token("a grant type twice in one form", code + ["grant_type=authorization_code"], twice)
    token("a redirect URI twice in one form", code + [redirect], twice)
    token("a client secret twice in one form", code + ["client_secret=kw-secret-7f3d"], twice)
    token("a parameter that nobody knows", code + ["audience=x"])
    token(
      "both ways of client authentication", code, basic: good,
      Difference(400, "invalid_request", "RFC 6749 §2.3: not more than one way in a request"))
    token("a refresh token, by post", renew)
    token("a refresh token and the scope that it has", renew + ["scope=profile"])
    token("a refresh token and a wider scope", renew + ["scope=profile notes:write"])
    token("no refresh token", without(renew, "refresh_token"))
    token("another refresh token", with(renew, "refresh_token=nothing"))
    token("a refresh token and another secret", with(renew, "client_secret=wrong"))
    token("a refresh token without a client", renewal)
    token("an access token in place of a refresh token", with(renew, "refresh_token=ACCESS"))
    token("a code in place of a refresh token", with(renew, "refresh_token=CODE"))
    token("a refresh token twice in one form", renew + ["refresh_token=REFRESH"], twice)
    token(
      "an empty form", [],
      Difference(
        401, "invalid_client", "RFC 6749 §3.2.1: who the client is comes before what it wants"))
    authorize("a whole authorization request", consent)
    authorize("without a client", without(consent, "client_id"))
    authorize("with an unknown client", with(consent, "client_id=nobody"))
    authorize("with another redirect URI", with(consent, "redirect_uri=https://evil.example/"))
    authorize("without a redirect URI", without(consent, "redirect_uri"))
    authorize(
      "without a response type", without(consent, "response_type"),
      Difference(302, "invalid_request", "RFC 6749 §4.1.2.1: a required parameter is missing"))
    authorize("with another response type", with(consent, "response_type=token"))
    authorize("without a challenge", without(consent, "code_challenge"))
    authorize("with an unknown challenge method", with(consent, "code_challenge_method=S512"))
    authorize("with an unknown scope", with(consent, "scope=nothing"))
    authorize("without a scope", without(consent, "scope"))
    authorize(
      "with a state twice", consent + ["state=t"],
      Difference(
        302, "invalid_request",
        "RFC 6749 §4.1.2.1: client and redirect URI are good, so the browser is sent back"))
    authorize("with a client twice", consent + ["client_id=kw-client"])
    api("the API with a token", "ACCESS")
    api("the API with another token", "nothing")
    api(
      "the API without a token", nil,
      Difference(401, nil, "RFC 6750 §3.1: who shows nothing is told no error code"))
    api("the API with a refresh token", "REFRESH")
    revoke("the end of an access token", ["token=ACCESS"] + client)
    revoke("the end of a refresh token", ["token=REFRESH"] + client)
    revoke("the end of an unknown token", ["token=nothing"] + client)
    revoke("the end of nothing", client)
    revoke("the end of a token by nobody", ["token=ACCESS"])
    revoke(
      "the end of a token by another",
      ["token=ACCESS", "client_id=kw-client", "client_secret=wrong"])
    return rows
  }()

  /// What an answer says: its status and the RFC's code, wherever that stands.
  private struct Said: Equatable, CustomStringConvertible {
    let status: Int
    let code: String?
    var description: String { "\(status) \(code ?? "-")" }

    init(status: Int, code: String?) {
      self.status = status
      self.code = code
    }

    init(_ answer: TransportAnswer) {
      status = answer.status == 303 ? 302 : answer.status
      let query = answer.headers[.location].flatMap { location in
        FormText.pairs(String(location.drop { $0 != "?" }.dropFirst()))
      }
      let json = try? JSON(reading: answer.body)
      let challenge = answer.headers[.wwwAuthenticate] ?? ""
      let said = query?.first { $0.name == "error" }?.value ?? json?["error"]?.text
      code = said ?? (challenge.contains(#"error="invalid_token""#) ? "invalid_token" : nil)
    }
  }

  @Test("both answer with the same status and the same error code", arguments: rows)
  func parity(_ row: Row) async throws {
    let server = try await AuthlibServer.running()
    let theirs = try await HTTPClientTransport.with(origins: server.origins) { transport in
      try await Said(ask(row, transport, page: { try await self.open($0, transport) }))
    }
    let provider = try Self.simulated()
    let ours = try await Said(ask(row, provider, page: { try self.open($0, provider) }))
    if let difference = row.difference {
      #expect(
        ours == Said(status: difference.status, code: difference.code), "\(difference.why)")
      #expect(theirs != ours, "they no longer differ: \(theirs)")
    } else {
      #expect(ours == theirs, "Authlib: \(theirs), the simulator: \(ours)")
    }
  }

  private static func simulated() throws -> SimulatedProvider {
    let path = Repository.root.appendingPathComponent("Tests/Fixtures/notebook.provider.yaml").path
    let file = try #require(SpecFolder([path]).files.first)
    let definition = try #require(try file.compiled().provider).definition
    return try SimulatedProvider(
      definition, method: "oauth",
      registration: .init(
        values: ["client_id": "kw-client", "client_secret": "kw-secret-7f3d", "workspace": "acme"],
        isWhole: true, redirectURIs: ["https://app.example.test/callback"],
        scopes: ["profile", "notes:read", "notes:write"]))
  }

  /// Gets what the row needs, and asks.
  private func ask(
    _ row: Row, _ transport: some Transport, page: (String) async throws -> TransportAnswer
  ) async throws -> TransportAnswer {
    let verifier = String(repeating: "v", count: 43)
    let origin = "https://acme.notebook.test"
    var values = [
      "VERIFIER": verifier,
      "CHALLENGE": Encoding.base64URL(digest(Array(verifier.utf8), .sha256)),
    ]
    func filled(_ pairs: [String]) -> String {
      FormText.text(
        pairs.map { pair in
          let halves = pair.split(separator: "=", maxSplits: 1).map(String.init)
          return (halves[0], values[halves.last ?? ""] ?? halves.last ?? "")
        }, encode: Encoding.form)
    }
    func post(_ path: String, _ pairs: [String], basic: String? = nil) async throws
      -> TransportAnswer
    {
      var request = HTTPRequest(
        method: .post, scheme: "https", authority: "acme.notebook.test", path: path)
      request.headerFields[.contentType] = "application/x-www-form-urlencoded"
      if let basic {
        request.headerFields[.authorization] = "Basic \(Encoding.base64(Array(basic.utf8)))"
      }
      return try await transport.send(request, body: Array(filled(pairs).utf8))
    }
    if row.target == .authorize {
      return try await page("\(origin)/oauth/authorize?\(filled(row.pairs))")
    }
    let consented = try await page("\(origin)/oauth/authorize?\(filled(Self.consent))")
    let callback = try #require(consented.headers[.location])
    let pairs = FormText.pairs(String(callback.drop { $0 != "?" }.dropFirst())) ?? []
    values["CODE"] = try #require(pairs.first { $0.name == "code" }).value
    let needsTokens = (row.pairs + [row.bearer ?? ""]).contains {
      $0.hasSuffix("REFRESH") || $0.hasSuffix("ACCESS")
    }
    if needsTokens {
      let answer = try await post("/oauth/token", Self.exchange + Self.client)
      let json = try JSON(reading: answer.body)
      values["REFRESH"] = json["refresh_token"]?.text
      values["ACCESS"] = json["access_token"]?.text
    }
    switch row.target {
    case .token: return try await post("/oauth/token", row.pairs, basic: row.basic)
    case .revoke: return try await post("/oauth/revoke", row.pairs, basic: row.basic)
    case .api, .authorize:
      var request = HTTPRequest(
        method: .get, scheme: "https", authority: "acme.notebook.test", path: "/api/me")
      if let bearer = row.bearer {
        request.headerFields[.authorization] = "Bearer \(values[bearer] ?? bearer)"
      }
      return try await transport.send(request, body: nil)
    }
  }

  private func open(_ url: String, _ transport: HTTPClientTransport) async throws -> TransportAnswer
  {
    try await transport.send(try HTTPRequest(opening: url, cookie: nil), body: nil)
  }

  private func open(_ url: String, _ provider: SimulatedProvider) throws -> TransportAnswer {
    do {
      let location = try provider.consent(at: url)
      return TransportAnswer(status: 302, headers: [.location: location], body: [])
    } catch {
      let code = error.text.prefix { $0 != ":" }
      return .init(
        status: error.status, headers: [:], body: Array(#"{"error":"\#(code)"}"#.utf8))
    }
  }
}
