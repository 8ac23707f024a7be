internal import HTTPTypes
internal import Hummingbird
internal import KeywrightCrypto
internal import KeywrightDefinition
internal import NIOCore

/// Style and scripts of the pages, and the frontend SDK.
struct AssetRoutes {
  let broker: Broker

  func add(to router: RouterGroup<ServerContext>) {
    // Under a name that changes with their bytes: a browser asks once.
    router.get("assets/{version}/{name}") { request, context in
      let name = try context.parameters.require("name")
      guard try context.parameters.require("version") == WebFiles.version,
        let file = WebFiles.all["assets/\(name)"] ?? WebFiles.all["sdk/\(name)"]
      else { throw APIError.notFound("not_found", "there is no such file in this version") }
      return Self.response(name, file, "public, max-age=31536000, immutable")
    }
    // Under names that stay: a browser asks each time whether they have changed.
    for name in ["keywright.js", "keywright.d.ts"] {
      router.get(RouterPath(name)) { request, _ in
        Self.lasting(name, WebFiles.all["sdk/\(name)"] ?? [], request)
      }
    }
    // Made when somebody asks, which is while an app is written.
    router.get("providers.d.ts") { request, _ in
      let types = FrontendTypes.text(of: Array(broker.providers.entries.values))
      return Self.lasting("providers.d.ts", Array(types.utf8), request)
    }
  }

  /// A file of the SDK, which pages of any origin import.
  static func lasting(_ name: String, _ bytes: [UInt8], _ request: Request) -> Response {
    let tag = "\"\(Encoding.base64URL(Array(digest(bytes, .sha256).prefix(16))))\""
    var response = response(name, bytes, "no-cache")
    // RFC 9110 §13.1.2: a list of tags, of which weak ones count too.
    let known = request.headers[.ifNoneMatch] ?? ""
    if known == "*" || known.split(separator: ",").contains(where: { $0.hasSuffix(tag) }) {
      response = Response(status: .notModified, headers: [.cacheControl: "no-cache"])
    }
    response.headers[.eTag] = tag
    response.headers[.accessControlAllowOrigin] = "*"
    response.headers[.init("Cross-Origin-Resource-Policy")!] = "cross-origin"
    return response
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
