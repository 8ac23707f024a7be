import HTTPTypes
import Keywright
import KeywrightDefinition
import KeywrightTesting
import KeywrightZ
import Testing

@Suite("A connection")
struct ConnectionTests {
  static let token =
    #"{"access_token":"a1","refresh_token":"r1","expires_in":1800,"scope":"read","token_type":"bearer"}"#

  private func connection(_ token: String = token) async throws -> Connection<Zendesk> {
    try await Flow().finish(token: .json(token))
  }

  // MARK: Sign

  @Test("a request without a host goes to the API, with the credential")
  func signs() async throws {
    let request = HTTPRequest(method: .get, path: "/api/v2/tickets.json?page=2")
    let (signed, body) = try await connection().sign(request, body: [1])
    #expect(signed.scheme == "https")
    #expect(signed.authority == "acme.zendesk.com")
    #expect(signed.path == "/api/v2/tickets.json?page=2")
    #expect(signed.headerFields[.authorization] == "Bearer a1")
    #expect(body == [1])
  }

  @Test("the request's own headers stay, but for the one that carries the credential")
  func headers() async throws {
    var request = HTTPRequest(method: .get, path: "/x")
    request.headerFields[.accept] = "text/csv"
    request.headerFields[.authorization] = "Bearer mine"
    let (signed, _) = try await connection().sign(request)
    #expect(signed.headerFields[.accept] == "text/csv")
    #expect(signed.headerFields[values: .authorization] == ["Bearer a1"])
  }

  @Test(
    "a request to another origin is not signed",
    arguments: [
      ("https", "evil.test", "/"), ("http", "acme.zendesk.com", "/"),
      ("https", "acme.zendesk.com:444", "/"),
      ("https", "other.zendesk.com", "/"), ("https", "acme.zendesk.com@evil.test", "/"),
      ("https", "acme.zendesk.com.evil.test", "/"),
    ])
  func foreign(_ scheme: String, _ authority: String, _ path: String) async throws {
    let request = HTTPRequest(method: .get, scheme: scheme, authority: authority, path: path)
    let connection = try await connection()
    let error = #expect(throws: AuthorizationError.self) { try connection.sign(request) }
    #expect(error?.code == .foreignOrigin || error?.code == .unfitRequest)
  }

  @Test(
    "a path that would lengthen the host is no path",
    arguments: [".evil.test/", "@evil.test/", ":1/", ""])
  func paths(_ path: String) async throws {
    let connection = try await connection()
    #expect(throws: AuthorizationError.self) {
      try connection.sign(HTTPRequest(method: .get, path: path))
    }
  }

  @Test(
    "Basic of RFC 7617, with the spec's template before the colon",
    arguments: [
      ("ada@example.com", "open sesame", "YWRhQGV4YW1wbGUuY29tL3Rva2VuOm9wZW4gc2VzYW1l"),
      ("ada@example.com", "123£", "YWRhQGV4YW1wbGUuY29tL3Rva2VuOjEyM8Kj"),
    ])
  func basic(_ email: String, _ token: String, _ expected: String) async throws {
    let transport = CannedTransport(json: #"{"user":{"id":7,"name":"Ada"}}"#)
    let connection = try await Zendesk(subdomain: try HostLabel("acme"))
      .apiToken(email: EmailAddress(email), apiToken: Secret(token)).connect(over: transport)
    #expect(transport.seen[0].request.headerFields[.authorization] == "Basic \(expected)")
    #expect(transport.seen[0].request.path == "/api/v2/users/me.json")
    #expect(connection.account?.id == "7")
  }

  // MARK: Renew

  @Test("a renewal sends the refresh token and the client, and keeps what does not come")
  func renews() async throws {
    let transport = CannedTransport(json: #"{"access_token":"a2","refresh_token":"r2"}"#)
    let renewed = try await connection().renewed(
      client: Flow.client, over: transport, in: Flow.surroundings(at: 1_700_001_000))
    let client = #""client_id":"cid","client_secret":"CANARY-client-secret""#
    #expect(
      transport.seen[0].body
        == #"{"expires_in":1800,"grant_type":"refresh_token","refresh_token":"r1",\#(client)}"#)
    #expect(renewed.credential?.accessToken == Secret("a2"))
    #expect(renewed.credential?.refreshToken == Secret("r2"))
    #expect(renewed.grantedScopes == ["read"])
    #expect(renewed.account?.id == "1")
    // Without a new lifetime, the last one counts anew.
    #expect(renewed.credential?.expiresAt == UnixTime(seconds: 1_700_001_000 + 1_800))
  }

  @Test("a refresh token that works once is not kept when no new one comes")
  func usedUp() async throws {
    let transport = CannedTransport(json: #"{"access_token":"a2"}"#)
    let renewed = try await connection().renewed(client: Flow.client, over: transport)
    #expect(renewed.credential?.refreshToken == nil)
    #expect(renewed.credential?.accessToken == Secret("a2"))
  }

  @Test("a refusal leaves the connection as it was")
  func refused() async throws {
    let connection = try await connection()
    let transport = CannedTransport([.json(#"{"error":"invalid_grant"}"#, status: 400)])
    let error = await #expect(throws: AuthorizationError.self) {
      try await connection.renewed(client: Flow.client, over: transport)
    }
    #expect(error?.code == .invalidGrant)
    #expect(error?.stage == "renew")
    #expect(connection.credential?.accessToken == Secret("a1"))
  }

  @Test(
    "a credential is due before it ends",
    arguments: [(0, false), (1_439, false), (1_440, true), (1_800, true)] as [(Int64, Bool)])
  func due(_ age: Int64, _ isDue: Bool) async throws {
    let credential = try #require(try await connection().credential)
    let start: Int64 = 1_700_000_060
    #expect(credential.isDue(at: UnixTime(seconds: start + age)) == isDue)
    #expect(credential.isExpired(at: UnixTime(seconds: start + age)) == (age >= 1_800))
  }

  @Test("an API token has nothing to be renewed with")
  func nothingToRenew() async throws {
    let connection = try await Zendesk(subdomain: try HostLabel("acme"))
      .apiToken(email: EmailAddress("ada@example.com"), apiToken: Secret("t"))
      .connect(over: CannedTransport(json: #"{"user":{"id":7}}"#))
    #expect(connection.credential?.expiresAt == nil)
    let error = await #expect(throws: AuthorizationError.self) {
      try await connection.renewed(client: Flow.client, over: UnreachableTransport())
    }
    #expect(error?.code == .personNeeded)
  }

  // MARK: Account

  @Test(
    "an account without an id fails the flow",
    arguments: ["{}", #"{"user":{"id":null}}"#, #"{"user":{"id":""}}"#, #"{"user":{"id":{}}}"#])
  func account(_ answer: String) async throws {
    let error = await #expect(throws: AuthorizationError.self) {
      try await Flow().finish(token: .json(Self.token), account: answer)
    }
    #expect(error?.code == .missingAccount)
  }

  @Test("an account's id keeps every digit, and its parts have no control characters")
  func accountParts() async throws {
    let connection = try await Flow().finish(
      token: .json(Self.token),
      account: #"{"user":{"id":17841400123456789,"name":"A\u0000d\r\na\u2028"}}"#)
    #expect(connection.account?.id == "17841400123456789")
    #expect(connection.account?.name == "Ada")
  }

  // MARK: Keep

  @Test("what was sealed opens with its key, its provider and nothing else")
  func sealing() async throws {
    let connection = try await connection()
    let key = try SealingKey.random()
    let sealed = try connection.sealed(with: key)
    let opened = try Connection<Zendesk>(opening: sealed, with: key)
    #expect(opened.credential?.accessToken == Secret("a1"))
    #expect(opened.account == connection.account)
    #expect(opened.provider.subdomain.text == "acme")
    let flow = try Flow().pending.sealed(with: key)
    for wrong in [
      flow, "", "kwc1.", "kwc1.AAAA", sealed + "A", String(sealed.dropLast()), "x" + sealed,
    ] {
      #expect(throws: AuthorizationError.self) {
        try Connection<Zendesk>(opening: wrong, with: key)
      }
    }
    #expect(throws: AuthorizationError.self) {
      try Connection<Zendesk>(opening: sealed, with: SealingKey.random())
    }
    #expect(throws: AuthorizationError.self) { try Pending<Zendesk>(opening: sealed, with: key) }
  }

  @Test("a key has 32 bytes, and comes back from its text")
  func keys() throws {
    let key = try SealingKey.random()
    let sealed = try Flow().pending.sealed(with: key)
    #expect(throws: Never.self) {
      try Pending<Zendesk>(opening: sealed, with: SealingKey(key.text))
    }
    #expect(throws: AuthorizationError.self) { try SealingKey([1, 2, 3]) }
    #expect(throws: AuthorizationError.self) { try SealingKey(Secret("short")) }
    #expect("\(key)" == "<sealing key>")
  }

  @Test("no way of printing a connection or a credential shows a part of it")
  func printing() async throws {
    let connection = try await Flow().finish(
      token: .json(#"{"access_token":"CANARY-a","refresh_token":"CANARY-r"}"#))
    let form = Zendesk(subdomain: try HostLabel("acme"))
      .apiToken(email: try EmailAddress("ada@example.com"), apiToken: Secret("CANARY-t"))
    for value in [connection, connection.credential as Any, [connection], form, Flow.client]
      as [Any]
    {
      var dumped = ""
      dump(value, to: &dumped)
      for text in [dumped, "\(value)", String(reflecting: value)] {
        #expect(!text.contains("CANARY"), "\(text)")
      }
    }
  }
}

@Suite("Client authentication")
struct ClientAuthenticationTests {
  @Test("a field that the spec's type refuses never reaches a request")
  func fields() async throws {
    let error = await #expect(throws: AuthorizationError.self) {
      try await Zendesk(subdomain: try HostLabel("acme"))
        .apiToken(email: EmailAddress("ada@example.com"), apiToken: Secret("")).connect(
          over: UnreachableTransport())
    }
    #expect(error?.code == .invalidField)
  }

  @Test(
    "a key's text is base64 of either alphabet, and what is none is told so",
    arguments: [
      ("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=", true),
      ("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA", true),
      ("+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/8=", true), ("hello", false), ("", false),
      ("q83vEjRWeJCrze8SNFZ4kA==", false), ("a sealing key", false),
    ])
  func keys(_ text: String, _ isKey: Bool) throws {
    if isKey {
      _ = try SealingKey(Secret(text))
    } else {
      let error = #expect(throws: AuthorizationError.self) { try SealingKey(Secret(text)) }
      #expect(error?.code == .unfitKey)
    }
  }

  @Test("a client without its secret is refused before anything is sent")
  func publicClient() throws {
    let error = #expect(throws: AuthorizationError.self) {
      try Catalogue([Zendesk.self]).provider("zendesk").method("oauth").begin(
        ProviderFields(entries: ["subdomain": "acme"]), client: PublicClient(id: "cid"),
        redirectURI: RedirectURI("https://app.example.test/"))
    }
    #expect(error?.code == .incompleteSetup)
    #expect(error?.message.contains("client_secret") == true)
  }
}
