internal import HTTPTypes
internal import KeywrightCrypto
internal import KeywrightDefinition

/// What the names of a definition mean at one step of a flow.
struct FlowBindings: Bindings {
  let method: Method
  let state: FlowState
  let setup: Setup
  var answer: ReadAnswer?
  /// Values of the carrier at hand.
  var local: [String: Value] = [:]
  /// The request that a carrier puts its credential on.
  var request: Value?
  /// Which credential `credential` is, where that is not the one of the step.
  var subject: String?

  func value(of name: String) -> Value? {
    if let value = local[name] ?? state.made[name] { return value }
    if let text = setup.values[name] ?? state.fields[name] ?? state.hints[name] {
      return method.field(name)?.value(text) ?? .text(text)
    }
    if let text = state.saved[name] { return method.savedField(name)?.value(text) ?? .text(text) }
    switch name {
    case "scopes":
      return state.scopes.isEmpty
        ? nil : .text(state.scopes.joined(separator: method.scopes.separator))
    case "redirect_uri": return state.redirectURI.map { .text($0) }
    case "state": return state.state.map { .text($0) }
    case "nonce": return state.nonce.map { .text($0) }
    case "pkce": return state.verifier.map(Self.pkce)
    case "callback": return .record(callback)
    case "status": return answer.map { .integer(Int64($0.status)) }
    case "body": return answer?.body
    case "header": return answer.map { .record($0.headers) }
    case "cookie": return answer.map { .record($0.cookies) }
    case "credential": return credential.map(Self.record)
    case "credentials": return .record(state.credentials.mapValues(Self.record))
    case "request": return request
    case "now": return state.requestedAt.map { .integer($0.seconds) }
    case "uuid": return state.chance.isEmpty ? nil : .text(uuid)
    case "random":
      return state.chance.isEmpty ? nil : .text(Encoding.hex(Array(state.chance.suffix(16))))
    default: return nil
    }
  }

  func digest(_ bytes: [UInt8], key: [UInt8]?, by name: String) -> [UInt8]? {
    guard let algorithm = DigestAlgorithm(rawValue: name) else { return nil }
    guard let key else { return KeywrightCrypto.digest(bytes, algorithm) }
    return authenticationCode(for: bytes, key: key, algorithm)
  }

  /// The verifier, and the challenge that is made of it (RFC 7636 §4.2).
  static func pkce(_ verifier: String) -> Value {
    let challenge = Encoding.base64URL(KeywrightCrypto.digest(Array(verifier.utf8), .sha256))
    return .record(["verifier": .text(verifier), "challenge": .text(challenge)])
  }

  private var callback: [String: Value] {
    let taken = method.authorize.compactMap(\.leave).flatMap(\.take)
    var values: [String: Value] = [:]
    for (name, text) in state.callback {
      values[name] = taken.first { $0.name == name }?.value(text) ?? .text(text)
    }
    values["query"] = .pairs(state.callbackQuery)
    return values
  }

  /// The credential that `credential` means here.
  private var credential: CredentialRecord? {
    if let name = subject ?? state.subject ?? state.latest { return state.credentials[name] }
    return method.defaultRule(among: state.credentials).flatMap {
      state.credentials[$0.name ?? ""]
    }
  }

  private static func record(_ credential: CredentialRecord) -> Value {
    var values = credential.parts.mapValues { Value.text($0) }
    values["scopes"] = .list(credential.scopes.map { .text($0) })
    values["expires_at"] = credential.expiresAt.map { .integer($0.seconds) }
    return .record(values)
  }

  private var uuid: String { Encoding.uuid(Array(state.chance.prefix(16))) }
}

extension Method {
  /// The rule of the default credential: of the first that is present.
  func defaultRule(among credentials: [String: CredentialRecord]) -> CredentialRule? {
    self.credentials.first { credentials[$0.name ?? ""] != nil }
  }

  /// The declaration of a value that is filled in.
  func field(_ name: String) -> Field? {
    (setup + ask + hints).first { $0.name == name }
  }

  /// The declaration of a saved value.
  func savedField(_ name: String) -> Field? {
    for steps in [authorize, exchange] + credentials.map(\.renewal.written) {
      for step in steps {
        if let field = step.save.first(where: { $0.name == name }) { return field }
      }
    }
    return nil
  }
}
