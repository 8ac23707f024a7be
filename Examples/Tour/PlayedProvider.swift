import Foundation
import HTTPTypes
import Hummingbird
import Keywright
import Logging
import NIOCore

/// A small OAuth provider on loopback, played by hand: codes that work once, PKCE, refresh tokens that rotate.
///
/// It knows a request by what it asks for and not by its path, so it can stand in for any provider of this kind.
struct PlayedProvider {
  static let clientID = "tour"
  static let clientSecret = "tour-client-secret"

  /// The origin that it plays, and where it listens.
  let origins: OriginMap
  private let task: Task<Void, any Error>

  /// Starts to answer in the place of a URL's origin.
  static func start(inPlaceOf url: String) async throws -> PlayedProvider {
    let memory = ProviderMemory()
    let (ports, found) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "played-provider")
    logger.logLevel = .critical
    let application = Application(
      responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
        try await answer(request, memory)
      },
      configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) },
      logger: logger)
    let task = Task { try await application.run() }
    var port = 0
    for await known in ports.prefix(1) { port = known }
    let origin = url.split(separator: "/", maxSplits: 3).prefix(2).joined(separator: "//")
    return PlayedProvider(
      origins: try OriginMap([origin: "http://127.0.0.1:\(port)"]), task: task)
  }

  /// Stops answering.
  func stop() async {
    task.cancel()
    _ = try? await task.value
  }

  @Sendable private static func answer(
    _ request: Request, _ memory: ProviderMemory
  ) async throws -> Response {
    let query = pairs(request.uri.query ?? "")
    if query["response_type"] == "code" { return await memory.authorize(query) }
    if request.method == .post {
      let body = try await request.body.collect(upTo: 64 * 1_024)
      let isJSON = request.headers[.contentType] == "application/json"
      return await memory.token((isJSON ? members : pairs)(String(buffer: body)))
    }
    return await memory.answer(request)
  }

  /// The decoded pairs of a query or a form.
  private static func pairs(_ text: String) -> [String: String] {
    var parts = URLComponents()
    parts.percentEncodedQuery = text.replacingOccurrences(of: "+", with: "%20")
    return (parts.queryItems ?? []).reduce(into: [:]) { $0[$1.name] = $1.value }
  }

  /// The members of a JSON object, as texts.
  private static func members(_ text: String) -> [String: String] {
    let object = try? JSONSerialization.jsonObject(with: Data(text.utf8))
    return (object as? [String: Any] ?? [:]).mapValues { "\($0)" }
  }
}
