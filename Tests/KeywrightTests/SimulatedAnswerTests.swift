import Foundation
import HTTPTypes
import Keywright
import KeywrightCompiler
import KeywrightDefinition
import KeywrightSimulator
import Testing

/// Answers that a definition looks for in odd places.
@Suite("Answers of the simulator")
struct SimulatedAnswerTests {
  /// A log-in of one request whose step and rest are given.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let step: String
    var rest = ""
  }

  private static let credential = "credential: { access_token: $<body.token> }"

  static let cases = [
    Case(
      testDescription: "an element of a list, found by a condition",
      step:
        #"credential: { access_token: "$<body.items.find(item.primary == true and item.kind == \"main\").token>" }"#
    ),
    Case(
      testDescription: "the last of a list",
      step: "credential: { access_token: $<body.items.last.token> }"),
    Case(
      testDescription: "claims of a token that is no token of ours",
      step: "credential: { access_token: $<body.id_token.claims().sub> }"),
    Case(
      testDescription: "a cookie and a header",
      step:
        #"credential: { access_token: $<cookie.session>, csrf: '$<header."x-csrf-token">' }"#,
      rest:
        "sign: { cookies: { session: $<credential.access_token> }, headers: { X-Csrf: $<credential.csrf> } }"
    ),
    Case(
      testDescription: "the whole text",
      step: "format: text\n          credential: { access_token: $<body.trim()> }"),
    Case(
      testDescription: "a form",
      step: "format: form\n          credential: { access_token: $<body.oauth_token> }"),
    Case(
      testDescription: "an element of XML and its attribute",
      step:
        "format: xml\n          credential: { access_token: $<body.Session.Token>, id: $<body.Session.\"@id\"> }",
      rest:
        "sign: { headers: { Authorization: \"Session $<credential.id> $<credential.access_token>\" } }"
    ),
    Case(
      testDescription: "the end as a date, as minutes and as days with hours",
      step:
        "credential: { access_token: $<body.token>, expires_at: $<body.until.seconds(\"iso8601\")> }\n          save: { left: { from: $<body.left>, type: integer } }",
      rest: "renew: repeat"),
    Case(
      testDescription: "another status and a truth, none of them the usual",
      step:
        "accept: status == 201 and body.ok == true and body.error == none\n          \(credential)"),
    Case(
      testDescription: "a part of a longer text",
      step: "credential: { access_token: \"$<body.line.split(\\\"=\\\").0>\" }"),
    Case(
      testDescription: "what stands there or else here",
      step: "credential: { access_token: $<body.new_token else body.token> }"),
    Case(
      testDescription: "an answer that only the example can tell",
      step:
        "accept: body.proof.sha256().hex() == \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"\n          example: { proof: foo, token: t }\n          \(credential)"
    ),
    Case(
      testDescription: "a signature over time, path and body",
      step: credential,
      rest:
        "sign: { let: { date: \"$<now.time(\\\"rfc1123\\\")>\" }, headers: { Date: $<date>, X-Id: $<uuid>, Authorization: \"HMAC $<(date + uuid + request.method + request.path).hmac_sha256(credential.access_token).base64()>\" } }"
    ),
  ]

  private func logIn(_ step: String, _ rest: String = "") throws -> Definition {
    try Definition(
      spec:
        """
        name: Demo
        api: { base: https://api.demo.test }
        auth:
          login:
            kind: custom
            ask: { key: { title: Key, type: secret } }
            exchange:
              post: https://demo.test/login
              form: { key: $<key> }
              \(step.replacing("\n          ", with: "\n      "))
            \(rest)
        """)
  }

  private func rehearse(_ definition: Definition) async {
    for rehearsal in await Rehearsal.all(of: definition.methods[0], in: definition) {
      let seen = rehearsal.seen.map(\.description).joined(separator: "\n")
      #expect(rehearsal.failure == nil, "\(rehearsal.outcomes)\n\(seen)")
    }
  }

  @Test("what a definition reads is put where it reads it", arguments: cases)
  func answers(_ row: Case) async throws {
    await rehearse(try logIn(row.step, row.rest))
  }

  @Test("a value in the URL's own query comes to the provider whole, whatever it holds")
  func ownQuery() async throws {
    await rehearse(
      try Definition(
        spec:
          """
          name: Demo
          api: { base: https://api.demo.test }
          auth:
            login:
              kind: custom
              ask: { user: { title: User, example: 'a b&c=d#e' } }
              exchange:
                get: https://demo.test/login?kind=x&user=$<user>
                credential: { access_token: $<body.token> }
          """))
  }

  @Test("a browser that opens a program's address spends nothing there")
  func browserAtTokenEndpoint() async throws {
    let definition = try Definition(
      spec:
        """
        name: Demo
        api: { base: https://api.demo.test }
        auth:
          oauth:
            kind: oauth2
            client_authentication: none
            authorization_endpoint: https://demo.test/authorize
            exchange:
              get: https://demo.test/token
              query: { code: $<callback.code>, code_verifier: $<pkce.verifier> }
              credential: { access_token: $<body.access_token> }
        """)
    let method = definition.methods[0]
    let provider = try SimulatedProvider(definition, registration: .init())
    let transport = BrowsingTransport(provider: provider)
    let form = FilledForm.all(of: method)[0]
    _ = try await Rehearsal.connect(method, of: definition, form, over: transport) { url in
      try provider.consent(at: url)
    }
    #expect(provider.seen.map(\.status) == [200])
  }

  @Test("without an API credentials are renewed and ended all the same")
  func withoutAPI() async throws {
    let definition = try Definition(
      spec:
        """
        name: Demo
        auth:
          oauth:
            kind: oauth2
            authorization_endpoint: https://demo.test/authorize
            token_endpoint: https://demo.test/token
            revocation_endpoint: https://demo.test/revoke
        """)
    let rehearsals = await Rehearsal.all(of: definition.methods[0], in: definition)
    let passed = rehearsals[0].outcomes.filter { $0.outcome == .passed }.map(\.act)
    #expect(passed == [.connect, .renew, .revoke], "\(rehearsals[0].outcomes)")
  }

  @Test("what an example says is what the simulator says: how long it lasts, and where the API is")
  func example() async throws {
    let definition = try Definition(
      spec:
        """
        name: Demo
        api: { base: $<region> }
        auth:
          login:
            kind: custom
            ask: { pin: { title: PIN, type: secret } }
            exchange:
              post: https://demo.test/session
              form: { pin: $<pin> }
              save: { region: { from: $<body.endpoint>, type: url } }
              credential: { access_token: $<body.token>, expires_in: $<body.lives> }
              example: { token: abc, lives: 86400, endpoint: https://eu-7.real.example/v2 }
            renew: repeat
            sign: { headers: { X-Token: $<credential.access_token> } }
        """)
    let method = definition.methods[0]
    let rehearsal = await Rehearsal.all(of: method, in: definition)[0]
    #expect(rehearsal.failure == nil, "\(String(describing: rehearsal.failure))")
    #expect(rehearsal.seen.contains { $0.address.hasPrefix("https://eu-7.real.example/v2/") })
    let provider = try SimulatedProvider(definition, registration: .init())
    #expect(provider.addresses.contains("https://eu-7.real.example"))
    let clock = Surroundings(
      now: { UnixTime(seconds: 1_000) }, randomBytes: Surroundings.system.randomBytes)
    let connection = try await AnyProvider(definition).method("login").connect(
      ProviderFields(entries: ["pin": "1234"]), over: provider, in: clock)
    #expect(connection.credential?.expiresAt == UnixTime(seconds: 87_400))
  }

  @Test(
    "a length of time that can be none stands for an hour",
    arguments: ["0", "-1", "9223372036854775807"])
  func lifetime(_ lives: String) async throws {
    let definition = try logIn(
      "credential: { access_token: $<body.token>, expires_in: $<body.lives> }\n"
        + "          example: { token: abc, lives: \(lives) }")
    let provider = try SimulatedProvider(definition, registration: .init())
    let clock = Surroundings(
      now: { UnixTime(seconds: 1_000) }, randomBytes: Surroundings.system.randomBytes)
    let connection = try await AnyProvider(definition).method("login").connect(
      ProviderFields(entries: ["key": "k"]), over: provider, in: clock)
    #expect(connection.credential?.expiresAt == UnixTime(seconds: 4_600))
  }

  @Test("a renewal by the request that connected is told as a renewal")
  func repeated() async throws {
    let definition = try logIn("\(Self.credential)", "renew: repeat")
    let lines = await Rehearsal.requests(of: definition.methods[0], in: definition)
    let stages = lines.filter { $0.hasPrefix("# ") }.map { String($0.prefix { $0 != "\n" }) }
    let expected = ["# exchange", "# sign: any request to the API", "# renew"]
    #expect(stages == expected)
  }

  @Test("an answer that nobody can make is asked of the spec's author")
  func noExample() async throws {
    let definition = try logIn(
      "id: log-in\n          accept: body.proof.sha256().hex() == \"abc\"\n          \(Self.credential)"
    )
    let rehearsals = await Rehearsal.all(of: definition.methods[0], in: definition)
    let reason = rehearsals[0].failure?.reason ?? ""
    #expect(reason.contains("the simulator can't make an answer that the step 'log-in' accepts"))
    #expect(reason.contains("write one under 'example'"))
  }

  private func oauth(_ keys: String) throws -> Definition {
    try Definition(
      spec:
        """
        name: Demo
        api: { base: https://api.demo.test, unauthorized: status == 200 and body.code == 190 }
        auth:
          oauth:
            kind: oauth2
            authorization_endpoint: https://demo.test/authorize
            token_endpoint: https://demo.test/token
            revocation_endpoint: https://demo.test/revoke
        \(keys.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        """)
  }

  @Test(
    "a callback is what the definition takes",
    arguments: [
      "answer: form_post", "state_in: relay", "issuer: https://demo.test\niss: required",
      "take: { code: $<none>, authCode: secret }\nexchange_parameters: { code: $<callback.authCode> }",
      "take: { realm: text }\nsave: { realm_id: { from: $<callback.realm>, type: text } }",
    ])
  func callbacks(_ keys: String) async throws { await rehearse(try oauth(keys)) }

  @Test("each example of the language is played")
  func examples() async throws {
    let folder = Repository.root.appendingPathComponent("Tests/KeywrightCompilerTests/Examples")
      .path
    let definitions = try SpecFolder([folder]).compiled().compactMap(\.provider?.definition)
    #expect(definitions.count > 50)
    for definition in definitions {
      for method in definition.methods {
        for rehearsal in await Rehearsal.all(of: method, in: definition) {
          let seen = rehearsal.seen.map(\.description).joined(separator: "\n")
          #expect(
            rehearsal.failure == nil,
            "\(definition.id) \(method.id) \(rehearsal.variant)\n\(rehearsal.outcomes)\n\(seen)")
        }
      }
    }
  }

  @Test(
    "what is made up for a pattern matches it",
    arguments: [
      "[a-z0-9]{4,}", "shp(at|ca|pa)_[a-f0-9]{32}", #"\d+\.\d+"#, "(rk|sk)_[A-Za-z0-9_]+", "[^a]",
      "a?b*c", "(a|b)(c|d)?", "[A-Z]{2}-[0-9]{3,5}", ".+@.+", "é[à-ü]{2}",
    ])
  func patterns(_ text: String) throws {
    let pattern = try Pattern(text)
    #expect(pattern.matches(pattern.sample), "\(pattern.sample)")
  }
}

/// Opens each address in a browser, too, before the program's own request.
private struct BrowsingTransport: Transport {
  let provider: SimulatedProvider

  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    _ = provider.browse("https://\(request.authority ?? "")\(request.path ?? "")")
    return try await provider.send(request, body: body)
  }
}
