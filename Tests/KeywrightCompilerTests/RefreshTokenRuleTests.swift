import KeywrightCompiler
import KeywrightDefinition
import Testing

/// What a spec says of refresh tokens: a word, or a map that also says how long they work.
@Suite("Rules of refresh tokens")
struct RefreshTokenRuleTests {
  private static let words = RefreshTokenRule.allCases.map(\.rawValue)

  private func compiled(
    _ text: String, in context: CompilerContext = CompilerContext()
  ) throws -> CompiledProvider {
    let compilation = compile(SourceText(name: "demo.yaml", text: text), id: "demo", in: context)
    let errors = compilation.diagnostics.map(\.description).joined(separator: "\n")
    return try #require(compilation.provider, "\(errors)\n\(text)")
  }

  /// A provider of kind `oauth2` whose method, or whose one named credential, has a rule.
  private func provider(_ rule: String, isNamed: Bool = false) throws -> CompiledProvider {
    let line =
      isNamed
      ? "response: { name: bot }\n    credentials: { bot: { refresh_token: \(rule) } }"
      : "refresh_token: \(rule)"
    return try compiled(
      """
      name: Demo
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token
          \(line)
      """)
  }

  private func rule(_ provider: CompiledProvider) throws -> CredentialRule {
    try #require(provider.definition.methods[0].credentials.first)
  }

  // MARK: The definition

  @Test("a map with nothing but its rule means what the word alone means", arguments: words)
  func word(_ word: String) throws {
    let map = try provider("{ rule: \(word) }").definition
    #expect(try map == provider(word).definition)
    #expect(try map.compactText == provider(word).definition.compactText)
  }

  @Test(
    "a rule of one credential is read as the method's is",
    arguments: ["replaced_if_given", "rotates", "kept"])
  func named(_ word: String) throws {
    let rule = try rule(provider("{ rule: \(word), idle: 9 }", isNamed: true))
    #expect(rule.refreshToken.rawValue == word && rule.idle == 9 && rule.grace == nil)
  }

  @Test("a map of the method is each credential's that has no rule of its own")
  func inherited() throws {
    let provider = try compiled(
      """
      name: Demo
      auth:
        login:
          kind: custom
          ask: { key: { title: Key, type: secret } }
          exchange:
            post: https://demo.test/t
            form: { key: $<key> }
            credential:
              - { name: bot, access_token: $<body.a>, refresh_token: $<body.b> }
              - { name: user, access_token: $<body.c>, refresh_token: $<body.d> }
          refresh_token: { rule: rotates, grace: 30 }
          credentials: { bot: {}, user: { refresh_token: { idle: 54000 } } }
      """)
    let rules = provider.definition.methods[0].credentials
    #expect(rules.map(\.refreshToken) == [.rotates, .replacedIfGiven])
    #expect(rules.map(\.grace) == [30, nil])
    #expect(rules.map(\.idle) == [nil, 54_000])
  }

  @Test("a definition's text has a map where a lifetime is given, and else the word")
  func text() throws {
    for (rule, text) in [
      ("{ rule: rotates, grace: 30, idle: 54000 }", #"{"rule":"rotates","grace":30,"idle":54000}"#),
      ("{ grace: 1, rule: rotates }", #"{"rule":"rotates","grace":1}"#),
      ("{ idle: 315360000 }", #"{"idle":315360000}"#),
      ("{ rule: replaced_if_given, idle: 7 }", #"{"idle":7}"#),
      ("{ rule: kept }", #""kept""#),
    ] {
      for isNamed in [false, true] {
        let provider = try provider(rule, isNamed: isNamed)
        let whole = provider.definition.compactText
        #expect(whole.contains("\"refresh_token\":\(text)"), "\(whole)")
        #expect(try Definition(reading: Array(whole.utf8)) == provider.definition)
        let long = try compiled(SpecPrinter.text(of: provider.lowered))
        #expect(long.definition == provider.definition)
      }
    }
    let standard = try provider("{ rule: replaced_if_given }").definition.compactText
    #expect(!standard.contains("\"refresh_token\":{") && !standard.contains("replaced_if_given"))
  }

  @Test(
    "a definition's text whose lifetimes are none is refused",
    arguments: [
      (#"{"rule":"rotates","grace":0}"#, "wrong-shape"),
      (#"{"rule":"rotates","grace":-30}"#, "wrong-shape"),
      (#"{"rule":"rotates","grace":1.5}"#, "wrong-shape"),
      (#"{"rule":"rotates","grace":null}"#, "wrong-shape"),
      (#"{"rule":"rotates","grace":[30]}"#, "wrong-shape"),
      (#"{"idle":315360001}"#, "wrong-shape"),
      (#"{"idle":9223372036854775808}"#, "wrong-shape"),
      (#"{"idle":"054000"}"#, "wrong-shape"),
      (#"{"rule":"rotate"}"#, "unknown-word"),
      (#"{"rule":["rotates"]}"#, "wrong-shape"),
      (#"{"lifetime":30}"#, "unknown-key"),
      (#"["rotates"]"#, "wrong-shape"),
    ])
  func hostileText(_ value: String, _ code: String) throws {
    let text = try provider("rotates").definition.compactText
    let changed = text.replacing(#""refresh_token":"rotates""#, with: "\"refresh_token\":\(value)")
    #expect(changed != text)
    let problem = #expect(throws: DefinitionReader.Problem.self) {
      try Definition(reading: Array(changed.utf8))
    }
    #expect(problem?.code == code, "\(String(describing: problem))")
  }

  // MARK: The spec

  @Test("a spec that extends another says more in its map, and takes from it")
  func extended() throws {
    let base = """
      name: Base
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token
          refresh_token: { rule: rotates, grace: 30 }
      """
    var context = CompilerContext()
    context.load = { _ in SourceText(name: "base.yaml", text: base) }
    func rule(_ map: String) throws -> CredentialRule {
      try self.rule(
        try compiled(
          "name: Demo\nextends: base\nauth: { oauth: { refresh_token: \(map) } }\n", in: context))
    }
    let more = try rule("{ idle: 54000 }")
    #expect(more.refreshToken == .rotates && more.grace == 30 && more.idle == 54_000)
    let less = try rule("{ grace: $<none> }")
    #expect(less.refreshToken == .rotates && less.grace == nil)
    #expect(try rule("kept").grace == nil)
  }

  @Test("a lifetime that is none is told with what is wanted")
  func message() {
    let text = """
      name: Demo
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token
          refresh_token: { rule: rotates, grace: 30s }
      """
    let found = compile(SourceText(name: "demo.yaml", text: text), id: "demo").diagnostics
    #expect(
      found.map(\.description) == [
        "demo.yaml:7:44: error: found '30s'; wanted a whole number of seconds, from 1 to 315360000 "
          + "[wrong-shape]"
      ])
  }

  // MARK: The page

  @Test(
    "a provider's page says how long refresh tokens work",
    arguments: [
      ("rotates", ", and each refresh token works once\n"),
      (
        "{ rule: rotates, grace: 30 }",
        ", and each refresh token works once, the old one for 30 seconds more\n"
      ),
      (
        "{ rule: rotates, grace: 60, idle: 54000 }",
        ", and each refresh token works once, the old one for 1 minute more, and dies after 15 hours unused\n"
      ),
      (
        "{ rule: rotates, idle: 7776000 }",
        ", and each refresh token works once, and dies after 90 days unused\n"
      ),
      ("{ idle: 86400 }", ", and a refresh token dies after 1 day unused\n"),
      ("kept", "with the client's credentials in the body\n"),
    ])
  func page(_ rule: String, _ words: String) throws {
    let page = ProviderPage(Catalogue.Entry(try provider(rule))).text.markdown
    let line = try #require(page.split(separator: "\n").first { $0.contains("**Renew**") })
    #expect((line + "\n").hasSuffix(words), "\(line)")
  }
}
