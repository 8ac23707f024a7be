import Keywright

// What a package of one's own does with Keywright: both providers below are generated while this is built.

@main
struct Consumer {
  static func main() async throws {
    // A spec of this target, helpdesk-sandbox.provider.yaml.
    let desk = HelpdeskSandbox(team: try HostLabel("acme"))
    let pending = try desk.oauth.begin(
      client: OAuthClient(id: "consumer", secret: Secret("not a real one")),
      scopes: [.ticketsRead], redirectURI: RedirectURI("https://app.example.com/callback"))
    print("authorize \(pending.url)")

    // A provider of the catalogue, named in keywright.providers.
    let connection = try await OpenAI().apiKey(apiKey: Secret("not a real one either"))
      .connect(over: PlayedTransport())
    let (request, _) = try connection.sign(HTTPRequest(method: .get, path: "/v1/models"))
    print("sign GET \(request.authority ?? "")\(request.path ?? "")")
  }
}

/// A transport of one's own; this one plays a provider that likes every key.
struct PlayedTransport: Transport {
  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    TransportAnswer(status: 200, headers: [:], body: Array("{}".utf8))
  }
}
