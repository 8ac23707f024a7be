import KeywrightCompiler
import Testing

/// Mistakes that newcomers made with the language page beside them: each is answered by what to write.
@Suite("What a newcomer gets wrong")
struct NewcomerTests {
  /// A file's keys, a method's keys beside `kind: oauth2` and its endpoints, and what has to be told.
  static let mistakes: [(file: String, method: String, told: String)] = [
    ("api: { base_url: https://api.demo.com }", "", "did you mean 'base'?"),
    ("category: crm", "", "did you mean 'categories'?"),
    ("test: GET /me", "", "did you mean 'verify'?"),
    ("title: Demo", "", "did you mean 'name'?"),
    ("", "client_authentication: basic", "did you mean 'client_secret_basic'?"),
    ("", "refresh_token: { rotates: true }", "'refresh_token: { rule: rotates }'"),
    ("", "save: { team: $<body.team> }", "'{ from: $<body.id>, type: text }'"),
    ("", "save: { team: { from: $<body.team> } }", "without its 'type', as in 'type: text'"),
    ("", "ask: [team]", "'team: { title: Team }'"),
    ("", "accept: response.ok", "did you mean 'body'?"),
    ("", "token_parameters: { a: '$<base64(client_id)>' }", "as in 'value.base64()'"),
    ("", "token_parameters: { a: $<body.x[0].id> }", "an element is written '.0' and not '[0]'"),
    ("account: { id: $<body.id> }", "", "add the request, as in 'get: /me'"),
    (
      "account: { get: /me, id: $<body.id>, name: $.data.name }", "",
      "the name '$.data.name' is the same for everybody"
    ),
    ("", "token_parameters: { a: '{client_id}' }", "a value is written '$<client_id>'"),
    (
      "",
      "exchange: [{ id: one, post: https://demo.com/a }, preset]\n"
        + "    token_parameters: { a: $<one.body.x> }",
      "'one'; it is a step, and what later steps read of its answer is made by its 'let'"
    ),
  ]

  @Test("each mistake is answered by what to write", arguments: mistakes.indices)
  func mistake(_ index: Int) {
    let mistake = Self.mistakes[index]
    let text = """
      name: Demo
      \(mistake.file)
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.com/authorize
          token_endpoint: https://demo.com/token
          \(mistake.method)
      """
    let api = mistake.file.hasPrefix("api") ? "" : "\napi: { base: https://api.demo.com }\n"
    let found = compile(SourceText(name: "demo.yaml", text: text + api), id: "demo").diagnostics
    #expect(
      found.contains { $0.message.contains(mistake.told) },
      "\(found.map(\.description).joined(separator: "\n"))")
  }

  @Test("a method without an id is one error, which says where it belongs")
  func flat() {
    let text = "name: Demo\nauth:\n  kind: oauth2\n  token_endpoint: https://demo.com/token\n"
    let found = compile(SourceText(name: "demo.yaml", text: text), id: "demo").diagnostics
    #expect(
      found.map(\.description) == [
        "demo.yaml:3:3: error: a method stands under an id of its own: "
          + "'auth: { oauth2: { kind: … } }' [wrong-shape]"
      ])
  }

  @Test("of several methods the one is named in which a name is unknown")
  func several() {
    let text = """
      name: Demo
      api: { base: "https://$<team>.demo.com" }
      auth:
        basic: { ask: { team: { title: Team, type: host_label } } }
        api_key: {}
      """
    let found = compile(SourceText(name: "demo.yaml", text: text), id: "demo").diagnostics
    #expect(found.map(\.message) == ["unknown name 'team' in the method 'api_key'"])
  }
}
