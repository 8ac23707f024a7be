import Foundation
import Hummingbird
import Keywright
import KeywrightG
import KeywrightHTTPClient

/// The two halves of a flow, and a page that uses what came of it.
struct Routes: Sendable {
  let settings: Settings
  let keeper: ConnectionKeeper
  let transport: HTTPClientTransport

  func add(to router: Router<BasicRequestContext>) {
    router.get("connect") { _, _ in try connect() }
    router.get("callback") { request, _ in await callback(request) }
    router.get("me") { request, _ in await me(request) }
  }

  /// Begins: the browser leaves, and takes the flow along, sealed.
  private func connect() throws -> Response {
    let pending = try GitHub().oauth.begin(
      client: settings.app, scopes: [.readUser], redirectURI: settings.redirectURI)
    let cookie = Cookie(
      name: "flow", value: try pending.sealed(with: settings.key), maxAge: 600, path: "/callback",
      httpOnly: true, sameSite: .lax)
    return Response(
      status: .found, headers: [.location: pending.url, .setCookie: cookie.description])
  }

  /// Finishes: in this process or in another one that has the key.
  private func callback(_ request: Request) async -> Response {
    guard let flow = request.cookies["flow"]?.value else {
      return text("start at /connect", .badRequest)
    }
    do {
      let pending = try Pending<GitHub>(opening: flow, with: settings.key)
      let connection = try await pending.finish(
        callback: request.uri.description, client: settings.app, over: transport)
      let id = connection.account?.id ?? UUID().uuidString
      try await keeper.keep(connection, as: id)
      // A real application would know its user by a session of its own.
      let cookie = Cookie(
        name: "account", value: id, path: "/", httpOnly: true, sameSite: .lax)
      return text(
        "connected \(connection.account?.name ?? id)", .ok,
        headers: [.setCookie: cookie.description])
    } catch let error as AuthorizationError {
      // Its words are safe to show and to log: no error holds a secret.
      return text(error.description, error.code == .accessDenied ? .ok : .badRequest)
    } catch {
      return text("something went wrong", .internalServerError)
    }
  }

  /// Calls the provider's API: signed, and renewed when due.
  private func me(_ request: Request) async -> Response {
    guard let id = request.cookies["account"]?.value else {
      return text("start at /connect", .unauthorized)
    }
    do {
      let answer = try await keeper.send(.get("/user"), as: id, client: settings.app)
      return Response(
        status: .init(code: answer.status), headers: [.contentType: "application/json"],
        body: .init(byteBuffer: .init(bytes: answer.body)))
    } catch {
      return text("\(error)", .badGateway)
    }
  }

  private func text(
    _ text: String, _ status: HTTPResponse.Status, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = "text/plain; charset=utf-8"
    // The callback's URL holds the code: it goes nowhere from here.
    headers[HTTPField.Name("Referrer-Policy")!] = "no-referrer"
    return Response(
      status: status, headers: headers, body: .init(byteBuffer: .init(string: text + "\n")))
  }
}
