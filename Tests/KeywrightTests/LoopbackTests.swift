import Foundation
import HTTPTypes
import Keywright
import KeywrightHTTPClient
import KeywrightTesting
import KeywrightZ
import Testing

/// A program without a server receives the browser on loopback (RFC 8252 §7.3).
@Suite("The loopback redirect")
struct LoopbackTests {
  private func open(
    _ url: String, over transport: HTTPClientTransport
  ) async throws -> TransportAnswer {
    try await transport.send(HTTPRequest(opening: url), body: nil)
  }

  /// A transport that reaches this machine.
  private func reaching(
    _ loopback: LoopbackRedirect, _ work: (HTTPClientTransport) async throws -> Void
  ) async throws {
    let origin = loopback.redirectURI.text.split(separator: "/").prefix(2).joined(separator: "//")
    try await HTTPClientTransport.with(origins: OriginMap([origin: origin]), work)
  }

  @Test("the right callback finishes the flow, whatever other pages sent before it")
  func finishes() async throws {
    try await LoopbackRedirect.listening { loopback in
      let pending = try Zendesk(subdomain: try HostLabel("acme")).oauth.begin(
        client: Flow.client, redirectURI: loopback.redirectURI)
      #expect(parameter("redirect_uri", of: pending.url) == loopback.redirectURI.text)
      let state = parameter("state", of: pending.url) ?? ""
      let provider = CannedTransport(
        json: ConnectionTests.token, #"{"user":{"id":1}}"#)
      async let finished = loopback.finish(pending, client: Flow.client, over: provider)
      try await reaching(loopback) { browser in
        let uri = loopback.redirectURI.text
        #expect(try await open(uri + "?error=access_denied", over: browser).status == 200)
        #expect(try await open(uri + "?code=evil&state=x", over: browser).status == 200)
        let other = try await open(
          uri.replacing("/callback", with: "/favicon.ico"), over: browser)
        #expect(other.status == 404)
        let answer = try await open(uri + "?code=c0de&state=\(state)", over: browser)
        #expect(answer.status == 200)
        #expect(answer.headers[HTTPField.Name("Referrer-Policy")!] == "no-referrer")
        #expect(!String(decoding: answer.body, as: UTF8.self).contains("c0de"))
      }
      let connection = try await finished
      #expect(connection.account?.id == "1")
      #expect(parameter("code", sentIn: provider.seen[0].body) == "c0de")
    }
  }

  @Test("who never comes back is an error in time")
  func nobody() async throws {
    try await LoopbackRedirect.listening { loopback in
      let pending = try Zendesk(subdomain: try HostLabel("acme")).oauth.begin(
        client: Flow.client, redirectURI: loopback.redirectURI)
      let error = await #expect(throws: AuthorizationError.self) {
        try await loopback.finish(
          pending, client: Flow.client, over: UnreachableTransport(), within: .milliseconds(50))
      }
      #expect(error?.code == .expiredFlow)
    }
  }

  @Test("a port that is taken is an error, and none is left open afterwards")
  func taken() async throws {
    try await LoopbackRedirect.listening { loopback in
      let port = try #require(
        Int(loopback.redirectURI.text.split(separator: ":")[2].prefix { $0 != "/" }))
      await #expect(throws: TransportError.self) {
        try await LoopbackRedirect.listening(port: port) { _ in }
      }
    }
  }
}
