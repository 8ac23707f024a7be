internal import KeywrightDefinition

/// The interface as an OpenAPI 3.1 document.
struct OpenAPI {
  private let server: String

  /// - Parameter server: where the interface is.
  init(_ server: String) { self.server = server }

  var json: JSON {
    .object([
      .init("openapi", .string("3.1.0")),
      .init(
        "info", .object([.init("title", .string("Keywright")), .init("version", .string("1"))])),
      .init("servers", .array([.object([.init("url", .string(server))])])),
      .init("paths", .object([])),
    ])
  }
}
