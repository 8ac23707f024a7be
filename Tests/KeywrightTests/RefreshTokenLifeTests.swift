import Keywright
import KeywrightDefinition
import KeywrightSimulator
import KeywrightTesting
import Testing

/// How long refresh tokens work at a simulated provider whose spec says so.
@Suite("Lives of refresh tokens")
struct RefreshTokenLifeTests {
  private static let client = AnyClient(["client_id": "cid", "client_secret": "s3cret"])

  /// A provider with one rule of refresh tokens, its clock, and what a program does there.
  private struct Stage {
    let provider: SimulatedProvider
    let definition: Definition
    let clock = ManualClock()

    init(_ rule: String) throws {
      try self.init(
        spec: """
          name: Demo
          api: { base: https://api.demo.test }
          auth:
            oauth:
              kind: oauth2
              authorization_endpoint: https://demo.test/authorize
              token_endpoint: https://demo.test/token
              refresh_token: \(rule)
          """)
    }

    init(spec: String) throws {
      definition = try Definition(spec: spec)
      provider = try SimulatedProvider(
        definition, registration: .init(values: RefreshTokenLifeTests.client.setupFields.texts),
        in: clock.surroundings)
    }

    func connected() async throws -> AnyConnection {
      let method = try AnyProvider(definition).method(definition.methods[0].id)
      let pending = try method.begin(
        client: RefreshTokenLifeTests.client, redirectURI: RedirectURI("https://app.test/callback"),
        in: clock.surroundings)
      return try await pending.finish(
        callback: provider.consent(at: pending.url), client: RefreshTokenLifeTests.client,
        over: provider, in: clock.surroundings)
    }

    @discardableResult
    func renew(_ connection: AnyConnection, _ name: String? = nil) async throws -> AnyConnection {
      try await connection.renewed(
        name, client: RefreshTokenLifeTests.client, over: provider, in: clock.surroundings)
    }

    /// Sees that a renewal is refused as the RFC has it (RFC 6749 §5.2).
    func refuse(_ connection: AnyConnection, _ name: String? = nil) async {
      let error = await #expect(throws: AuthorizationError.self) {
        try await renew(connection, name)
      }
      #expect(error?.code == .invalidGrant && error?.providerCode == "invalid_grant")
    }
  }

  // MARK: Grace

  @Test("a refresh token that was replaced works for its grace, counted from the first time")
  func grace() async throws {
    let stage = try Stage("{ rule: rotates, grace: 30 }")
    let first = try await stage.connected()
    let second = try await stage.renew(first)
    stage.clock.advance(by: 29)
    let third = try await stage.renew(first)
    let tokens = [first, second, third].map { $0.credential?.refreshToken?.reveal() }
    #expect(Set(tokens).count == 3 && !tokens.contains(nil))
    stage.clock.advance(by: 1)
    await stage.refuse(first)
  }

  @Test("what replaced a refresh token works within the grace and after it")
  func replacements() async throws {
    let stage = try Stage("{ rule: rotates, grace: 30 }")
    let first = try await stage.connected()
    let second = try await stage.renew(first)
    let third = try await stage.renew(first)
    stage.clock.advance(by: 1_000)
    try await stage.renew(second)
    try await stage.renew(third)
  }

  @Test("a refresh token that is shown after its grace ends all that came of it")
  func reuse() async throws {
    let stage = try Stage("{ rule: rotates, grace: 30 }")
    let first = try await stage.connected()
    let second = try await stage.renew(first)
    stage.clock.advance(by: 30)
    await stage.refuse(first)
    await stage.refuse(second)
  }

  @Test(
    "without a grace, a refresh token that was replaced ends at once",
    arguments: ["rotates", "{ rule: rotates, idle: 54000 }"])
  func noGrace(_ rule: String) async throws {
    let stage = try Stage(rule)
    let first = try await stage.connected()
    try await stage.renew(first)
    await stage.refuse(first)
  }

  @Test("the grace of one credential is no other's")
  func credentials() async throws {
    let stage = try Stage(
      spec: """
        name: Demo
        api: { base: https://api.demo.test }
        auth:
          oauth:
            kind: oauth2
            authorization_endpoint: https://demo.test/authorize
            exchange:
              post: https://demo.test/token
              with: client
              form: { code: $<callback.code>, code_verifier: $<pkce.verifier> }
              credential:
                - { name: bot, access_token: $<body.bot.token>, refresh_token: $<body.bot.refresh> }
                - { name: user, access_token: $<body.user.token>, refresh_token: $<body.user.refresh> }
            renew:
              post: https://demo.test/token
              with: client
              form: { grant_type: refresh_token, refresh_token: $<credential.refresh_token> }
              credential: { access_token: $<body.token>, refresh_token: $<body.refresh> }
            refresh_token: rotates
            credentials: { bot: { refresh_token: { rule: rotates, grace: 30 } }, user: {} }
        """)
    let first = try await stage.connected()
    try await stage.renew(first, "bot")
    try await stage.renew(first, "bot")
    try await stage.renew(first, "user")
    await stage.refuse(first, "user")
  }

  @Test("with a grace, a renewal whose answer is lost is asked for again and comes")
  func lostAnswer() async throws {
    let stage = try Stage("{ rule: rotates, grace: 30 }")
    let keeper = ConnectionKeeper(
      store: InMemoryStore(), providers: Catalogue(stage.definition), over: stage.provider,
      in: stage.clock.surroundings)
    try await keeper.keep(try await stage.connected(), as: "acme")
    stage.clock.advance(by: 4_000)
    stage.provider.fail("renew", with: .dropped)
    _ = try await keeper.connection("acme", client: Self.client)
    #expect(stage.provider.seen.count { $0.stage == "renew" } == 2)
  }

  // MARK: Idle

  @Test(
    "a refresh token dies unused, and each use lets it live on",
    arguments: ["replaced_if_given", "rotates", "kept"])
  func idle(_ rule: String) async throws {
    let stage = try Stage("{ rule: \(rule), idle: 54000 }")
    var connection = try await stage.connected()
    for _ in 0..<3 {
      stage.clock.advance(by: 53_999)
      connection = try await stage.renew(connection)
    }
    stage.clock.advance(by: 54_000)
    await stage.refuse(connection)
  }

  @Test("a refresh token that died unused stays dead")
  func dead() async throws {
    let stage = try Stage("{ idle: 60 }")
    let connection = try await stage.connected()
    stage.clock.advance(by: 60)
    await stage.refuse(connection)
    await stage.refuse(connection)
  }

  @Test("where the spec says nothing of it, no refresh token dies unused")
  func immortal() async throws {
    let stage = try Stage("{ rule: rotates, grace: 30 }")
    let connection = try await stage.connected()
    stage.clock.advance(by: 100_000_000)
    try await stage.renew(connection)
  }

  @Test("a refresh token that another process was given counts as used when it is taken over")
  func adopted() async throws {
    let rule = "{ rule: kept, idle: 60 }"
    let stage = try Stage(rule)
    let store = InMemoryStore()
    let keeper = ConnectionKeeper(
      store: store, providers: Catalogue(stage.definition), over: stage.provider,
      in: stage.clock.surroundings)
    let connection = try await stage.connected()
    try await keeper.keep(connection, as: "acme")
    let kept = try #require(await store.load("acme"))
    for age in [59, 60] as [Int64] {
      let other = try Stage(rule)
      other.clock.advance(by: 1_000)
      other.provider.adopt(kept)
      other.clock.advance(by: age)
      if age < 60 { try await other.renew(connection) } else { await other.refuse(connection) }
    }
  }
}
