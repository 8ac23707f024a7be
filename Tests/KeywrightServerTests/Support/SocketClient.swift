import Dispatch
import Foundation
import KeywrightDefinition

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A frontend's WebSocket, written apart from the server's own: the opening handshake and short frames.
///
/// - Source: RFC 6455 §4.1, §5.2
final class SocketClient: Sendable {
  struct Failure: Error, CustomStringConvertible { let description: String }

  private let descriptor: Int32
  private let queue = DispatchQueue(label: "socket")

  /// Opens a socket at a path.
  init(_ address: String, path: String, origin: String = "https://app.example.test") async throws {
    let (descriptor, port) = try Self.open(address)
    self.descriptor = descriptor
    try write(
      Array(
        """
        GET \(path) HTTP/1.1\r
        Host: 127.0.0.1:\(port)\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        Origin: \(origin)\r
        \r\n
        """.utf8))
    let head = try await head()
    // The accept value of the RFC's own example.
    guard head.hasPrefix("HTTP/1.1 101 "),
      head.lowercased().contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=")
    else { throw Failure(description: head) }
  }

  deinit { close(descriptor) }

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// The head of the answer to a request whose target goes out byte for byte: brackets, spaces' codes and all.
  static func head(_ address: String, target: String) async throws -> String {
    let client = SocketClient(try open(address).descriptor)
    try client.write(
      Array("GET \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8))
    return try await client.head()
  }

  private func head() async throws -> String {
    try await onQueue { [descriptor] in
      var head: [UInt8] = []
      while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
        head += try Self.read(1, from: descriptor)
        if head.count > 16_384 { throw Failure(description: "a head without an end") }
      }
      return String(decoding: head, as: UTF8.self)
    }
  }

  private static func open(_ address: String) throws -> (descriptor: Int32, port: Int) {
    guard let port = URL(string: address)?.port else { throw Failure(description: address) }
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var to = sockaddr_in()
    to.sin_family = sa_family_t(AF_INET)
    to.sin_port = UInt16(port).bigEndian
    to.sin_addr.s_addr = inet_addr("127.0.0.1")
    let isOpen = withUnsafePointer(to: &to) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isOpen else { throw Failure(description: "no connection to \(address)") }
    return (descriptor, port)
  }

  /// The next message.
  func message() async throws -> JSON {
    try await onQueue { [descriptor] in
      while true {
        let head = try Self.read(2, from: descriptor)
        guard head[0] & 0x70 == 0, head[1] & 0x80 == 0 else {
          throw Failure(description: "a frame of a server that is masked, or has extensions")
        }
        var length = Int(head[1])
        if length == 126 {
          length = try Self.read(2, from: descriptor).reduce(0) { $0 << 8 | Int($1) }
        } else if length == 127 {
          throw Failure(description: "a long message")
        }
        let payload = try Self.read(length, from: descriptor)
        switch head[0] {
        case 0x81: return try JSON(reading: payload)
        case 0x89: continue
        default: throw Failure(description: "a frame \(head[0])")
        }
      }
    }
  }

  private func onQueue<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Swift.Result { try work() }) }
    }
  }

  private func write(_ bytes: [UInt8]) throws {
    guard send(descriptor, bytes, bytes.count, 0) == bytes.count else {
      throw Failure(description: "the socket takes nothing")
    }
  }

  private static func read(_ count: Int, from descriptor: Int32) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var part = [UInt8](repeating: 0, count: count - bytes.count)
      let got = recv(descriptor, &part, part.count, 0)
      guard got > 0 else { throw Failure(description: "the socket was closed, or nothing came") }
      bytes += part.prefix(got)
    }
    return bytes
  }
}
