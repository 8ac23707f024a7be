import HTTPTypes
import Keywright
import KeywrightHTTPClient

/// Stands in for the person's browser: opens the consent page and presses Allow.
struct Browser {
  let transport: HTTPClientTransport

  init(_ transport: HTTPClientTransport) { self.transport = transport }

  /// Where the provider sends the browser after the person consents.
  func consent(at url: String) async throws -> String {
    let rest = url.dropFirst("https://".count)
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let request = HTTPRequest(
      method: .post, scheme: "https", authority: String(rest[..<slash]),
      path: String(rest[slash...]),
      headerFields: [.contentType: "application/x-www-form-urlencoded"])
    let answer = try await transport.send(request, body: Array("decision=approve".utf8))
    return answer.headers[.location] ?? ""
  }
}
