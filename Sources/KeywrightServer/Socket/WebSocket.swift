internal import NIOCore
internal import NIOWebSocket

/// A socket that has been opened to a peer, to which text is sent.
///
/// What the peer sends is read and ignored, but for what the protocol wants answered.
package struct WebSocket: Sendable {
  private let connection: NIOLoopBound<WebSocketConnection>
  private let channel: any Channel

  /// Is made on the channel's event loop.
  init(_ connection: WebSocketConnection, on channel: any Channel) {
    self.connection = NIOLoopBound(connection, eventLoop: channel.eventLoop)
    self.channel = channel
  }

  /// Sends one message, and returns when the system has taken it.
  ///
  /// A peer that reads slowly holds up who sends to it.
  ///
  /// - Throws: where the socket is closed or closing, whoever began.
  package func send(_ text: String) async throws {
    let sent = channel.eventLoop.makePromise(of: Void.self)
    channel.eventLoop.execute { [connection] in connection.value.send(text, sent: sent) }
    try await sent.futureResult.get()
  }

  /// Closes with code 1000, and returns when the connection has ended.
  ///
  /// A peer that does not answer is waited for as long as ``WebSocketLimits/farewell`` says.
  /// Another call changes nothing, and returns at the same time.
  package func close() async {
    channel.eventLoop.execute { [connection] in connection.value.close(.normalClosure) }
    try? await channel.closeFuture.get()
  }

  /// Returns when the connection has ended, whoever ended it, or when the task is cancelled.
  package func untilClosed() async {
    let end = channel.eventLoop.makePromise(of: Void.self)
    channel.closeFuture.cascade(to: end)
    await withTaskCancellationHandler {
      try? await end.futureResult.get()
    } onCancel: {
      // Whichever comes second changes nothing.
      end.succeed()
    }
  }
}
