import KeywrightCompiler
import Testing

/// Which credential `credential` is: what only a run decides counts as any of those that it may be, and no more.
@Suite("Which credential is meant")
struct CredentialMeaningTests {
  /// An application's credential and then a person's; what follows goes to a host that the person named.
  private func told(_ end: String, when condition: String = "") -> [String] {
    let text = """
      name: Demo
      api: { base: 'https://api.demo.com' }
      auth:
        login:
          kind: custom
          setup: { client_id: { title: I }, client_secret: { title: S, type: secret } }
          ask: { domain: { title: D, type: host }, pin: { title: P, type: secret } }
          client_authentication: { form: { client_id: $<client_id>, client_secret: $<client_secret> } }
          exchange:
            - post: https://demo.com/app
              with: client
              credential: { name: app, access_token: $<body.t> }
            - post: https://demo.com/user
              with: app
              \(condition)
              form: { pin: $<pin> }
              credential: { name: user, access_token: $<body.t> }
            - get: https://$<domain>/me
              with: \(end)
              save: { id: { from: $<body.id>, type: text } }
          credentials:
            user: { sign: { headers: { Authorization: Bearer $<credential.access_token> } } }
            app: { sign: { headers: { X-App: $<credential.access_token> } } }
          verify: GET /me
      """
    return compile(SourceText(name: "demo.yaml", text: text), id: "demo").diagnostics.map(\.code)
  }

  @Test("in the exchange it is the last that was made, where that is certain")
  func last() {
    #expect(told("credential") == [])
    #expect(told("user") == [])
  }

  @Test("where a step may have been left out, it is either")
  func either() {
    #expect(
      told("credential", when: "when: domain == \"a.demo.com\"") == ["secret-to-foreign-host"])
  }

  @Test("one that is named is that one")
  func named() {
    #expect(told("app") == ["secret-to-foreign-host"])
  }
}
