public import HTTPTypes
public import Keywright
internal import Synchronization

/// Answers in the order that was given, and remembers what it was asked: a provider for tests.
///
/// ```swift
/// let provider = CannedTransport(json: #"{"access_token":"a1"}"#)
/// let connection = try await pending.finish(callback: url, client: app, over: provider)
/// #expect(provider.seen[0].request.path == "/oauth/token")
/// ```
public final class CannedTransport: Transport {
  /// One request, as it would have gone out.
  public struct Exchange: Sendable {
    /// Method, URL and headers.
    public let request: HTTPRequest
    /// The body as text; empty where there is none.
    public let body: String
  }

  /// What comes of one request.
  public enum Outcome: Sendable {
    /// A whole answer.
    case answer(TransportAnswer)
    /// None.
    case failure(TransportError)
  }

  private let state: Mutex<(outcomes: [Outcome], seen: [Exchange])>

  /// Outcomes, in their order; where none is left, the provider can't be reached.
  public init(_ outcomes: [Outcome]) { state = Mutex((outcomes, [])) }

  /// Answers, in their order.
  public convenience init(_ answers: [TransportAnswer]) {
    self.init(answers.map { Outcome.answer($0) })
  }

  /// JSON answers with status 200.
  public convenience init(json texts: String...) {
    self.init(texts.map { TransportAnswer.json($0) })
  }

  /// What it was asked so far.
  public var seen: [Exchange] { state.withLock { $0.seen } }

  /// Remembers the request, and gives the next outcome.
  public func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    let outcome: Outcome? = state.withLock { state in
      let text = String(decoding: body ?? [], as: UTF8.self)
      state.seen.append(Exchange(request: request, body: text))
      return state.outcomes.isEmpty ? nil : state.outcomes.removeFirst()
    }
    switch outcome {
    case .answer(let answer)?: return answer
    case .failure(let error)?: throw error
    case nil: throw TransportError(.unreachable, "no answer is left")
    }
  }
}

/// A transport to nowhere: for what must send nothing.
public struct UnreachableTransport: Transport {
  /// A transport to nowhere.
  public init() {}

  /// Sends nothing.
  public func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    throw TransportError(.unreachable, "no connection could be made")
  }
}

extension TransportAnswer {
  /// An answer of JSON.
  public static func json(_ text: String, status: Int = 200) -> TransportAnswer {
    TransportAnswer(
      status: status, headers: [.contentType: "application/json"], body: Array(text.utf8))
  }
}
