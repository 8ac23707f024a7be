import KeywrightCompiler
import Testing

@Suite("Names that other tools use")
struct MisnomerTests {
  /// Every key of the language's records and of each kind of method.
  static let known: Set<String> = {
    let records = Record.Name.allCases.map { Language.record($0).keys }
    let keys = records + [Language.methodKeys] + Language.presets.map(\.keys)
    return Set(keys.flatMap { $0 }.map(\.name))
  }()

  @Test("each leads to a key of the language")
  func targets() {
    #expect(Misnomers.keys.count > 70)
    for (name, keys) in Misnomers.keys {
      for key in keys { #expect(Self.known.contains(key), "'\(name)' leads to '\(key)'") }
    }
  }

  /// What a contributor brings along, and the key that is told: names of RFC 8414 and RFC 7591, of Passport, Auth.js,
  /// golang.org/x/oauth2 and Nango.
  @Test(
    "what a contributor brings along is answered by the key that is meant",
    arguments: [
      ("authorizationURL", "authorization_endpoint"), ("tokenURL", "token_endpoint"),
      ("AuthURL", "authorization_endpoint"), ("TokenURL", "token_endpoint"),
      ("authorization_url", "authorization_endpoint"), ("accessTokenUrl", "token_endpoint"),
      ("token_endpoint_auth_method", "client_authentication"),
      ("token_request_auth_method", "client_authentication"),
      ("client_auth", "client_authentication"), ("AuthStyle", "client_authentication"),
      ("scopeSeparator", "scope_separator"), ("scopeDelimiter", "scope_separator"),
      ("code_challenge_method", "pkce"), ("usePKCE", "pkce"), ("userinfo", "account"),
      ("userinfo_endpoint", "account"), ("userProfileURL", nil), ("profileUrl", "account"),
      ("refreshUrl", "refresh_endpoint"), ("revocation_url", "revocation_endpoint"),
      ("authorizationParams", "authorization_parameters"), ("token_params", "token_parameters"),
      ("defaultScopes", "default_scopes"), ("entirely-unknown", nil),
    ] as [(String, String?)])
  func meant(_ name: String, _ key: String?) {
    let text = """
      name: Demo
      auth:
        oauth:
          kind: oauth2
          issuer: https://demo.com
          authorize: [{ leave: https://demo.com/authorize }]
          \(name): x
      """
    let messages = compile(SourceText(name: "demo.yaml", text: text), id: "demo").diagnostics
      .filter { $0.code == "unknown-key" }.map(\.message)
    let wanted = "unknown key '\(name)' in a method of kind 'oauth2'"
    #expect(messages == [wanted + (key.map { "; did you mean '\($0)'?" } ?? "")])
  }
}
