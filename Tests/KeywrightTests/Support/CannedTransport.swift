import HTTPTypes
import Keywright
import Synchronization

/// A transport to nowhere.
struct UnreachableTransport: Transport {
  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    throw TransportError(.unreachable, "no connection could be made")
  }
}

/// Answers in the order that was given, and remembers what it was asked.
final class CannedTransport: Transport {
  struct Exchange: Sendable {
    let request: HTTPRequest
    let body: String
  }

  private let state: Mutex<(answers: [TransportAnswer], seen: [Exchange])>

  init(_ answers: [TransportAnswer]) { state = Mutex((answers, [])) }

  /// JSON answers with status 200.
  convenience init(json texts: String...) {
    self.init(texts.map { .json($0) })
  }

  var seen: [Exchange] { state.withLock { $0.seen } }

  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    let answer: TransportAnswer? = state.withLock { state in
      let text = String(decoding: body ?? [], as: UTF8.self)
      state.seen.append(Exchange(request: request, body: text))
      return state.answers.isEmpty ? nil : state.answers.removeFirst()
    }
    guard let answer else { throw TransportError(.unreachable, "no answer is left") }
    return answer
  }
}

extension TransportAnswer {
  /// An answer of JSON.
  static func json(_ text: String, status: Int = 200) -> TransportAnswer {
    TransportAnswer(
      status: status, headers: [.contentType: "application/json"], body: Array(text.utf8))
  }
}
