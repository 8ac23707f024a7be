internal import HTTPTypes
internal import Hummingbird
internal import KeywrightDefinition
internal import NIOCore

/// Style and scripts of the pages, and the frontend SDK.
struct AssetRoutes {
  func add(to router: RouterGroup<ServerContext>) {
    // Under a name that changes with their bytes: a browser asks once.
    router.get("assets/{version}/{name}") { request, context in
      let name = try context.parameters.require("name")
      guard try context.parameters.require("version") == WebFiles.version,
        let file = WebFiles.all["assets/\(name)"] ?? WebFiles.all["sdk/\(name)"]
      else { throw APIError.notFound("not_found", "there is no such file in this version") }
      return Self.response(name, file, "public, max-age=31536000, immutable")
    }
  }

  static func response(_ name: String, _ bytes: [UInt8], _ caching: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: type(of: name), .cacheControl: caching],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private static func type(of name: String) -> String {
    switch name.split(separator: ".").last {
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "ts": "text/typescript; charset=utf-8"
    case "svg": "image/svg+xml"
    default: "application/octet-stream"
    }
  }
}
