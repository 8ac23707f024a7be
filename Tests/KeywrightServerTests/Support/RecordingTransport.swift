import HTTPTypes
import Keywright
import Synchronization

/// Remembers what is sent, and hands it on.
final class RecordingTransport: Transport {
  struct Sent: Sendable {
    let request: HTTPRequest
    let body: String
  }

  private let inner: any Transport
  private let all = Mutex<[Sent]>([])

  init(_ inner: any Transport) { self.inner = inner }

  var sent: [Sent] { all.withLock { $0 } }

  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    all.withLock {
      $0.append(Sent(request: request, body: String(decoding: body ?? [], as: UTF8.self)))
    }
    return try await inner.send(request, body: body)
  }
}
