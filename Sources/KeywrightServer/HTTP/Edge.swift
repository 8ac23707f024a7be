internal import HTTPTypes
internal import Hummingbird
internal import Keywright
internal import KeywrightDefinition
internal import Logging
internal import Metrics

/// A request's own surroundings in this server.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Where the connection comes from.
  let address: String?

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    address = source.channel.remoteAddress?.ipAddress
  }
}

/// What stands around every route: errors become the envelope, requests are counted, and nothing of them is logged but
/// method, route, status and time.
struct Edge: RouterMiddleware {
  let logger: Logger
  let routes: RouteTable

  func handle(
    _ request: Request, context: ServerContext,
    next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as APIError {
      response = Response(error)
    } catch let error as AuthorizationError {
      response = Response(APIError(error))
    } catch let error as HTTPError {
      response = answer(to: error, request)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      logger.error(
        "a request failed", metadata: ["error": "\(error)", "route": "\(Self.route(context))"])
      response = Response(APIError(500, "internal_error", "the server failed; its log says why"))
    }
    let took = ContinuousClock.now - start
    let labels = [
      ("method", request.method.rawValue), ("route", Self.route(context)),
      ("status", String(response.status.code)),
    ]
    // It counts them too.
    Timer(label: "http_request_duration", dimensions: labels)
      .recordNanoseconds(
        took.components.seconds * 1_000_000_000 + took.components.attoseconds / 1_000_000_000)
    logger.debug(
      "request",
      metadata: [
        "method": "\(request.method)", "route": "\(Self.route(context))",
        "status": "\(response.status.code)",
      ])
    response.headers[.xContentTypeOptions] = "nosniff"
    if request.method == .head {
      // RFC 9110 §9.3.2 and §8.6: no content follows, and its length is that of the answer to a GET.
      let length = response.body.contentLength
      response.body = .init()
      response.headers[.contentLength] = length.map(String.init)
    }
    return response
  }

  /// The route's pattern: a path may hold ids that are somebody's.
  private static func route(_ context: ServerContext) -> String { context.endpointPath ?? "none" }

  private func answer(to error: HTTPError, _ request: Request) -> Response {
    guard error.status == .notFound else {
      return Response(
        APIError(error.status.code, "invalid_request", error.body ?? "the request can't be read"))
    }
    // A path of fixed words hides one of a pattern, which has the method.
    let methods = routes.methods(of: request.uri.path).filter { $0 != request.method.rawValue }
    if methods.isEmpty { return Response(APIError(404, "not_found", "there is no such path")) }
    let allowed = methods.joined(separator: ", ")
    var response = Response(
      APIError(
        405, "method_not_allowed", "this path has no \(request.method.rawValue); it has \(allowed)")
    )
    // RFC 9110 §15.5.6: it has to be said.
    response.headers[.allow] = allowed
    return response
  }
}

/// Lets pages of any origin call what is made for browsers: nothing there goes by a cookie.
struct AnyOrigin: RouterMiddleware {
  func handle(
    _ request: Request, context: ServerContext,
    next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as APIError {
      response = Response(error)
    } catch let error as AuthorizationError {
      response = Response(APIError(error))
    }
    response.headers[.accessControlAllowOrigin] = "*"
    return response
  }
}
