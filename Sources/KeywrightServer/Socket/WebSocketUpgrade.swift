internal import NIOCore
package import NIOHTTP1
internal import NIOWebSocket

/// Which requests become WebSockets, and what is done with those.
package struct WebSocketUpgrade: Sendable {
  let limits: WebSocketLimits

  private let onOpen: @Sendable (WebSocket) async -> Void
  private let upgrader: NIOTypedWebSocketServerUpgrader<Void>

  /// Takes the well-formed handshakes of which a closure approves.
  ///
  /// - Parameters:
  ///   - shouldUpgrade: is called on the event loop, and must not block.
  ///   - onOpen: runs for each socket, in a task that is cancelled when the socket ends first.
  package init(
    where shouldUpgrade: @escaping @Sendable (HTTPRequestHead) -> Bool,
    limits: WebSocketLimits = WebSocketLimits(),
    onOpen: @escaping @Sendable (WebSocket) async -> Void
  ) {
    self.limits = limits
    self.onOpen = onOpen
    upgrader = NIOTypedWebSocketServerUpgrader(
      shouldUpgrade: { channel, head in
        let isTaken = head.mayOpenWebSocket && shouldUpgrade(head)
        return channel.eventLoop.makeSucceededFuture(isTaken ? HTTPHeaders() : nil)
      },
      // Only its handshake is of use: ``ProtocolSwitch`` changes the pipeline.
      upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
  }

  /// The fields of the answer 101, or an error where the request is served as plain HTTP.
  func handshake(
    _ head: HTTPRequestHead, on channel: any Channel
  ) -> EventLoopFuture<HTTPHeaders> {
    upgrader.buildUpgradeResponse(
      channel: channel, upgradeRequest: head, initialResponseHeaders: HTTPHeaders())
  }

  /// Runs a socket from its opening to its end.
  func run(_ socket: WebSocket) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await onOpen(socket) }
      group.addTask { await socket.untilClosed() }
      _ = await group.next()
      group.cancelAll()
    }
    await socket.close()
  }
}

extension HTTPRequestHead {
  /// Whether this may be an opening handshake, but for the key and the version, which NIO checks.
  ///
  /// A request with a body may not: frames would be read out of it.
  ///
  /// - Source: RFC 6455 §4.2.1
  fileprivate var mayOpenWebSocket: Bool {
    method == .GET && version == .http1_1
      && headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
      && !headers.contains(name: "transfer-encoding")
      && headers["content-length"].allSatisfy { $0 == "0" }
  }
}
