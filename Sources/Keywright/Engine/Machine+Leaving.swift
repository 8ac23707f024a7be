internal import KeywrightCrypto
internal import KeywrightDefinition

extension Machine {
  /// Makes a new state and verifier, and the URL that the browser goes to.
  mutating func url(of leave: Leave) throws(AuthorizationError) -> String {
    do {
      // 256 bits each; RFC 7636 §4.1 wants 43 to 128 characters, and base64 makes 43 of them.
      state.state = Encoding.base64URL(try surroundings.randomBytes(32))
      state.verifier = Encoding.base64URL(try surroundings.randomBytes(32))
      // Only a method that sends one needs it; without a reader it costs nothing but 32 bytes.
      state.nonce = Encoding.base64URL(try surroundings.randomBytes(32))
    } catch {
      throw AuthorizationError(.incompatible, "the system gave no random bytes: \(error)")
    }
    let parts = try expanded(leave.url)
    try refusePlain(parts, unless: reason(forPlain: leave.url))
    let added = try pairs(leave.query, bindings)
    return Self.adding(added, to: parts).description
  }

  /// Adds parameters to a URL, behind those it has; its fragment takes them where it has one.
  static func adding(_ pairs: [Value.Pair], to parts: URLParts) -> URLParts {
    guard !pairs.isEmpty else { return parts }
    let text = FormText.text(pairs.map { ($0.name, $0.value) }, encode: Encoding.percent)
    if let fragment = parts.fragment {
      return parts.replacing(
        query: parts.query, fragment: fragment + (fragment.contains("?") ? "&" : "?") + text)
    }
    let query = parts.query.map { $0.isEmpty ? text : "\($0)&\(text)" } ?? text
    return parts.replacing(query: query, fragment: nil)
  }

  /// Checks what the browser brought, in this order: state, nothing twice, issuer, error, nothing that nobody asked for,
  /// and what must come.
  mutating func takeCallback(_ url: String) throws(AuthorizationError) {
    guard plan.indices.contains(state.position),
      let leave = plan[state.position].step.leave
    else { throw AuthorizationError(.malformedCallback, "this flow awaits no callback") }
    guard let pairs = Self.pairs(ofCallback: url) else {
      throw AuthorizationError(.malformedCallback, "the callback's query can't be decoded")
    }
    try checkState(pairs, in: leave.stateParameter)
    let known = leave.take.map(\.name) + ["error", "error_description", "iss"]
    let values = try once(known, of: pairs)
    try checkIssuer(values["iss"], of: leave)
    state.callbackQuery = pairs.map { Value.Pair($0.name, $0.value) }
    try checkError(values, of: plan[state.position].step)
    try checkFrontChannel(pairs, of: leave)
    let age = surroundings.now().seconds - state.startedAt.seconds
    guard age <= Engine.timeLimit else {
      throw AuthorizationError(.expiredFlow, "the callback came after more than ten minutes")
    }
    for field in leave.take { try take(field, values[field.name]) }
    let step = plan[state.position].step
    make(step.made, of: nil)
    if let accept = step.accept, accept.truth(in: bindings) != true {
      state.callback = [:]
      throw AuthorizationError(
        .unacceptedCallback, "the callback is not accepted: '\(accept)' does not hold",
        stage: "authorize")
    }
    try keep(step, of: nil)
    state.position += 1
  }

  /// Tokens that a browser brings were never ours to ask for (RFC 9700 §2.1.2), and a signed answer is not read
  /// unverified; what the spec takes is another matter.
  private func checkFrontChannel(
    _ pairs: [(name: String, value: String)], of leave: Leave
  ) throws(AuthorizationError) {
    let awaited = leave.take.map(\.name) + leave.responseTypes
    let refused = ["access_token", "id_token", "response"].first { name in
      pairs.contains { $0.name == name } && !awaited.contains(name)
    }
    guard let refused else { return }
    throw AuthorizationError(
      .unacceptedCallback, "the callback brings '\(refused)', which this flow never asked for",
      stage: "authorize")
  }

  private mutating func take(_ field: Field, _ value: String?) throws(AuthorizationError) {
    guard let value, !value.isEmpty else {
      if field.isOptional { return }
      throw AuthorizationError(
        .missingParameter, "the callback has no '\(field.name)'", stage: "authorize")
    }
    do {
      state.callback[field.name] = try field.canonical(value)
    } catch {
      throw AuthorizationError(
        .unfitValue, "the callback's '\(field.name)' does not fit: \(error.reason)",
        stage: "authorize")
    }
  }

  /// The decoded pairs of a callback's URL, of its path and query, or of the query alone.
  static func pairs(ofCallback url: String) -> [(name: String, value: String)]? {
    let bytes = url.utf8.prefix { $0 != UInt8(ascii: "#") }
    guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return [] }
    return FormText.pairs(String(Substring(bytes[bytes.index(after: mark)...])))
  }

  private func checkState(
    _ pairs: [(name: String, value: String)], in parameter: String
  ) throws(AuthorizationError) {
    let states = pairs.filter { $0.name == parameter }.map(\.value)
    guard let came = states.first else {
      throw AuthorizationError(
        .missingState, "the callback has no '\(parameter)'", stage: "authorize")
    }
    if states.count > 1 { throw repeated(parameter) }
    guard let expected = state.state,
      isEqualInConstantTime(Array(came.utf8), Array(expected.utf8))
    else {
      throw AuthorizationError(
        .stateMismatch, "the callback's 'state' is not this flow's", stage: "authorize")
    }
  }

  private func once(
    _ names: [String], of pairs: [(name: String, value: String)]
  ) throws(AuthorizationError) -> [String: String] {
    var values: [String: String] = [:]
    for pair in pairs where names.contains(pair.name) {
      if values.updateValue(pair.value, forKey: pair.name) != nil { throw repeated(pair.name) }
    }
    return values
  }

  private func repeated(_ name: String) -> AuthorizationError {
    AuthorizationError(
      .repeatedParameter, "the callback has '\(name)' more than once", stage: "authorize")
  }

  /// RFC 9207 §2.4: compared as it is, also where the answer is an error.
  private func checkIssuer(_ came: String?, of leave: Leave) throws(AuthorizationError) {
    guard let came else {
      if !leave.requiresIssuer { return }
      throw AuthorizationError(
        .issuerMismatch, "the callback does not name its issuer", stage: "authorize")
    }
    guard let issuer = leave.issuer else { return }
    let expected = (try? issuer.text(in: bindings)) ?? nil
    guard let expected, expected.isSameBytes(as: came) else {
      throw AuthorizationError(
        .issuerMismatch, "the callback names another issuer", stage: "authorize")
    }
  }

  /// RFC 6749 §4.1.2.1, or where the step says that an error stands.
  private func checkError(
    _ values: [String: String], of step: Step
  ) throws(AuthorizationError) {
    var bindings = bindings
    let raw = values.mapValues { Value.text($0) }
    bindings.local["callback"] = .record(
      raw.merging(["query": .pairs(state.callbackQuery)]) { first, _ in first })
    func text(_ template: Template?) -> String? {
      template.flatMap { try? $0.text(in: bindings) } ?? nil
    }
    guard let code = text(step.error?.code) ?? values["error"] else { return }
    let redaction = Redaction(engine.method, state, setup)
    let isDenied = step.error?.declined?.truth(in: bindings) ?? (code == "access_denied")
    var error =
      isDenied
      ? AuthorizationError(.accessDenied, "the person said no", stage: "authorize")
      : AuthorizationError(
        ProviderError.code(code) ?? .refused, "the provider refused the authorization request",
        stage: "authorize")
    error.providerCode = redaction.redacted(code)
    error.providerDescription = (text(step.error?.description) ?? values["error_description"])
      .map(redaction.redacted)
    throw error
  }
}

extension Leave {
  /// What the authorization request asks for beside the code, such as `id_token` (OIDC Core §3.3).
  fileprivate var responseTypes: [String] {
    let type = query.first { $0.name == "response_type" }?.value.literalText ?? ""
    return type.split(separator: " ").map(String.init)
  }
}
