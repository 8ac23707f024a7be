internal import HTTPTypes
package import HummingbirdCore
package import Logging
package import NIOCore
package import NIOHTTP1

/// An HTTP/1.1 connection of Hummingbird's on which a request may become a WebSocket.
///
/// The connection is Hummingbird's `HTTP1Channel` itself, and an upgrade is one way to answer a
/// request: it takes its turn behind the requests before it, and any request of a connection may
/// ask for it. NIO's `NIOTypedHTTPServerUpgradeHandler` upgrades the first request alone
/// (apple/swift-nio#680), while a proxy sends an upgrade over whichever connection is idle; and it
/// loses the head of a request that it does not take (apple/swift-nio#2632).
package struct UpgradingChannel: ServerChildChannel, HTTPChannelHandler {
  package typealias Value = HTTP1Channel.Value

  private let http1: HTTP1Channel
  private let upgrade: WebSocketUpgrade

  /// Answers requests with a responder, but for those that become WebSockets.
  ///
  /// - Parameter configuration: of plain HTTP. An idle timeout does not hold for a WebSocket.
  package init(
    upgrade: WebSocketUpgrade, configuration: HTTP1Channel.Configuration = .init(),
    responder: @escaping Responder
  ) {
    self.upgrade = upgrade
    http1 = HTTP1Channel(
      responder: { request, writer, channel in
        if request.asksForUpgrade, let socket = try await ProtocolSwitch.answer(on: channel) {
          await upgrade.run(socket)
        } else {
          try await responder(request, writer, channel)
        }
      }, configuration: configuration)
  }

  /// What answers plain requests and upgrades alike.
  package var responder: Responder { http1.responder }

  /// Prepares a connection that has just been accepted.
  package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    http1.setup(channel: channel, logger: logger).flatMapThrowing { value in
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(
        ProtocolSwitch(to: upgrade, decoderLimits: decoderLimits), position: .after(decoder))
      return value
    }
  }

  /// Answers the requests of a connection until it ends.
  package func handle(value: Value, logger: Logger) async {
    await http1.handle(value: value, logger: logger)
  }

  private var decoderLimits: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = http1.configuration.httpDecoder.maxHeaderFieldSize
    limits.maxHeaderListSize = http1.configuration.httpDecoder.maxHeaderListSize
    limits.maxHeaderFieldCount = http1.configuration.httpDecoder.maxHeaderFieldCount
    return limits
  }
}

extension HTTPServerBuilder {
  /// Serves plain HTTP/1.1, and WebSockets where a request asks for one and gets it.
  ///
  /// ```swift
  /// let application = Application(
  ///   router: router,
  ///   server: .http1(upgradingWhere: { $0.uri == "/ws" }) { socket in
  ///     try? await socket.send("hello")
  ///     await socket.untilClosed()
  ///   })
  /// ```
  ///
  /// - Parameters:
  ///   - shouldUpgrade: asked of each opening handshake that is well formed, on the event loop: it
  ///     must not block. What it declines is answered by the router, as is any other request.
  ///   - onOpen: runs for as long as a socket is wanted; when it returns the socket is closed with
  ///     code 1000. Its task is cancelled when the socket ends first, and the server's shutdown
  ///     waits for it: it must heed cancellation.
  package static func http1(
    upgradingWhere shouldUpgrade: @escaping @Sendable (HTTPRequestHead) -> Bool,
    limits: WebSocketLimits = WebSocketLimits(),
    configuration: HTTP1Channel.Configuration = .init(),
    onOpen: @escaping @Sendable (WebSocket) async -> Void
  ) -> HTTPServerBuilder {
    let upgrade = WebSocketUpgrade(where: shouldUpgrade, limits: limits, onOpen: onOpen)
    return HTTPServerBuilder { responder in
      UpgradingChannel(upgrade: upgrade, configuration: configuration, responder: responder)
    }
  }
}

extension Request {
  /// Whether the HTTP decoder has stopped behind this request, because another protocol may follow.
  ///
  /// It must not be true of a request behind which the decoder went on: ``ProtocolSwitch`` would
  /// answer a later one. So it is as strict as the decoder, llhttp: both fields, and the option
  /// spelt alone between commas.
  fileprivate var asksForUpgrade: Bool {
    guard headers.contains(.upgrade) else { return false }
    return headers[values: .connection].contains { value in
      value.lowercased().split(separator: ",").contains { $0.split(separator: " ") == ["upgrade"] }
    }
  }
}
