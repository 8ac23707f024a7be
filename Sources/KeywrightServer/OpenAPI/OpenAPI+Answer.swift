internal import KeywrightDefinition

extension OpenAPI {
  /// What is answered with one status.
  struct Answer {
    let status: Int
    let summary: String
    /// By media type; empty is no body.
    var content: [(mediaType: String, schema: Schema)] = []
    var headers: [(name: String, summary: String, schema: Schema)] = []

    var json: JSON {
      var members: [JSON.Member] = [.init("description", .string(summary))]
      if !headers.isEmpty {
        members.append(
          .init(
            "headers",
            .object(
              headers.map { header in
                .init(
                  header.name,
                  .object([
                    .init("description", .string(header.summary)),
                    .init("schema", header.schema.json),
                  ]))
              })))
      }
      if !content.isEmpty {
        members.append(
          .init(
            "content",
            .object(
              content.map { .init($0.mediaType, .object([.init("schema", $0.schema.json)])) })))
      }
      return .object(members)
    }
  }
}

extension OpenAPI.Answer {
  static func json(_ summary: String, _ schema: OpenAPI.Schema, status: Int = 200) -> Self {
    Self(status: status, summary: summary, content: [("application/json", schema)])
  }

  /// `{"data": …}`
  static func data(_ summary: String, _ schema: OpenAPI.Schema, status: Int = 200) -> Self {
    json(summary, .object([.required("data", schema)]), status: status)
  }

  static func page(_ summary: String) -> Self {
    Self(status: 200, summary: summary, content: [("text/html", .text())])
  }

  static func nothing(_ summary: String) -> Self { Self(status: 204, summary: summary) }

  /// Sends a browser elsewhere.
  static func redirect(_ status: Int, _ summary: String) -> Self {
    Self(
      status: status, summary: summary,
      headers: [("Location", "Where the browser goes.", .text(format: "uri-reference"))])
  }

  static let success = json("It is done.", .reference("Success"))

  /// Why a request was not answered as it was meant.
  static func refusal(_ status: Int, orPage: Bool = false) -> Self {
    var answer = Self(
      status: status, summary: words[status] ?? "The request was refused.",
      content: [("application/json", .reference("Error"))])
    if orPage { answer.content.append(("text/html", .text())) }
    if [424, 429, 500].contains(status) {
      answer.headers = [
        ("Retry-After", "Seconds until the same request may work.", .integer(in: 0...Int64.max))
      ]
    }
    return answer
  }

  private static let words: [Int: String] = [
    400: "The input is not as it has to be, or the provider refused it.",
    401: "The caller is not known.",
    403: "The caller may not do this.",
    404: "What is named is not there.",
    409: "It stands against what is there already.",
    413: "The body is too long, or did not come whole.",
    424: "The provider does not answer, or no longer gives a credential.",
    429: "Too many tries in a minute.",
    500: "The server or its store failed: the same request may work later.",
  ]
}

extension OpenAPI {
  /// The refusals that operations point at.
  static let refusals: [Answer] = [400, 401, 403, 404, 409, 413, 424, 429, 500].map {
    .refusal($0)
  }
}
