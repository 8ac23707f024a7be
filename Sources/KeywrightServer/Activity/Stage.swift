internal import HTTPTypes
internal import Keywright
internal import KeywrightDefinition

/// One thing that happened in an attempt, as it is kept and shown: no secret is in it.
struct Stage: Sendable {
  /// Milliseconds since the attempt began.
  let at: Int64
  /// The question that it belongs to, such as `exchange`; or `start`, `callback`, `commit`.
  let stage: String
  /// The step's id in the spec.
  var step: String?
  /// What happened, in one sentence.
  var message: String
  /// Milliseconds that it took.
  var took: Int64?
  /// Method and address of a request, the query's values hidden.
  var request: String?
  var status: Int?
  /// What the answer said, values hidden but for those that tell what went wrong.
  var response: JSON?

  var json: JSON {
    var members: [JSON.Member] = [
      .init("at_ms", .integer(at)), .init("stage", .string(stage)),
    ]
    if let step { members.append(.init("step", .string(step))) }
    members.append(.init("message", .string(message)))
    if let took { members.append(.init("took_ms", .integer(took))) }
    if let request { members.append(.init("request", .string(request))) }
    if let status { members.append(.init("status", .integer(Int64(status)))) }
    if let response { members.append(.init("response", response)) }
    return .object(members)
  }
}

extension Stage {
  /// A request and its ending.
  init(_ exchange: ObservedExchange, at: Int64) {
    let sieve = Sieve(secrets: exchange.secrets)
    let request = exchange.request.request
    let address = sieve.address(
      "\(request.scheme ?? "https")://\(request.authority ?? "")\(request.path ?? "/")")
    self.init(at: at, stage: exchange.stage, message: "")
    step = exchange.step
    self.request = "\(request.method.rawValue) \(address)"
    took = Int64(exchange.duration / .milliseconds(1))
    switch exchange.ending {
    case .failure(let failure):
      message = "no answer: \(failure.message)"
    case .success(let answer):
      status = answer.status
      response = sieve.response(answer)
      message = "answered with status \(answer.status)"
    }
  }
}

/// Lets through what explains, and holds back what opens.
struct Sieve: Sendable {
  private let redaction: Redaction

  init(secrets: [String]) { redaction = Redaction(secrets) }

  /// Names whose values say what was granted, or what went wrong.
  private static let telling: Set<String> = [
    "error", "error_description", "error_uri", "scope", "token_type", "expires_in", "ok",
  ]
  /// Names whose values are a provider's words about a failure.
  private static let words: Set<String> = [
    "message", "code", "status", "type", "detail", "title", "errors", "reason", "statuscode",
  ]

  /// A URL with its host and path, and of its query the names.
  func address(_ url: String) -> String {
    let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let start = redaction.redacted(String(parts[0]))
    guard parts.count > 1, let pairs = FormText.pairs(String(parts[1])) else { return start }
    return start + "?" + pairs.map { "\($0.name)=…" }.joined(separator: "&")
  }

  /// The shape of an answer.
  func response(_ answer: TransportAnswer) -> JSON {
    let isFailure = !(200...299).contains(answer.status)
    if let json = try? JSON(reading: answer.body) {
      return sifted(
        json, isTold: false,
        isFailure: isFailure || json["error"] != nil || json["ok"] == .boolean(false))
    }
    let type = answer.headers[.contentType] ?? "no media type"
    return .string("<\(answer.body.count) bytes, \(redaction.redacted(type))>")
  }

  private func sifted(_ json: JSON, isTold: Bool, isFailure: Bool, depth: Int = 0) -> JSON {
    if depth > 6 { return .string("…") }
    switch json {
    case .object(let members):
      return .object(
        members.prefix(40).map { member in
          let name = member.name.asciiLowered
          let tells =
            isTold || Self.telling.contains(name) || isFailure && Self.words.contains(name)
          return .init(
            redaction.redacted(member.name),
            sifted(member.value, isTold: tells, isFailure: isFailure, depth: depth + 1))
        })
    case .array(let elements):
      return .array(
        elements.prefix(10).map {
          sifted($0, isTold: isTold, isFailure: isFailure, depth: depth + 1)
        })
    case .string(let text): return .string(isTold ? redaction.redacted(text) : "<hidden>")
    case .number: return isTold ? json : .string("<hidden>")
    case .boolean, .null: return json
    }
  }
}
