internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// Stands behind a connection's HTTP decoder, and answers a request that asks for another protocol.
///
/// The decoder stops behind such a request, so that the last head seen is the one that is asked
/// about.
final class ProtocolSwitch: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let upgrade: WebSocketUpgrade
  private let decoderLimits: NIOHTTPDecoderLimitConfiguration
  private var context: ChannelHandlerContext?
  private var head: HTTPRequestHead?
  private var hasEnded = false
  private var isDeclined = false
  private var isShuttingDown = false

  init(to upgrade: WebSocketUpgrade, decoderLimits: NIOHTTPDecoderLimitConfiguration) {
    self.upgrade = upgrade
    self.decoderLimits = decoderLimits
  }

  /// Opens a WebSocket on a connection, or goes on with HTTP, which nil says.
  ///
  /// - Throws: where the connection has ended.
  static func answer(on channel: any Channel) async throws -> WebSocket? {
    try await channel.eventLoop.flatSubmit {
      do {
        return try channel.pipeline.syncOperations.handler(type: ProtocolSwitch.self).answer()
      } catch {
        return channel.eventLoop.makeFailedFuture(error)
      }
    }.get()
  }

  private func answer() throws -> EventLoopFuture<WebSocket?> {
    guard let context, let head else { throw ChannelError.ioOnClosedChannel }
    return upgrade.handshake(head, on: context.channel).assumeIsolated()
      .map { Optional($0) }
      .recover { _ in nil }
      .flatMapThrowing { fields -> WebSocket? in
        guard let fields else {
          self.isDeclined = true
          self.renewDecoderIfDue()
          return nil
        }
        return try self.open(fields)
      }
      .nonisolated()
  }

  /// Answers 101, and puts frames before HTTP.
  ///
  /// The handlers of HTTP stay where they are, and hear no more of what is read: Hummingbird's loop
  /// over requests waits behind them until the socket ends, and ends the connection as it would any
  /// other.
  private func open(_ fields: HTTPHeaders) throws -> WebSocket {
    guard let context else { throw ChannelError.ioOnClosedChannel }
    let pipeline = context.pipeline.syncOperations
    let encoder = try pipeline.handler(type: HTTPResponseEncoder.self)
    let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: fields)
    // It passes the encoder of HTTP while no encoder of frames stands before that.
    context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    let connection = WebSocketConnection(limits: upgrade.limits)
    let decoder = WebSocketFrameDecoder(maxFrameSize: upgrade.limits.frameSize)
    try pipeline.addHandlers(
      [WebSocketFrameEncoder(), ByteToMessageHandler(decoder), connection],
      position: .before(encoder))
    // Who missed the event would hold up the shutdown for as long as a socket may live.
    if isShuttingDown { connection.close(.goingAway) }
    return WebSocket(connection, on: context.channel)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      hasEnded = false
      isDeclined = false
    case .body: break
    case .end: hasEnded = true
    }
    context.fireChannelRead(data)
    renewDecoderIfDue()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent { isShuttingDown = true }
    context.fireUserInboundEventTriggered(event)
  }

  /// Puts a fresh decoder in the place of one that has stopped behind a request that was declined.
  ///
  /// Without it the connection's next request is never read. Java's HTTP client asks for `h2c` with
  /// the first request of a connection, and keeps the connection. To be removed when
  /// apple/swift-nio#2570 is mended.
  private func renewDecoderIfDue() {
    guard isDeclined, hasEnded, let pipeline = context?.pipeline.syncOperations,
      let stopped = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
    else { return }
    isDeclined = false
    let fresh = HTTPRequestDecoder(
      leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoderLimits)
    try? pipeline.addHandler(ByteToMessageHandler(fresh), position: .after(stopped))
    pipeline.removeHandler(stopped, promise: nil)
  }
}
