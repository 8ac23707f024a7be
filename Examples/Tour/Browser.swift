import HTTPTypes
import Keywright
import KeywrightHTTPClient

/// Stands in for the person's browser: opens the authorization URL and says yes.
struct Browser {
  let transport: HTTPClientTransport

  init(_ transport: HTTPClientTransport) { self.transport = transport }

  /// Where the provider sends the browser after the person consents.
  func consent(at url: String) async throws -> String {
    let rest = url.dropFirst("https://".count)
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let request = HTTPRequest(
      method: .get, scheme: "https", authority: String(rest[..<slash]), path: String(rest[slash...])
    )
    let answer = try await transport.send(request, body: nil)
    return answer.headers[.location] ?? ""
  }
}
