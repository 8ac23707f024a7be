internal import NIOCore
internal import NIOWebSocket

extension WebSocketFrame {
  /// What a server does about a frame of a client.
  enum Answer: Equatable {
    case nothing
    case pong(ByteBuffer)
    /// The peer closes: its code is sent back.
    case close(ByteBuffer)
    case refusal(WebSocketErrorCode)
  }

  /// What this frame wants, of a server that ignores messages and knows no extension.
  ///
  /// - Source: RFC 6455 §5
  var answer: Answer {
    guard maskKey != nil, reservedBits.isEmpty else { return .refusal(.protocolError) }
    switch opcode {
    case .continuation, .text, .binary, .pong: return .nothing
    case .ping: return .pong(unmaskedData)
    case .connectionClose: return Self.answer(toClose: unmaskedData)
    default: return .refusal(.protocolError)
    }
  }

  private static func answer(toClose reason: ByteBuffer) -> Answer {
    guard reason.readableBytes > 0 else { return .close(reason) }
    guard let code = reason.getInteger(at: reason.readerIndex, as: UInt16.self) else {
      return .refusal(.protocolError)
    }
    switch code {
    // §7.4: the others are reserved, some of them for what is never sent.
    case 1_000...1_003, 1_007...1_014, 3_000...4_999:
      return .close(ByteBuffer(integer: code))
    default: return .refusal(.protocolError)
    }
  }
}
