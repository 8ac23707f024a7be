public import HTTPTypes

extension HTTPRequest {
  /// A request to a provider's API: signing adds scheme and host, and the path continues the API's base.
  ///
  /// - Parameter path: begins with `/`; a query may follow it.
  public init(method: HTTPRequest.Method, path: String, headerFields: HTTPFields = [:]) {
    self.init(
      method: method, scheme: nil, authority: nil, path: path, headerFields: headerFields)
  }

  /// A GET request to a provider's API.
  public static func get(_ path: String, headerFields: HTTPFields = [:]) -> HTTPRequest {
    HTTPRequest(method: .get, path: path, headerFields: headerFields)
  }

  /// A POST request to a provider's API.
  public static func post(_ path: String, headerFields: HTTPFields = [:]) -> HTTPRequest {
    HTTPRequest(method: .post, path: path, headerFields: headerFields)
  }
}
