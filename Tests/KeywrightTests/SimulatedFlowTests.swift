import HTTPTypes
import Keywright
import KeywrightDefinition
import KeywrightSimulator
import KeywrightTesting
import KeywrightZ
import Synchronization
import Testing

/// What a simulated provider and a hostile way back do to the engine and the keeper.
@Suite("Flows with a simulated provider")
struct SimulatedFlowTests {
  private static let client = AnyClient(["client_id": "cid", "client_secret": "s3cret"])
  private static let redirect = "https://app.example.com/callback"
  private static let redirectWithQuery = redirect + "?from=a&to=b+c%26d"

  /// One method, its provider and what is needed to connect.
  private struct Stage {
    let definition: Definition
    let provider: SimulatedProvider
    let method: AnyMethod
    let clock: ManualClock
    var person: [String: String] = [:]
    var client = SimulatedFlowTests.client

    func begin(
      _ redirectURI: String = SimulatedFlowTests.redirect
    ) throws -> (AnyPending, callback: String) {
      let pending = try method.begin(
        ProviderFields(entries: person), client: client, redirectURI: RedirectURI(redirectURI),
        in: clock.surroundings)
      return (pending, try provider.consent(at: pending.url))
    }

    func finish(_ pending: AnyPending, _ callback: String) async throws -> AnyConnection {
      try await pending.finish(
        callback: callback, client: client, over: provider, in: clock.surroundings)
    }

    func connected() async throws -> AnyConnection {
      let (pending, callback) = try begin()
      return try await finish(pending, callback)
    }
  }

  private func stage(_ id: String, person: [String: String] = [:]) throws -> Stage {
    let definition = try #require(SimulatorTests.definitions.first { $0.id == id })
    return try stage(definition, person: person)
  }

  private func stage(_ definition: Definition, person: [String: String] = [:]) throws -> Stage {
    let clock = ManualClock()
    let values = Self.client.setupFields.texts.merging(person) { $1 }
    let provider = try SimulatedProvider(
      definition,
      registration: .init(values: values, redirectURIs: [Self.redirect, Self.redirectWithQuery]),
      in: clock.surroundings)
    return Stage(
      definition: definition, provider: provider,
      method: try AnyProvider(definition).method(definition.methods[0].id), clock: clock,
      person: person)
  }

  private func zendesk() throws -> Stage { try stage("zendesk", person: ["subdomain": "acme"]) }

  private func code(_ work: () async throws -> Void) async -> AuthorizationError.Code? {
    do {
      try await work()
      return nil
    } catch {
      return (error as? AuthorizationError)?.code
    }
  }

  @Test("a consumer's own tests get the provider by its type, as the README shows")
  func typedProvider() async throws {
    let desk = Zendesk(subdomain: try HostLabel("acme"))
    let app = OAuthClient(id: "cid", secret: Secret("s3cret"))
    let provider = try SimulatedProvider(of: Zendesk.self, client: app)
    let pending = try desk.oauth.begin(
      client: app, redirectURI: RedirectURI("https://app.example.com/callback"))
    let callback = try provider.consent(at: pending.url)
    // A method that asks something before the browser leaves is begun the same way, over the transport.
    let asking = try await desk.oauth.begin(
      client: app, redirectURI: RedirectURI("https://app.example.com/callback"), over: provider)
    #expect(asking.url.hasPrefix("https://acme.zendesk.com/oauth/authorizations/new?"))
    let connection = try await pending.finish(callback: callback, client: app, over: provider)
    provider.fail("renew", with: .status(503))
    await #expect(throws: AuthorizationError.self) {
      try await connection.renewed(client: app, over: provider)
    }
    #expect(provider.seen.map(\.stage) == ["exchange", "account", "renew"])
    let other = OAuthClient(id: "other", secret: Secret("s3cret"))
    let foreign = try desk.oauth.begin(
      client: other, redirectURI: RedirectURI("https://app.example.com/callback"))
    #expect(throws: SimulatedRefusal.self) { try provider.consent(at: foreign.url) }
    // Every method is played; what the person has is refused in any other form, where it is told.
    let keyed = try SimulatedProvider(of: Zendesk.self, person: [("api_token", Secret("right"))])
    let way = desk.apiToken(email: try EmailAddress("ada@example.com"), apiToken: Secret("wrong"))
    await #expect(throws: AuthorizationError.self) { try await way.connect(over: keyed) }
    let right = desk.apiToken(email: try EmailAddress("ada@example.com"), apiToken: Secret("right"))
    #expect(try await right.connect(over: keyed).account?.id == "1001")
  }

  // MARK: The way back

  @Test("a redirect URI with parameters of its own comes to the provider as it is")
  func redirectURI() async throws {
    let stage = try zendesk()
    let (pending, callback) = try stage.begin(Self.redirectWithQuery)
    #expect(callback.hasPrefix(Self.redirectWithQuery + "&"))
    #expect(try await stage.finish(pending, callback).account?.id == "1001")
  }

  @Test(
    "a callback that was changed on its way is refused",
    arguments: [
      ("state=", "state=x", AuthorizationError.Code.stateMismatch),
      ("code=", "code=other&code=", .repeatedParameter),
      ("code=", "access_token=t&code=", .unacceptedCallback),
      ("code=", "code=x", .invalidGrant),
    ])
  func changedCallback(
    _ found: String, _ instead: String, _ expected: AuthorizationError.Code
  ) async throws {
    let stage = try zendesk()
    let (pending, callback) = try stage.begin()
    let changed = callback.replacing(found, with: instead)
    #expect(await code { _ = try await stage.finish(pending, changed) } == expected)
  }

  @Test("a callback after more than ten minutes is refused")
  func lateCallback() async throws {
    let stage = try zendesk()
    let (pending, callback) = try stage.begin()
    stage.clock.advance(by: 601)
    #expect(await code { _ = try await stage.finish(pending, callback) } == .expiredFlow)
  }

  @Test("a signed callback is believed as it was signed, and not otherwise")
  func signedCallback() async throws {
    let stage = try stage("shopify", person: ["subdomain": "acme"])
    #expect(try await stage.connected().account != nil)
    let (pending, callback) = try stage.begin(Self.redirectWithQuery)
    #expect(try await stage.finish(pending, callback).account != nil)
    let changed = callback + "&timestamp=1"
    #expect(await code { _ = try await stage.finish(pending, changed) } == .unacceptedCallback)
  }

  @Test("a code works once; shown again, it ends what it brought")
  func usedCode() async throws {
    let stage = try zendesk()
    let (pending, callback) = try stage.begin()
    let connection = try await stage.finish(pending, callback)
    #expect(await code { _ = try await stage.finish(pending, callback) } == .invalidGrant)
    let (request, body) = try connection.sign(.get("/api/v2/tickets.json"))
    #expect(try await stage.provider.send(request, body: body).status == 401)
  }

  // MARK: Answers

  @Test("an answer whose token is empty is no credential")
  func emptyToken() async throws {
    let stage = try zendesk()
    let (pending, callback) = try stage.begin()
    let transport = ChangingTransport(stage.provider) { stage, answer in
      stage == "exchange" ? answer.replacing("access_token", with: .string("")) : answer
    }
    let outcome = await code {
      _ = try await pending.finish(
        callback: callback, client: stage.client, over: transport, in: stage.clock.surroundings)
    }
    #expect(outcome == .missingCredential)
  }

  @Test("where each refresh token works once, an answer without a new one leaves none")
  func noNewRefreshToken() async throws {
    let stage = try zendesk()
    let connection = try await stage.connected()
    let transport = ChangingTransport(stage.provider) { stage, answer in
      stage == "renew" ? answer.replacing("refresh_token", with: .null) : answer
    }
    let renewed = try await connection.renewed(
      client: stage.client, over: transport, in: stage.clock.surroundings)
    #expect(renewed.credential?.refreshToken == nil && !renewed.isRenewable())
  }

  @Test("a reason that stands in the challenge alone is told")
  func challenge() async throws {
    let stage = try zendesk()
    let connection = try await stage.connected()
    stage.clock.advance(by: 4_000)
    let transport = ChangingTransport(stage.provider) { _, answer in
      TransportAnswer(status: answer.status, headers: answer.headers, body: [])
    }
    let error = await #expect(throws: AuthorizationError.self) {
      try await connection.verify(
        client: stage.client, over: transport, in: stage.clock.surroundings)
    }
    #expect(error?.providerCode == "invalid_token")
  }

  @Test("nothing is signed for another host")
  func foreignHost() async throws {
    let connection = try await zendesk().connected()
    var request = HTTPRequest.get("/api/v2/tickets.json")
    request.scheme = "https"
    request.authority = "evil.example"
    #expect(throws: AuthorizationError.self) { try connection.sign(request) }
  }

  @Test("a renewal repeats the steps that its credential depends on, and no other")
  func repetition() async throws {
    let definition = try Definition(
      spec:
        """
        name: Demo
        api: { base: https://api.demo.test }
        auth:
          login:
            kind: custom
            ask: { key: { title: Key, type: secret } }
            exchange:
              - { id: greeting, post: https://demo.test/hello, form: { key: $<key> }, save: { motto: { from: $<body.motto>, type: text } } }
              - id: login
                post: https://demo.test/login
                form: { key: $<key> }
                credential: { access_token: $<body.token>, expires_in: $<body.expires_in> }
            renew: repeat
        """)
    let stage = try stage(definition)
    let connection = try await stage.method.connect(
      ProviderFields(entries: ["key": "k"]), over: stage.provider, in: stage.clock.surroundings)
    _ = try await connection.renewed(
      client: NoClient(), over: stage.provider, in: stage.clock.surroundings)
    #expect(
      stage.provider.seen.map(\.address) == [
        "https://demo.test/hello", "https://demo.test/login", "https://demo.test/login",
      ])
  }

  // MARK: The keeper

  /// A keeper of one connection that has ended, and its provider.
  /// - Parameter isEnded: whether the person took the access back.
  private func kept(isEnded: Bool = false) async throws -> (ConnectionKeeper, Stage) {
    let stage = try zendesk()
    let keeper = ConnectionKeeper(
      store: InMemoryStore(), providers: Catalogue(stage.definition), over: stage.provider,
      in: stage.clock.surroundings)
    let connection = try await stage.connected()
    try await keeper.keep(connection, as: "acme")
    if isEnded {
      try await connection.revoke(
        client: stage.client, over: stage.provider, in: stage.clock.surroundings)
    }
    stage.clock.advance(by: 4_000)
    return (keeper, stage)
  }

  private func renewals(_ stage: Stage) -> Int {
    stage.provider.seen.count { $0.stage == "renew" }
  }

  @Test("fifty tasks that want an ended credential make one token request")
  func sharedRenewal() async throws {
    let (keeper, stage) = try await kept()
    stage.provider.fail("renew", with: .latency(.milliseconds(1)))
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await keeper.send(.get("/api/v2/tickets.json"), as: "acme", client: stage.client)
            .status
        }
      }
      for try await status in group { #expect(status == 200) }
    }
    #expect(renewals(stage) == 1)
  }

  @Test("a renewal whose answer is lost is asked for once more, and what is gone is told so")
  func lostAnswer() async throws {
    let (keeper, stage) = try await kept()
    stage.provider.fail("renew", with: .dropped)
    let outcome = await code {
      _ = try await keeper.connection("acme", client: stage.client)
    }
    #expect(outcome == .lostRotation)
    #expect(renewals(stage) == 2)
  }

  @Test("a provider that asks to be left alone is left alone so long")
  func retryAfter() async throws {
    let (keeper, stage) = try await kept()
    stage.provider.fail("renew", with: .status(429, retryAfter: 600))
    func ask() async -> AuthorizationError.Code? {
      await code { _ = try await keeper.connection("acme", client: stage.client) }
    }
    #expect(await ask() == .temporarilyUnavailable)
    stage.clock.advance(by: 500)
    #expect(await ask() == .temporarilyUnavailable)
    #expect(renewals(stage) == 1)
    stage.clock.advance(by: 200)
    #expect(await ask() == nil)
    #expect(renewals(stage) == 2)
  }

  @Test("a refresh token that is refused is not shown again")
  func refusedRenewal() async throws {
    let (keeper, stage) = try await kept(isEnded: true)
    for _ in 0..<3 {
      let outcome = await code { _ = try await keeper.connection("acme", client: stage.client) }
      #expect(outcome == .invalidGrant)
    }
    #expect(renewals(stage) == 1)
  }

  @Test("what fails at the provider is told from what the provider refuses")
  func failingServer() async throws {
    let (keeper, stage) = try await kept()
    stage.provider.fail("renew", with: .status(503), times: 9)
    let error = await #expect(throws: AuthorizationError.self) {
      _ = try await keeper.connection("acme", client: stage.client)
    }
    #expect(error?.code == .temporarilyUnavailable && error?.outcome != .rejected)
  }
}

/// A simulated provider whose answers are changed on their way.
private struct ChangingTransport: Transport {
  let provider: SimulatedProvider
  let change: @Sendable (String, TransportAnswer) -> TransportAnswer

  init(
    _ provider: SimulatedProvider,
    _ change: @escaping @Sendable (_ stage: String, TransportAnswer) -> TransportAnswer
  ) {
    self.provider = provider
    self.change = change
  }

  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    let answer = try await provider.send(request, body: body)
    return change(provider.seen.last?.stage ?? "", answer)
  }
}

extension TransportAnswer {
  /// The answer with another value of one member.
  fileprivate func replacing(_ name: String, with value: JSON) -> TransportAnswer {
    guard case .object(let members)? = try? JSON(reading: body) else { return self }
    let changed = members.map { $0.name == name ? JSON.Member(name, value) : $0 }
    return TransportAnswer(
      status: status, headers: headers, body: Array(JSON.object(changed).compactText.utf8))
  }
}
