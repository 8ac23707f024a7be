internal import KeywrightDefinition

extension AnyMethod {
  /// A connection whose credential somebody else obtained: nothing is asked of the provider.
  ///
  /// - Parameters:
  ///   - asked: what the person filled in.
  ///   - parts: the credential's parts, by the spec's names.
  ///   - scopes: what was granted.
  ///   - expiresAt: when it ends; nil where that is not known.
  ///   - name: which credential it is, of a method that has several.
  /// - Throws: ``AuthorizationError`` where a field does not fit, or the method has no such credential or part.
  package func imported(
    _ asked: ProviderFields, parts: [String: String], scopes: [String], expiresAt: UnixTime?,
    as name: String? = nil, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> AnyConnection {
    let method = engine.method
    guard let rule = method.rule(name) else {
      throw AuthorizationError(.missingCredential, "the method has no credential '\(name ?? "")'")
    }
    let known = Set(
      method.exchange.flatMap(\.credentials).filter { $0.name == rule.name }.flatMap(\.parts).map(
        \.name))
    if let part = parts.keys.filter({ !known.contains($0) }).min() {
      throw AuthorizationError(
        .invalidField, "the credential has no part '\(part)'" + didYouMean(part, among: known))
    }
    var state = FlowState(
      connectingBy: engine, fields: try method.filled(asked), scopes: scopes,
      at: surroundings.now())
    let now = surroundings.now().seconds
    let lifetime = expiresAt.map { end in
      let (left, isTooLong) = end.seconds.subtractingReportingOverflow(now)
      return isTooLong ? 0 : max(0, left)
    }
    state.credentials[rule.name ?? ""] = CredentialRecord(
      parts: parts, scopes: scopes, expiresAt: expiresAt, lifetime: lifetime)
    return AnyConnection(AnyConnectionRecord(state, of: method), of: engine)
  }
}
