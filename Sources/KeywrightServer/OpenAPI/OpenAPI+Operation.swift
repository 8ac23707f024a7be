internal import HTTPTypes
internal import KeywrightDefinition

extension OpenAPI {
  /// What one method of one path does.
  struct Operation {
    let method: HTTPRequest.Method
    let path: String
    let id: String
    let tag: Tag
    /// One sentence.
    let summary: String
    /// By one of which the caller is known; empty is by none.
    var security: [Scheme] = []
    var parameters: [Parameter] = []
    var body: Body?
    /// What it answers where all is well.
    let answers: [Answer]
    /// The statuses of its refusals.
    var refusals: [Int] = []
    /// Whether a refusal may be a page instead of the envelope.
    var refusesWithPages = false
    var isDeprecated = false

    var json: JSON {
      var members: [JSON.Member] = [
        .init("operationId", .string(id)), .init("tags", .texts([tag.rawValue])),
        .init("summary", .string(summary)),
      ]
      if isDeprecated { members.append(.init("deprecated", .boolean(true))) }
      if !security.isEmpty {
        members.append(
          .init("security", .array(security.map { .object([.init($0.rawValue, .array([]))]) })))
      }
      if !parameters.isEmpty {
        members.append(.init("parameters", .array(parameters.map(\.json))))
      }
      if let body { members.append(.init("requestBody", body.json)) }
      members.append(.init("responses", .object(responses)))
      return .object(members)
    }

    private var responses: [JSON.Member] {
      answers.map { .init(String($0.status), $0.json) }
        + refusals.sorted().map { .init(String($0), refusal($0)) }
        // What the server itself fails at can befall all of them.
        + [.init("5XX", .reference("responses", "Refusal500"))]
    }

    private func refusal(_ status: Int) -> JSON {
      guard refusesWithPages else { return .reference("responses", "Refusal\(status)") }
      return Answer.refusal(status, orPage: true).json
    }

    /// The same operation under another path, for clients that know no other.
    func twin(_ path: String, id: String) -> Operation {
      Operation(
        method: method, path: path, id: id, tag: tag, summary: summary, security: security,
        parameters: parameters, body: body, answers: answers, refusals: refusals,
        refusesWithPages: refusesWithPages, isDeprecated: true)
    }
  }

  /// A part of a path or of a query.
  struct Parameter {
    enum Place: String { case path, query }

    let name: String
    var place = Place.query
    let summary: String
    let schema: Schema
    var isRequired = false
    /// Whether it is written `name[key]=value`.
    var isDeep = false

    fileprivate var json: JSON {
      var members: [JSON.Member] = [
        .init("name", .string(name)), .init("in", .string(place.rawValue)),
        .init("description", .string(summary)),
      ]
      if isRequired || place == .path { members.append(.init("required", .boolean(true))) }
      if isDeep {
        members += [.init("style", .string("deepObject")), .init("explode", .boolean(true))]
      }
      members.append(.init("schema", schema.json))
      return .object(members)
    }
  }

  /// What a request carries.
  struct Body {
    let schema: Schema
    var isRequired = true
    var mediaType = "application/json"

    fileprivate var json: JSON {
      .object([
        .init("required", .boolean(isRequired)),
        .init(
          "content",
          .object([.init(mediaType, .object([.init("schema", schema.json)]))])),
      ])
    }
  }
}

extension JSON {
  /// Points at a component of the document.
  static func reference(_ kind: String, _ name: String) -> JSON {
    .object([.init("$ref", .string("#/components/\(kind)/\(name)"))])
  }
}
