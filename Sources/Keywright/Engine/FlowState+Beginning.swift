extension FlowState {
  /// A flow that has not done anything yet.
  ///
  /// - Parameters:
  ///   - fields: what the person filled in, by name, in canonical form.
  ///   - redirectURI: nil where the browser never leaves.
  package init(
    connectingBy engine: Engine, fields: [String: String], scopes: [String] = [],
    hints: [String: String] = [:], redirectURI: String? = nil, at now: UnixTime
  ) {
    self.init(
      run: .connect, provider: engine.definition.id, method: engine.method.id,
      digest: engine.digest, fields: fields, scopes: scopes, redirectURI: redirectURI,
      startedAt: now)
    self.hints = hints
  }
}
