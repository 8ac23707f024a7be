import HTTPTypes
import Hummingbird
import Logging

@testable import KeywrightServer

/// A server with pages of a test's own: somebody's app, or a page with a defect.
enum PageServer {
  /// What a path is answered with.
  struct Page: Sendable {
    var body: String
    var type = "text/html; charset=utf-8"
    var status = 200
    var headers: [(name: String, value: String)] = []
  }

  /// Listens while some work is done, which is told the port. Paths are without the slash at their beginning.
  static func with<Result: Sendable>(
    _ pages: [String: Page], _ body: (Int) async throws -> Result
  ) async throws -> Result {
    let router = Router()
    for (path, page) in pages {
      var headers: HTTPFields = [.contentType: page.type]
      for (name, value) in page.headers { headers[try field(name)] = value }
      let response = Response(
        status: .init(code: page.status), headers: headers,
        body: .init(byteBuffer: .init(string: page.body)))
      router.get(RouterPath(path)) { _, _ in response }
    }
    var logger = Logger(label: "pages")
    logger.logLevel = .critical
    let (ports, found) = AsyncStream<Int>.makeStream()
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { found.yield($0.localAddress?.port ?? 0) }, logger: logger)
    let task = Task {
      defer { found.finish() }
      try await application.run()
    }
    defer { task.cancel() }
    var port = 0
    for await first in ports.prefix(1) { port = first }
    return try await body(port)
  }

  private static func field(_ name: String) throws -> HTTPField.Name {
    guard let field = HTTPField.Name(name) else {
      throw ServerUnderTest.Failure("no header's name: \(name)")
    }
    return field
  }
}
