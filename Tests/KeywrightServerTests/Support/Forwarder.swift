import Hummingbird
import Logging
import Synchronization

/// The application's own server, whose callback passes everything on with a 308.
final class Forwarder: Sendable {
  let address: String
  private let requests: Box<[String]>

  /// What it was asked for, path and query.
  var seen: [String] { requests.value }

  private init(_ address: String, _ requests: Box<[String]>) {
    self.address = address
    self.requests = requests
  }

  /// Runs until the tests end.
  static func running(to target: String) async throws -> Forwarder {
    let requests = Box<[String]>([])
    let router = Router()
    router.get("oauth-callback") { request, _ in
      requests.change { $0.append(request.uri.string) }
      let query = request.uri.query.map { "?\($0)" } ?? ""
      return Response(status: .permanentRedirect, headers: [.location: target + query])
    }
    var logger = Logger(label: "forwarder")
    logger.logLevel = .critical
    let (ports, found) = AsyncStream<Int>.makeStream()
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { found.yield($0.localAddress?.port ?? 0) }, logger: logger)
    Task {
      defer { found.finish() }
      try await application.run()
    }
    for await port in ports { return Forwarder("http://127.0.0.1:\(port)", requests) }
    throw ServerUnderTest.Failure("the forwarder did not start")
  }
}
