internal import HTTPTypes
internal import Hummingbird
internal import KeywrightDefinition
internal import NIOCore

extension Response {
  /// Bytes that are JSON.
  init(json bytes: [UInt8], status: HTTPResponse.Status = .ok) {
    self.init(
      status: status,
      headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  init(_ json: JSON, status: HTTPResponse.Status = .ok) {
    var writer = JSONWriter(keepsUnicode: true)
    writer.write(json)
    self.init(json: writer.bytes, status: status)
  }

  /// `{"success": true}`
  static var success: Response { Response(.object([.init("success", .boolean(true))])) }

  init(_ error: APIError) {
    self.init(error.json, status: .init(code: error.status))
    if let wait = error.retryAfter { headers[.retryAfter] = String(wait) }
  }
}

extension Request {
  /// The whole body.
  func bytes(upTo limit: Int = 1_024 * 1_024) async throws -> [UInt8] {
    do {
      return Array(buffer: try await body.collect(upTo: limit))
    } catch {
      throw APIError(
        413, "invalid_body", "the body is longer than \(limit) bytes, or did not come whole")
    }
  }

  func jsonBody() async throws -> Body { try Body(await bytes()) }

  var query: Query { get throws(APIError) { try Query(uri.string) } }

  /// The token of an `Authorization: Bearer` header.
  func bearer() throws(APIError) -> String {
    guard let header = headers[.authorization] else {
      throw APIError(401, "missing_auth_header", "send 'Authorization: Bearer' and a secret key")
    }
    let parts = header.utf8.split(separator: UInt8(ascii: " "))
    guard parts.count == 2,
      String(Substring(parts[0])).asciiLowered == "bearer"
    else {
      throw APIError(
        401, "malformed_auth_header",
        "the Authorization header is 'Bearer', a space and a secret key")
    }
    return String(Substring(parts[1]))
  }

  /// The cookies whose names begin in some way, by name.
  func cookies(_ prefix: String) -> [(name: String, value: String)] {
    headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { part in
      let halves = part.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
      guard halves.count == 2, halves[0].hasPrefix(prefix) else { return nil }
      return (String(halves[0]), String(halves[1]))
    }
  }
}
