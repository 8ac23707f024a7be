internal import AsyncHTTPClient
internal import NIOCore
internal import Synchronization

/// A request's body that knows whether it was asked for: the client does so once a connection is there, TLS included.
///
/// The client's errors don't tell a request that was never sent from one that perhaps was; this does.
final class WatchedBody: AsyncSequence, Sendable {
  private let bytes: ByteBuffer
  private let asked = Atomic(false)

  /// Takes a body, which may not be empty: an empty one is sent without being asked for.
  init(_ bytes: [UInt8]) {
    precondition(!bytes.isEmpty)
    self.bytes = ByteBuffer(bytes: bytes)
  }

  /// Whether a part of the request may have left.
  var wasAskedFor: Bool { asked.load(ordering: .sequentiallyConsistent) }

  /// The whole body at once.
  struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var rest: WatchedBody?

    mutating func next() -> ByteBuffer? {
      defer { rest = nil }
      rest?.asked.store(true, ordering: .sequentiallyConsistent)
      return rest?.bytes
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: self) }

  /// How many bytes there are.
  fileprivate var count: Int64 { Int64(bytes.readableBytes) }
}

extension HTTPClientRequest.Body {
  /// A body that is watched.
  init(_ watched: WatchedBody) {
    self = .stream(watched, length: .known(watched.count))
  }
}
