internal import AsyncHTTPClient
public import HTTPTypes
public import Keywright
internal import KeywrightDefinition
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The transport over AsyncHTTPClient: TLS, no redirects, one deadline over head and body, a capped answer.
///
/// It sends to `https` alone, but for origins that are mapped to this machine, and for what a spec's `unsafe` allows.
/// End it with ``shutdown()``.
public final class HTTPClientTransport: Transport {
  /// What stands in for providers' origins.
  public let origins: OriginMap
  private let client: HTTPClient
  private let deadline: Duration
  private let maximumAnswer: Int

  /// The longest deadline that is taken: a day.
  private static let longestDeadline = Duration.seconds(86_400)

  /// Starts a transport.
  ///
  /// - Parameters:
  ///   - origins: what stands in for providers' origins, for tests and simulators.
  ///   - deadline: the longest time that one request may take, connecting and reading included. Default 30 s,
  ///     at most a day.
  ///   - maximumAnswer: the longest answer that is read. Unit: bytes. Default 1 MiB.
  public init(
    origins: OriginMap = .none, deadline: Duration = .seconds(30),
    maximumAnswer: Int = 1_024 * 1_024
  ) {
    self.origins = origins
    // Clocks trap at times that their nanoseconds can't count.
    self.deadline = min(max(deadline, .zero), Self.longestDeadline)
    self.maximumAnswer = maximumAnswer
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    // What is connecting when a request ends would else hold the client's own end up.
    let milliseconds = Int64(self.deadline / .milliseconds(1))
    configuration.timeout.connect = .milliseconds(min(max(milliseconds, 1), 10_000))
    configuration.decompression = .disabled
    configuration.httpVersion = .http1Only
    configuration.http1_1ConnectionDebugInitializer = StatusGuard.install
    // Many servers close an idle connection after five seconds; a request that meets the close is lost, and nobody
    // knows whether it was read.
    configuration.connectionPool.idleTimeout = .seconds(3)
    // A connection that can't be made is an error at once, not a queue that waits for the deadline.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// A transport that nobody ended ends with its last user: the client would else end the program.
  deinit {
    Task.detached { [client] in try? await client.shutdown() }
  }

  /// Ends the transport and its connections.
  public func shutdown() async {
    try? await client.shutdown()
  }

  /// Runs with a transport, and ends it.
  public static func with<Result: Sendable>(
    origins: OriginMap = .none, isolation: isolated (any Actor)? = #isolation,
    _ body: (HTTPClientTransport) async throws -> Result
  ) async throws -> Result {
    let transport = HTTPClientTransport(origins: origins)
    do {
      let result = try await body(transport)
      await transport.shutdown()
      return result
    } catch {
      await transport.shutdown()
      throw error
    }
  }

  /// Sends a request, and reads its whole answer.
  public func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    try await send(request, body: body, isPlainAllowed: false)
  }

  /// Sends a request of which the spec says why it has no TLS, and reads its whole answer.
  public func sendWithoutTLS(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    try await send(request, body: body, isPlainAllowed: true)
  }

  // MARK: Sending

  private func send(
    _ request: HTTPRequest, body: [UInt8]?, isPlainAllowed: Bool
  ) async throws(TransportError) -> TransportAnswer {
    var outgoing = try self.outgoing(request, isPlainAllowed: isPlainAllowed)
    let watched = body.flatMap { $0.isEmpty ? nil : WatchedBody($0) }
    outgoing.body =
      watched.map(HTTPClientRequest.Body.init) ?? body.map { .bytes(ByteBuffer(bytes: $0)) }
    do {
      return try await race(outgoing)
    } catch {
      let failure = (error as? TransportError) ?? Self.failure(error)
      // Whatever ended it, a request whose body nobody asked for was never sent: TLS that fails, for one.
      guard watched?.wasAskedFor == false, failure.reason != .tooLarge else { throw failure }
      throw TransportError(.unreachable, "no connection came about, so nothing was sent")
    }
  }

  private func outgoing(
    _ request: HTTPRequest, isPlainAllowed: Bool
  ) throws(TransportError) -> HTTPClientRequest {
    let text = "\(request.scheme ?? "")://\(request.authority ?? "")\(request.path ?? "/")"
    guard let url = try? URLParts(reading: text) else {
      throw TransportError(.refused, "the request has no URL")
    }
    let target = origins.target(of: url.origin)
    guard target != nil || url.origin.scheme == .https || isPlainAllowed else {
      throw TransportError(.refused, "a request to '\(url.origin)' would go without TLS")
    }
    var outgoing = HTTPClientRequest(url: origins.mapped(url.description))
    outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
    for field in request.headerFields {
      outgoing.headers.add(name: field.name.rawName, value: field.value)
    }
    // The provider's own name, also where this machine stands in for it.
    if target != nil { outgoing.headers.replaceOrAdd(name: "Host", value: url.origin.authority) }
    return outgoing
  }

  /// Head and body against one clock: the client's own deadline ends with the head.
  private func race(_ request: HTTPClientRequest) async throws -> TransportAnswer {
    try await withThrowingTaskGroup(of: TransportAnswer.self) { group in
      group.addTask { [client, maximumAnswer, deadline] in
        try await Self.exchange(request, client, maximumAnswer, deadline)
      }
      group.addTask { [deadline] in
        try await Task.sleep(for: deadline)
        throw TransportError(.timedOut, "no whole answer came within \(deadline)")
      }
      defer { group.cancelAll() }
      guard let answer = try await group.next() else {
        throw TransportError(.interrupted, "the request was cancelled")
      }
      return answer
    }
  }

  private static func exchange(
    _ request: HTTPClientRequest, _ client: HTTPClient, _ limit: Int, _ deadline: Duration
  ) async throws -> TransportAnswer {
    let seconds = deadline.components.seconds + 1
    let response = try await client.execute(request, timeout: .seconds(seconds))
    var body: [UInt8] = []
    for try await part in response.body {
      guard body.count + part.readableBytes <= limit else {
        throw TransportError(.tooLarge, "the answer is longer than \(limit) bytes")
      }
      body.append(contentsOf: part.readableBytesView)
    }
    var headers = HTTPFields()
    for header in response.headers {
      if let name = HTTPField.Name(header.name) {
        headers.append(HTTPField(name: name, value: header.value))
      }
    }
    return TransportAnswer(status: Int(response.status.code), headers: headers, body: body)
  }

  private static func failure(_ error: any Error) -> TransportError {
    switch error {
    case is CancellationError: TransportError(.interrupted, "the request was cancelled")
    case is NIOConnectionError: TransportError(.unreachable, "no connection could be made")
    case let error as IOError
    where [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode):
      TransportError(.unreachable, "no connection could be made")
    case HTTPParserError.headerOverflow:
      TransportError(.tooLarge, "the answer's headers are longer than is read")
    case let error as HTTPClientError where error == .connectTimeout:
      TransportError(.unreachable, "no connection could be made")
    case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
      TransportError(.timedOut, "no whole answer came in time")
    default: TransportError(.interrupted, "the connection ended before the answer was whole")
    }
  }
}
