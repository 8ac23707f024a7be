internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import KeywrightDefinition
internal import NIOCore

/// What operators and their machines ask.
struct SystemRoutes {
  let broker: Broker
  /// Metrics in Prometheus' text format.
  let exposition: @Sendable () -> String

  func add(to router: RouterGroup<ServerContext>) {
    // Those who watch a server often want no content, and ask with HEAD.
    for method in [HTTPRequest.Method.get, .head] {
      // The process lives.
      router.on("health", method: method) { _, _ in
        Response(.object([.init("result", .string("ok"))]))
      }
      // It can do its work: the store answers.
      router.on("ready", method: method) { _, _ in try await readiness() }
      router.on("metrics", method: method) { _, _ in
        Response(
          status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
          body: .init(byteBuffer: ByteBuffer(string: exposition())))
      }
      router.on("openapi.json", method: method) { _, _ in
        Response(OpenAPI(broker.publicURL.text).json)
      }
    }
  }

  private func readiness() async throws -> Response {
    do {
      _ = try await broker.store.read { try Int.fetchOne($0, sql: "SELECT 1") }
      return Response(.object([.init("result", .string("ok"))]))
    } catch {
      return Response(APIError(503, "store_failed", "the store does not answer"))
    }
  }
}
