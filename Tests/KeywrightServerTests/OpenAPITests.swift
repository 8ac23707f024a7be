import KeywrightDefinition
import KeywrightSimulator
import Logging
import Testing

@testable import KeywrightServer

/// What the document says, and what the server has.
@Suite("The OpenAPI document")
struct OpenAPITests {
  private static let methods: Set = ["get", "post", "put", "patch", "delete", "options", "head"]

  /// `GET /connections/{id}` of each operation, sorted.
  private static func operations(_ document: JSON) -> [String] {
    (document["paths"]?.members ?? []).flatMap { item in
      (item.value.members ?? []).filter { methods.contains($0.name) }.map { operation in
        "\(operation.name.uppercased()) \(item.name)"
      }
    }.sorted()
  }

  @Test("every route is in the document, and every operation has a route")
  func routes() async throws {
    let provider = try FirstConnectionTests.zendesk()
    try await ServerUnderTest.with(over: provider) { server in
      let routes = KeywrightServer(server.broker, port: 0, logger: Logger(label: "test")).routes
      let document = try await server.send("GET", "/openapi.json").json
      #expect(Self.operations(document) == routes.sorted())
    }
  }

  @Test("each operation has an id of its own, a summary of one sentence and an answer")
  func operations() {
    let operations = OpenAPI.operations
    #expect(Set(operations.map(\.id)).count == operations.count)
    for operation in operations {
      #expect(
        operation.summary.hasSuffix(".") && !operation.summary.contains(". "), "\(operation.id)")
      #expect(!operation.answers.isEmpty, "\(operation.id)")
    }
  }

  @Test("every reference leads to a component, and every component is referred to")
  func references() {
    let document = OpenAPI("http://127.0.0.1:3003").json
    var found: Set<String> = []
    func look(_ json: JSON) {
      if let reference = json["$ref"]?.text { found.insert(reference) }
      for member in json.members ?? [] { look(member.value) }
      for element in json.elements ?? [] { look(element) }
    }
    look(document)
    let kinds = ["schemas", "responses"]
    let known = kinds.flatMap { kind in
      (document["components"]?[kind]?.members ?? []).map { "#/components/\(kind)/\($0.name)" }
    }
    #expect(found == Set(known))
  }

  @Test("only what has a newer name is deprecated")
  func deprecated() {
    for operation in OpenAPI.operations {
      #expect(
        operation.isDeprecated
          == (operation.path == "/connection" || operation.path.hasPrefix("/connection/")))
    }
  }
}
