internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import KeywrightSimulator
internal import NIOCore

/// The pages of simulated providers, as a person's browser sees them.
struct SimulationRoutes {
  let world: SimulatedWorld
  /// What the paths of the public URL begin with.
  let root: String

  func add(to router: RouterGroup<ServerContext>) {
    for method in [HTTPRequest.Method.get, .post] {
      router.on("simulated/**", method: method) { request, _ in try await page(request) }
    }
  }

  private func page(_ request: Request) async throws -> Response {
    let text = request.uri.string
    guard let start = text.range(of: "/simulated/") else {
      throw APIError.notFound("not_found", "there is no such page")
    }
    let form =
      request.method == .post ? String(decoding: try await request.bytes(), as: UTF8.self) : nil
    switch world.page(at: text[start.upperBound...], form: form) {
    case .html(let html)?:
      return Response(
        status: .ok,
        headers: [
          .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
          .contentSecurityPolicy: SimulatedPage.contentSecurityPolicy,
        ], body: .init(byteBuffer: ByteBuffer(string: html)))
    case .redirect(let url)?:
      return Response(status: .seeOther, headers: [.location: url, .cacheControl: "no-store"])
    case nil:
      return Page.failed(
        APIError(
          404, "unknown_page",
          "the simulated provider has no such page, or refuses the request that led here"),
        at: root
      ).response
    }
  }
}
