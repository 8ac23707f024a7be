internal import HTTPTypes
internal import Keywright

/// What goes wrong with a request to a simulated provider.
public enum SimulatedFault: Sendable, Hashable {
  /// It is answered late.
  case latency(Duration)
  /// It is not acted on: a status, such as 503 or 429, and after how many seconds to try again.
  case status(Int, retryAfter: Int? = nil)
  /// It is acted on, and the answer is no text of its format.
  case malformed
  /// It is acted on, and the connection breaks in the middle of the answer.
  case cutOff
  /// It is acted on, and no byte of an answer comes: what was given out is lost on its way.
  case dropped

  /// Reads `503`, `429`, `429:30` (`Retry-After` of 30 s), `latency:2` (seconds), `malformed`, `cut-off`, `dropped`.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (parts.first, parts.count) {
    case ("malformed", 1): self = .malformed
    case ("cut-off", 1): self = .cutOff
    case ("dropped", 1): self = .dropped
    case ("latency", 2):
      guard let seconds = Double(parts[1]), (0...600).contains(seconds) else { return nil }
      self = .latency(.seconds(seconds))
    default:
      guard let status = parts.first.flatMap({ Int($0) }), (400...599).contains(status),
        parts.count <= 2
      else { return nil }
      let seconds = parts.count == 2 ? Int(parts[1]) : nil
      if parts.count == 2, seconds == nil { return nil }
      self = .status(status, retryAfter: seconds)
    }
  }

  /// The answer instead of the provider's, where the request is not acted on.
  var answer: TransportAnswer? {
    guard case .status(let status, let seconds) = self else { return nil }
    var headers: HTTPFields = [.contentType: "application/json"]
    if let seconds { headers[.retryAfter] = String(seconds) }
    let body = #"{"message":"a simulated fault"}"#
    return TransportAnswer(status: status, headers: headers, body: Array(body.utf8))
  }
}

/// Faults that are waiting for their requests, by the stage that a request is of.
struct FaultPlan: Sendable {
  private var waiting: [(stage: String, fault: SimulatedFault)] = []

  mutating func add(_ fault: SimulatedFault, to stage: String, times: Int) {
    waiting += Array(repeating: (stage, fault), count: times)
  }

  /// The next fault of a stage, which is used up by it.
  mutating func next(_ stage: String?) -> SimulatedFault? {
    guard let index = waiting.firstIndex(where: { $0.stage == stage }) else { return nil }
    return waiting.remove(at: index).fault
  }
}
