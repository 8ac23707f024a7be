internal import NIOCore
internal import NIOHTTP1

/// Ends a connection whose server answers with a status below 100.
///
/// AsyncHTTPClient 1.37.0 takes such a head for an interim one, and traps at the body or the end that follows it: any
/// server could end the process. To be removed once the client refuses it by itself.
final class StatusGuard: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = HTTPClientResponsePart

  /// A status that is none (RFC 9110 §15).
  struct UnfitStatus: Error {}

  private var hasEnded = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data), head.status.code < 100 {
      hasEnded = true
      context.fireErrorCaught(UnfitStatus())
      context.close(promise: nil)
    }
    if !hasEnded { context.fireChannelRead(data) }
  }

  /// Puts a guard between what reads HTTP and the client.
  @Sendable static func install(in channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.submit {
      let operations = channel.pipeline.syncOperations
      let reader = try operations.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try operations.addHandler(StatusGuard(), position: .after(reader))
    }
  }
}
