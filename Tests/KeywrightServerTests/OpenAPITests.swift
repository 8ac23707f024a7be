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

  /// RFC 9110 §15.5.6 and §10.2.1: 405, and the methods that the path has.
  @Test(
    "a method that a path has not is refused with those that it has, and no path at all with 404")
  func otherMethods() async throws {
    let provider = try FirstConnectionTests.zendesk()
    try await ServerUnderTest.with(over: provider) { server in
      let document = try await server.send("GET", "/openapi.json").json
      var refused = 0
      for item in document["paths"]?.members ?? [] {
        // A path of fixed words may also be one of a pattern, which has methods of its own.
        let path = item.name.replacing("{", with: "").replacing("}", with: "")
        let own = (item.value.members ?? []).map { $0.name.uppercased() }
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT"]
        where !own.contains(method) {
          let answer = try await server.send(method, path)
          #expect(answer.status == 405, "\(method) \(path)")
          #expect(answer.code == "method_not_allowed")
          let allowed = Set((answer.header("allow") ?? "").split(separator: ", ").map(String.init))
          #expect(allowed.isSuperset(of: own.filter { $0 != "HEAD" }), "\(method) \(path)")
          #expect(!allowed.contains(method))
          refused += 1
        }
      }
      #expect(refused > 200)
      for path in ["/nothing", "/connections/one/two/three", "/simulated/demo/page"] {
        let answer = try await server.send("GET", path)
        #expect(answer.status == 404 && answer.header("allow") == nil, "\(path)")
        #expect(answer.code == "not_found")
      }
    }
  }

  /// RFC 9110 §9.3.2 and §8.6.
  @Test("what watches a server may ask with HEAD, and gets the fields of a GET without its content")
  func head() async throws {
    let provider = try FirstConnectionTests.zendesk()
    try await ServerUnderTest.with(over: provider) { server in
      for path in ["/health", "/ready", "/metrics", "/openapi.json", "/nothing"] {
        let (whole, head) = (
          try await server.send("GET", path), try await server.send("HEAD", path)
        )
        #expect(head.status == whole.status && head.text.isEmpty)
        #expect(head.header("content-type") == whole.header("content-type"))
        if path != "/metrics" {
          #expect(head.header("content-length") == String(whole.text.utf8.count), "\(path)")
        }
      }
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
