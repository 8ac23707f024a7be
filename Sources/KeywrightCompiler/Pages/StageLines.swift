import KeywrightDefinition

/// What a method does: a line for each of the five stages, and one for each request beside them.
struct StageLines {
  /// Ask, authorize, exchange, sign, renew.
  private(set) var lines: [[PageText.Inline]] = []
  /// Verify, account, revoke, as far as the spec has them.
  private(set) var beside: [[PageText.Inline]] = []
  private let method: Method

  init(_ method: Method) {
    self.method = method
    add(
      "Ask",
      method.filled.isEmpty
        ? ["nothing"] : method.ask.isEmpty ? ["nothing of the person"] : Self.names(method.ask))
    add("Authorize", of: method.authorize, else: method.leaves ? [] : ["nobody: the browser stays"])
    add("Exchange", of: method.exchange, else: ["nothing: what was filled in is the credential"])
    addSigning()
    addRenewal()
    let stages = lines.count
    if !method.verify.isEmpty { add("Verify", of: method.verify, else: []) }
    if let account = method.account {
      add("Account", of: [account.step].compactMap { $0 }, else: ["is known from what came before"])
    }
    if !method.revoke.isEmpty { add("Revoke", of: method.revoke, else: []) }
    beside = Array(lines[stages...])
    lines.removeSubrange(stages...)
  }

  private mutating func add(_ stage: String, _ line: [PageText.Inline]) {
    lines.append([.strong(stage), ": "] + line)
  }

  private mutating func add(
    _ stage: String, of steps: [Step], else nothing: [PageText.Inline]
  ) {
    var line: [PageText.Inline] = []
    for step in steps {
      let more = words(step)
      guard !more.isEmpty else { continue }
      line += (line.isEmpty ? [] : ["; then "]) + more
    }
    add(stage, line.isEmpty ? nothing : line)
  }

  private func words(_ step: Step) -> [PageText.Inline] {
    var line: [PageText.Inline] = []
    switch step.action {
    case .leave(let leave):
      line = ["the browser goes to ", .code(leave.url.template.description)]
      if leave.query.contains(where: { $0.name == "code_challenge" }) { line += [" with PKCE"] }
      if !leave.take.isEmpty {
        line += [" and brings back ", .code(leave.take.map(\.name).joined(separator: ", "))]
      }
    case .request(let request):
      line = [.code("\(request.verb.rawValue.asciiUppered) \(request.url.template)")]
      if request.with == .client { line += [.text(" with the client's credentials\(clientPlace)")] }
    case .keep: break
    }
    if let condition = step.condition { line += [", where ", .code("\(condition)")] }
    if !step.save.isEmpty {
      line += [", keeps ", .code(step.save.map(\.name).joined(separator: ", "))]
    }
    return line
  }

  /// Where the client's credentials stand.
  private var clientPlace: String {
    guard let carrier = method.clientAuthentication else { return "" }
    let isBasic = carrier.headers.contains { $0.name == "Authorization" }
    return isBasic ? " in the header Authorization" : carrier.headers.isEmpty ? " in the body" : ""
  }

  private static func names(_ fields: [Field]) -> [PageText.Inline] {
    [.code(fields.map(\.name).joined(separator: ", "))]
  }

  private mutating func addSigning() {
    var line: [PageText.Inline] = []
    for rule in method.credentials {
      let name = rule.name.map { "\($0): " } ?? ""
      line += line.isEmpty ? [] : ["; "]
      guard let sign = rule.sign else {
        line += [.text("\(name)requests go as they are")]
        continue
      }
      let headers = sign.headers.map { "\($0.name): \($0.value)" }
      let others = (sign.query + sign.form).map { "\($0.name)=\($0.value)" }
      let cookies = sign.cookies.map { "Cookie: \($0.name)=\($0.value)" }
      line += [.text(name), .code((headers + others + cookies).joined(separator: ", "))]
    }
    add("Sign", line.isEmpty ? ["requests go as they are"] : line)
  }

  private mutating func addRenewal() {
    var line: [PageText.Inline] = []
    for rule in method.credentials {
      let name = rule.name.map { "\($0): " } ?? ""
      line += line.isEmpty ? [] : ["; "]
      switch rule.renewal {
      case .none: line += [.text("\(name)never: it is good until it is taken back")]
      case .steps(let steps):
        line += [.text(name)] + steps.flatMap(words)
        if let life = Self.life(ofTokensBy: rule) { line += [.text(", and \(life)")] }
      case .again: line += [.text("\(name)by the same requests")]
      case .use: line += [.text("\(name)by the same requests, at each use")]
      case .person: line += [.text("\(name)the person comes back")]
      }
    }
    add("Renew", line.isEmpty ? ["never"] : line)
  }

  /// How often and how long a refresh token works, where the spec says something of that.
  private static func life(ofTokensBy rule: CredentialRule) -> String? {
    let idle = rule.idle.map { "dies after \($0.asLengthOfTime) unused" }
    guard rule.refreshToken == .rotates else { return idle.map { "a refresh token \($0)" } }
    let grace = rule.grace.map { ", the old one for \($0.asLengthOfTime) more" } ?? ""
    return "each refresh token works once" + grace + (idle.map { ", and \($0)" } ?? "")
  }
}

extension Int64 {
  /// Seconds in the largest unit that has no rest, as in `15 hours`.
  fileprivate var asLengthOfTime: String {
    let units: [(String, Int64)] = [("day", 86_400), ("hour", 3_600), ("minute", 60)]
    let (unit, size) = units.first { isMultiple(of: $0.1) } ?? ("second", 1)
    let count = self / size
    return "\(count) \(unit)\(count == 1 ? "" : "s")"
  }
}
