import Foundation
import KeywrightCompiler
import KeywrightDefinition
import Synchronization
import Testing

/// The long form is the same language: compiled again it gives the same definition.
@Suite("Long form and short form")
struct RoundTripTests {
  /// A provider out of text.
  private func compiled(
    _ text: String, id: String = "demo", in context: CompilerContext = CompilerContext()
  ) throws -> CompiledProvider {
    let compilation = compile(SourceText(name: "\(id).yaml", text: text), id: id, in: context)
    let errors = compilation.diagnostics.map(\.description).joined(separator: "\n")
    return try #require(compilation.provider, "\(errors)\n\(text)")
  }

  private func expectSame(
    _ text: String, id: String = "demo", in context: CompilerContext = CompilerContext()
  ) throws {
    let short = try compiled(text, id: id, in: context)
    let longText = SpecPrinter.text(of: short.lowered)
    let long = try compiled(longText, id: id, in: context)
    #expect(long.definition == short.definition, "\(longText)")
    #expect(SpecPrinter.text(of: long.lowered) == longText)
    #expect(long.spec.methods.allSatisfy { $0.value["kind"]?.text == "custom" })
  }

  @Test("every spec of the catalogue and of the tests", arguments: ["specs", "Tests/Fixtures"])
  func specs(_ path: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let files = try SpecFolder([root.appendingPathComponent(path).path]).files
    #expect(!files.isEmpty)
    for file in files {
      try expectSame(
        try String(contentsOf: URL(fileURLWithPath: file.path), encoding: .utf8), id: file.id,
        in: CompilerContext(root: file.root))
    }
  }

  /// Lines that a method of kind `oauth2` may have, each set or not.
  static let options = [
    "    pkce: off\n",
    "    client_authentication: client_secret_basic\n",
    "    refresh_token: { rule: rotates, grace: 30, idle: 54000 }\n",
    "    revocation_endpoint: https://$<team>.demo.test/revoke\n",
    "    authorization_parameters: { scope: $<none>, scopes: '$<scopes else \"a, b\">', prompt: consent }\n",
    "    token_parameters: { expires_in: 60, team: '$<team + \":x\">' }\n",
    "    issuer: https://$<team>.demo.test\n",
    "    response: { expires_in: unknown, id_token: $<body.id_token> }\n",
    "    take: { shard: text }\n    save: { shard: { from: $<callback.shard>, type: text }, home: { from: $<body.home>, type: url } }\n",
    "    token_format: form\n    token_headers: { X-Api: \"2\" }\n",
  ]

  @Test("every combination of the preset's keys", arguments: 0..<(1 << options.count))
  func combinations(_ choice: Int) throws {
    let chosen = Self.options.enumerated().filter { choice & (1 << $0.offset) != 0 }.map(\.element)
    try expectSame(
      """
      name: Demo
      ask: { team: { title: Team, type: host_label } }
      setup: { client_id: { help: "Under: Apps" } }
      api: { base: https://$<team>.demo.test }
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://$<team>.demo.test/authorize?a=1
          token_endpoint: https://$<team>.demo.test/token
      \(chosen.joined())
      """)
  }

  @Test(
    "the other presets",
    arguments: [
      "  api_key: {}\n", "  api_key: { ask: { api_key: { title: Token, help: 'Key: here' } } }\n",
      "  basic: {}\n", "  basic: { password: '' }\n",
      "  key: { kind: basic, username: $<mail>/token, ask: { mail: { title: Mail, type: email } } }\n",
      "  none: {}\n", "  api_key: { sign: { query: { key: $<api_key> } } }\n",
    ])
  func presets(_ method: String) throws {
    try expectSame("name: Demo\napi: { base: https://api.demo.test }\nauth:\n\(method)")
  }

  /// Every further key of `oauth2` and of a method, each with a value that fits beside all others.
  static let allKeys: [(key: String, lines: String)] = [
    ("grant", "    grant: authorization_code\n"), ("client", "    client: ask\n"),
    ("refresh_endpoint", "    refresh_endpoint: https://$<team>.demo.test/refresh\n"),
    ("iss", "    issuer: https://demo.test\n    iss: required\n"),
    ("exchange_parameters", "    exchange_parameters: { a: 1, b: 'x, y' }\n"),
    ("refresh_parameters", "    refresh_parameters: { scope: $<scopes else none> }\n"),
    ("state_in", "    state_in: custom\n"), ("answer", "    answer: form_post\n"),
    ("token_body", "    token_body: json\n"), ("token_type", "    token_type: [bot, Bearer]\n"),
    ("accept", "    accept: body.ok == true or body.ok == none\n"),
    ("error", "    error: { code: $<body.error.code>, permanent: status == 400 }\n"),
    ("hints", "    hints: { login_hint: { type: email } }\n"),
    (
      "scopes",
      "    scopes: { a: A, \"b:c\": B }\n    required_scopes: [a]\n    default_scopes: [\"b:c\"]\n    scope_separator: \",\"\n"
    ),
    ("title", "    title: \"One: two\"\n"),
    ("nango", "    nango: [demo, { key: x, set: { team: a } }]\n"),
    ("verify", "    verify: [GET /me, { post: /check, json: { a: 1, b: \"1\", c: null } }]\n"),
    ("account", "    account: { get: /me, id: $<body.id> }\n"),
    (
      "api",
      "    api: { headers: { X: $<team> }, also: [https://files.demo.test], unauthorized: status == 403 }\n"
    ),
    (
      "setup", "    setup: { app: { title: App, type: integer, optional: true, default: \"7\" } }\n"
    ),
    (
      "ask",
      "    ask: { region: { title: R, type: choice, default: eu, values: { eu: { title: Eu, code: \"1\" }, us: { title: Us } } } }\n"
    ),
    (
      "exchange",
      "    exchange:\n      - preset\n      - { get: /who, with: credential, when: region == \"eu\", save: { who: { from: $<body.id>, type: text, pattern: 'a+' } } }\n    ask: { region: { title: R, type: choice, values: [eu, us] } }\n"
    ),
    ("renew", "    renew: [preset, { get: /after, with: credential }]\n"),
    (
      "authorize",
      "    authorize:\n      - { get: /before, let: { x: $<body.x>, y: { from: $<body.y>, type: uuid } } }\n      - preset\n"
    ),
    ("revoke", "    revoke: { delete: /token, with: credential, format: none }\n"),
    (
      "sign",
      "    sign: { let: { t: $<now> }, headers: { A: $<credential.access_token> }, cookies: { s: $<t> } }\n"
    ),
    (
      "credentials",
      "    response: { name: one }\n    credentials: { one: { renew: refresh_token, headers: { X: y }, base: https://one.demo.test } }\n"
    ),
    ("refresh_token", "    refresh_token: none\n"), ("pkce", "    pkce: plain\n"),
    ("kept", "    refresh_token: kept\n"),
    ("none in a map", "    refresh_token: { rule: none }\n"),
    ("idle", "    refresh_token: { idle: 54000 }\n"),
    ("grace", "    refresh_token:\n      rule: rotates\n      grace: 30\n"),
    (
      "client_authentication",
      "    client_authentication: { headers: { X-Key: $<client_secret> }, query: { id: $<client_id> } }\n"
    ),
    ("basic", "    client_authentication: client_secret_basic_raw\n"),
    ("public", "    client_authentication: none\n"),
  ]

  @Test("every key of oauth2, alone and beside every other", arguments: allKeys.indices)
  func keys(_ first: Int) throws {
    for second in first..<Self.allKeys.count {
      let pair =
        first == second ? [Self.allKeys[first]] : [Self.allKeys[first], Self.allKeys[second]]
      let text = """
        name: Demo
        ask: { team: { title: Team, type: host_label } }
        api: { base: https://$<team>.demo.test }
        auth:
          oauth:
            kind: oauth2
            authorization_endpoint: https://$<team>.demo.test/authorize
            token_endpoint: https://$<team>.demo.test/token
        \(pair.map(\.lines).joined())
        """
      // Some pairs contradict each other, and are refused; one key alone never is.
      let compilation = compile(SourceText(name: "demo.yaml", text: text), id: "demo")
      if first == second || compilation.provider != nil {
        try expectSame(text)
        Self.pairs.withLock { $0 += 1 }
      }
    }
    if first == Self.allKeys.count - 1 {
      let count = Self.pairs.withLock { $0 }
      print("\(count) specs with one or two further keys: the same definition")
      #expect(count > 300)
    }
  }

  private static let pairs = Mutex(0)

  @Test("client credentials, with every key that it reads")
  func clientCredentials() throws {
    for (index, lines) in [
      "", "    client: setup\n", "    token_body: query\n    token_parameters: { resource: x }\n",
      "    token_headers: { X: y }\n    token_format: form\n",
      "    scopes: [a, b]\n    default_scopes: [a]\n",
      "    response: { expires_in: unknown }\n    save: { home: { from: $<body.home>, type: url } }\n",
    ].enumerated() {
      try expectSame(
        """
        name: Demo
        api: { base: https://api.demo.test }
        auth:
          app:
            kind: oauth2
            grant: \(index % 2 == 0 ? "client_credentials" : "{ name: account_credentials }")
            token_endpoint: https://demo.test/token
        \(lines)
        """)
    }
  }

  @Test("a definition's text reads as the same definition")
  func definitionText() throws {
    for choice in stride(from: 0, to: 1 << Self.options.count, by: 37) {
      let chosen = Self.options.enumerated().filter { choice & (1 << $0.offset) != 0 }
      let provider = try compiled(
        """
        name: Demo
        ask: { team: { title: Team, type: host_label } }
        auth:
          oauth:
            kind: oauth2
            authorization_endpoint: https://$<team>.demo.test/authorize
            token_endpoint: https://$<team>.demo.test/token
        \(chosen.map(\.element).joined())
        """)
      let text = JSON.laidOut(provider.definition.compactBytes, width: 80)
      #expect(try Definition(reading: Array(text.utf8)) == provider.definition)
      #expect(!text.contains("\"kind\"") && !text.contains("preset"))
    }
  }

  @Test("changing one literal of the long form changes the definition there and nowhere else")
  func editedLiteral() throws {
    let text = """
      name: Demo
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token

      """
    let long = SpecPrinter.text(of: try compiled(text).lowered)
    let before = JSON.laidOut(try compiled(long).definition.compactBytes, width: 0).split(
      separator: "\n")
    let edited = long.replacing("grant_type: refresh_token", with: "grant_type: renewal")
    #expect(edited != long)
    let after = JSON.laidOut(try compiled(edited).definition.compactBytes, width: 0).split(
      separator: "\n")
    let changed = zip(before, after).filter { $0 != $1 }.map { "\($1)" }
    #expect(before.count == after.count)
    #expect(
      changed.map { $0.trimmingCharacters(in: .whitespaces) } == [#""grant_type": "renewal","#])
  }
}
