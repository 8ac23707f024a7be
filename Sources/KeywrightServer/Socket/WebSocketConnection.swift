internal import NIOCore
internal import NIOWebSocket

/// Carries the frames of one socket, on its channel's event loop.
final class WebSocketConnection: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let limits: WebSocketLimits
  private var context: ChannelHandlerContext?
  private var isClosing = false
  private var nextPing: Scheduled<Void>?
  private var lastMoment: Scheduled<Void>?

  init(limits: WebSocketLimits) { self.limits = limits }

  /// Sends one message, unless the socket is closing.
  func send(_ text: String, sent: EventLoopPromise<Void>) {
    guard let context, !isClosing else { return sent.fail(ChannelError.ioOnClosedChannel) }
    write(.text, ByteBuffer(string: text), context).cascade(to: sent)
  }

  /// Closes the socket for a reason, unless it is closing for another one.
  func close(_ code: WebSocketErrorCode) {
    var reason = ByteBuffer()
    reason.write(webSocketErrorCode: code)
    sayFarewell(reason)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    schedulePing(context)
    lastMoment = after(limits.lifetime, context) { self.close(.goingAway) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    nextPing?.cancel()
    lastMoment?.cancel()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data).answer {
    case .nothing: break
    case .pong(let data):
      // A peer that pings and does not read would fill this machine's memory.
      guard !isClosing, context.channel.isWritable else { return }
      write(.pong, data, context)
    case .close(let reason):
      guard let sent = sayFarewell(reason) else { return context.close(promise: nil) }
      sent.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    case .refusal(let code): close(code)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent: close(.goingAway)
    case ChannelEvent.inputClosed: context.close(promise: nil)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOWebSocketError.invalidFrameLength: close(.messageTooLarge)
    case is NIOWebSocketError: close(.protocolError)
    // The rest of a frame that was refused: it is read, since an unread byte would make the system
    // reset the connection, and the peer might lose the close frame.
    case is ByteToMessageDecoderError where isClosing: break
    default: context.close(promise: nil)
    }
  }

  /// Sends a close frame, and cuts the connection when the peer has had its time.
  ///
  /// - Returns: nil where one has been sent before.
  @discardableResult
  private func sayFarewell(_ reason: ByteBuffer) -> EventLoopFuture<Void>? {
    guard let context, !isClosing else { return nil }
    isClosing = true
    nextPing?.cancel()
    lastMoment?.cancel()
    lastMoment = after(limits.farewell, context) { context.close(promise: nil) }
    return write(.connectionClose, reason, context)
  }

  private func schedulePing(_ context: ChannelHandlerContext) {
    nextPing = after(limits.pingInterval, context) {
      self.write(.ping, ByteBuffer(), context)
      self.schedulePing(context)
    }
  }

  @discardableResult
  private func write(
    _ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext
  ) -> EventLoopFuture<Void> {
    let frame = WebSocketFrame(fin: true, opcode: opcode, data: data)
    return context.writeAndFlush(wrapOutboundOut(frame))
  }

  private func after(
    _ duration: Duration, _ context: ChannelHandlerContext, _ body: @escaping () -> Void
  ) -> Scheduled<Void> {
    context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(duration), body)
  }
}
