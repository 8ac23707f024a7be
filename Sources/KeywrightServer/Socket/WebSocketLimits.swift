/// The bounds of a socket's life.
package struct WebSocketLimits: Sendable {
  /// Time between two pings, without which proxies cut an idle socket.
  package var pingInterval: Duration

  /// The longest time a socket stays open, after which it is closed with code 1001.
  package var lifetime: Duration

  /// How long the peer may take to answer a close frame before the connection is cut.
  package var farewell: Duration

  /// The longest frame that is read; a longer one is refused with code 1009.
  ///
  /// Unit: bytes of payload.
  package var frameSize: Int

  /// Bounds that suit a server behind a proxy.
  ///
  /// - Parameter farewell: under a second, so that a peer that is gone does not hold up a shutdown.
  package init(
    pingInterval: Duration = .seconds(30), lifetime: Duration = .seconds(900),
    farewell: Duration = .milliseconds(800), frameSize: Int = 16 * 1_024
  ) {
    self.pingInterval = pingInterval
    self.lifetime = lifetime
    self.farewell = farewell
    self.frameSize = frameSize
  }
}
