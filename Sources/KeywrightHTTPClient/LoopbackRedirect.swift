public import Keywright
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Receives the browser's callback on this machine, for programs without a server (RFC 8252 §7.3).
///
/// ```swift
/// let connection = try await LoopbackRedirect.listening { loopback in
///   let pending = try GitHub().oauth.begin(client: app, redirectURI: loopback.redirectURI)
///   print("open \(pending.url)")
///   return try await loopback.finish(pending, client: app, over: transport)
/// }
/// ```
///
/// It listens on 127.0.0.1 alone. A callback that is not this flow's, such as one that another page sent, ends nothing:
/// the right one is still awaited.
public struct LoopbackRedirect: Sendable {
  /// Where the provider sends the browser: `http://127.0.0.1:PORT/callback`.
  public let redirectURI: RedirectURI

  private let callbacks: AsyncStream<String>

  /// Listens while some work is done.
  ///
  /// - Parameters:
  ///   - port: 0 takes a free one, which providers that follow RFC 8252 §7.3 accept; others want the one that is
  ///     registered.
  ///   - path: as it is registered.
  public static func listening<Result: Sendable>(
    port: Int = 0, path: String = "/callback", isolation: isolated (any Actor)? = #isolation,
    _ body: (LoopbackRedirect) async throws -> Result
  ) async throws -> Result {
    let (callbacks, found) = AsyncStream<String>.makeStream()
    let channel: any Channel
    do {
      channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(
              CallbackHandler(path: path, found: found))
          }
        }
        .bind(host: "127.0.0.1", port: port).get()
    } catch {
      throw TransportError(.unreachable, "nothing can listen on 127.0.0.1:\(port)")
    }
    let text = "http://127.0.0.1:\(channel.localAddress?.port ?? port)\(path)"
    do {
      let loopback = LoopbackRedirect(
        redirectURI: try RedirectURI(text), callbacks: callbacks)
      let result = try await body(loopback)
      try? await channel.close()
      return result
    } catch {
      try? await channel.close()
      throw error
    }
  }

  /// Waits for the browser, and finishes the flow.
  ///
  /// - Parameter deadline: how long a person may take. Default ten minutes, for which a flow is open.
  /// - Throws: ``AuthorizationError``: ``AuthorizationError/Code/expiredFlow`` where nobody came in time.
  public func finish<P: Provider>(
    _ pending: Pending<P>, client: some ClientSetup, over transport: some Transport,
    within deadline: Duration = .seconds(600)
  ) async throws -> Connection<P> {
    try Connection(
      await finish(pending.any, client: client, over: transport, within: deadline))
  }

  /// Waits for the browser, and finishes the flow of a provider that is chosen at run time.
  public func finish(
    _ pending: AnyPending, client: some ClientSetup, over transport: some Transport,
    within deadline: Duration = .seconds(600)
  ) async throws -> AnyConnection {
    try await withThrowingTaskGroup(of: AnyConnection.self) { group in
      group.addTask { [callbacks] in
        for await callback in callbacks {
          do {
            return try await pending.finish(callback: callback, client: client, over: transport)
          } catch let error as AuthorizationError where Self.isForeign(error) {
            continue
          }
        }
        throw CancellationError()
      }
      group.addTask {
        try await Task.sleep(for: deadline)
        throw AuthorizationError.nobodyCame(within: deadline)
      }
      defer { group.cancelAll() }
      guard let connection = try await group.next() else { throw CancellationError() }
      return connection
    }
  }

  /// Whether a callback is not this flow's, so that the right one may still come.
  private static func isForeign(_ error: AuthorizationError) -> Bool {
    [.stateMismatch, .missingState, .malformedCallback, .repeatedParameter].contains(error.code)
  }
}

/// Answers a browser with a page, and passes on what it called.
private final class CallbackHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let path: String
  private let found: AsyncStream<String>.Continuation
  private var head: HTTPRequestHead?
  private var body = ""

  init(path: String, found: AsyncStream<String>.Continuation) {
    self.path = path
    self.found = found
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = ""
    case .body(let part):
      // An answer as a form, by POST, is as long as a URL.
      if body.utf8.count < 64 * 1_024 { body += String(buffer: part) }
    case .end: if let head { answer(head, context) }
    }
  }

  private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let query = head.method == .POST ? body : parts.count > 1 ? String(parts[1]) : ""
    // Another name for this machine would be another page's doing.
    let host = head.headers.first(name: "Host") ?? ""
    let isHere = host.hasPrefix("127.0.0.1:")
    guard isHere, parts.first.map(String.init) == path, [.GET, .POST].contains(head.method) else {
      return write("Nothing is here.", .notFound, context)
    }
    write("You can close this window, and go back to the program.", .ok, context)
    found.yield("\(path)?\(query)")
  }

  private func write(
    _ text: String, _ status: HTTPResponseStatus, _ context: ChannelHandlerContext
  ) {
    let page = """
      <!doctype html><html lang="en"><meta charset="utf-8">\
      <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">\
      <title>Keywright</title><body><main><h1>Keywright</h1><p>\(text)</p></main></html>
      """
    var headers = HTTPHeaders()
    headers.add(name: "Content-Type", value: "text/html; charset=utf-8")
    headers.add(name: "Content-Length", value: String(page.utf8.count))
    headers.add(name: "Connection", value: "close")
    // The URL holds the code: it goes nowhere from here.
    headers.add(name: "Referrer-Policy", value: "no-referrer")
    headers.add(name: "Cache-Control", value: "no-store")
    headers.add(name: "Content-Security-Policy", value: "default-src 'none'")
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: page)))), promise: nil)
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      channel.close(promise: nil)
    }
  }
}
