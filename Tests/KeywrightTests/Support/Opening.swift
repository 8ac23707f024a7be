import HTTPTypes
import KeywrightDefinition

extension HTTPRequest {
  /// What a browser sends that opens a URL.
  init(opening url: String, cookie: String? = nil) throws {
    let parts = try URLParts(reading: url)
    self.init(
      method: .get, scheme: parts.origin.scheme.rawValue, authority: parts.origin.authority,
      path: parts.path + (parts.query.map { "?\($0)" } ?? ""))
    headerFields[.cookie] = cookie
  }
}
