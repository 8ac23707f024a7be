internal import HTTPTypes
internal import Keywright
package import KeywrightDefinition
internal import Synchronization

extension Rehearsal {
  /// What is sent for a method, with example values, as lines for a shell; comments say what each is for.
  package static func requests(of method: Method, in definition: Definition) async -> [String] {
    guard let form = FilledForm.all(of: method).first else { return [] }
    let lines = Mutex<[String]>([])
    do {
      let provider = try SimulatedProvider(
        definition, method: method.id,
        registration: .init(values: form.values, isWhole: true))
      let transport = TellingTransport(provider: provider) { line in
        lines.withLock { $0.append(line) }
      }
      try await run(method, definition, form, transport)
    } catch {
      lines.withLock { $0.append("# it ends here: \(error)\n") }
    }
    return lines.withLock { $0 }
  }

  private static func run(
    _ method: Method, _ definition: Definition, _ form: FilledForm, _ transport: TellingTransport
  ) async throws {
    let client = form.client(of: method)
    var connection = try await connect(method, of: definition, form, over: transport) { url in
      transport.tell("# authorize: the browser opens\n\(url)\n")
      let callback = try transport.provider.consent(at: url)
      transport.tell("# and comes back to\n\(callback)\n")
      return callback
    }
    if method.api != nil {
      let (request, body) = try connection.sign(.get("/path"), client: client)
      transport.tell("# sign: any request to the API\n" + Self.curl(request, body))
    }
    // A renewal may be by the very request that connected: what tells them apart is what they are for.
    if connection.isRenewable() {
      connection = try await connection.renewed(client: client, over: transport.during("renew"))
    }
    if !method.revoke.isEmpty {
      try await connection.revoke(client: client, over: transport.during("revoke"))
    }
  }

  /// A request as a line for a shell.
  static func curl(_ request: HTTPRequest, _ body: [UInt8]?) -> String {
    let url = "\(request.scheme ?? "https")://\(request.authority ?? "")\(request.path ?? "/")"
    var parts = ["curl --request \(request.method.rawValue) \(quoted(url))"]
    for field in request.headerFields {
      parts.append("--header \(quoted("\(field.name): \(field.value)"))")
    }
    if let body { parts.append("--data-raw \(quoted(String(decoding: body, as: UTF8.self)))") }
    return parts.joined(separator: " \\\n  ") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("'", with: #"'\''"#))'"
  }
}

/// Tells each request before the simulated provider gets it.
private struct TellingTransport: Transport {
  let provider: SimulatedProvider
  let tell: @Sendable (String) -> Void
  /// What is being done; nil where the request itself tells best.
  var act: String?

  /// The same, while something certain is being done.
  func during(_ act: String) -> TellingTransport {
    TellingTransport(provider: provider, tell: tell, act: act)
  }

  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    let answer = try await provider.send(request, body: body)
    let stage = act ?? provider.seen.last?.stage ?? ""
    tell("# \(stage)\n" + Rehearsal.curl(request, body))
    return answer
  }
}
