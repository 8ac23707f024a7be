internal import KeywrightDefinition

/// A connection as it is kept: no type, no provider's name in code, and no secret of the integrator.
package struct AnyConnectionRecord: Sendable, Hashable {
  /// The provider's id.
  package let provider: String
  /// The method's id.
  package let method: String

  /// Of the definition that made it.
  package let digest: String

  /// What the person filled in, by name.
  package let fields: [String: String]

  /// What answers gave, by name.
  package let saved: [String: String]

  /// What was asked for; what was granted stands in the credential.
  package let scopes: [String]
  /// The one that the flow was made with.
  package let redirectURI: String?
  /// By name; of a method with one the name is empty.
  package internal(set) var credentials: [String: CredentialRecord]
  /// Nil where the spec does not say how to find out.
  package let account: AccountRecord?
  /// What should be known, though nothing failed.
  package let warnings: [String]

  /// What a flow ended with: what is used `once` is left out.
  init(_ state: FlowState, of method: Method) {
    let once = method.ask.filter(\.isOnce).map(\.name)
    self.init(state, without: once)
  }

  private init(_ state: FlowState, without once: [String]) {
    provider = state.provider
    method = state.method
    digest = state.digest
    fields = state.fields.filter { !once.contains($0.key) }
    saved = state.saved
    scopes = state.scopes
    redirectURI = state.redirectURI
    credentials = state.credentials
    account = state.account
    warnings = state.warnings
  }

  /// The state of a new run over this connection.
  func state(
    _ run: FlowState.Run, of subject: String? = nil, at now: UnixTime
  ) -> FlowState {
    var state = FlowState(
      run: run, provider: provider, method: method, digest: digest, fields: fields,
      scopes: scopes, redirectURI: redirectURI, startedAt: now)
    state.subject = subject
    state.saved = saved
    state.credentials = credentials
    state.account = account
    return state
  }

  /// The JSON form, to be sealed.
  var json: JSON {
    guard case .object(var members) = state(.verify, at: UnixTime(seconds: 0)).json else {
      return .null
    }
    if let account {
      let parts = [
        ("id", account.id), ("name", account.name), ("email", account.email),
        ("picture", account.picture),
      ]
      members.append(
        .init(
          "account",
          .object(parts.compactMap { name, value in value.map { .init(name, .string($0)) } })))
    }
    return .object(members)
  }

  /// Reads a connection; nil where it is none.
  init?(json: JSON) {
    guard case .object = json, var state = FlowState(json: json) else { return nil }
    if let account = json["account"], let id = account["id"]?.text {
      state.account = AccountRecord(
        id: id, name: account["name"]?.text, email: account["email"]?.text,
        picture: account["picture"]?.text)
    }
    self.init(state, without: [])
  }
}
