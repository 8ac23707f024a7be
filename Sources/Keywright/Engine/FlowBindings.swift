internal import HTTPTypes
internal import KeywrightCrypto
internal import KeywrightDefinition

/// What the names of a definition mean at one step of a flow.
struct FlowBindings: Bindings {
  let method: Method
  let state: FlowState
  let setup: Setup
  var answer: ReadAnswer?

  func value(of name: String) -> Value? {
    if let text = setup.values[name] ?? state.fields[name] ?? state.saved[name] {
      return .text(text)
    }
    switch name {
    case "scopes":
      return state.scopes.isEmpty
        ? nil : .text(state.scopes.joined(separator: method.scopes.separator))
    case "redirect_uri": return state.redirectURI.map { .text($0) }
    case "state": return state.state.map { .text($0) }
    case "pkce": return state.verifier.map(Self.pkce)
    case "callback": return .record(state.callback.mapValues { .text($0) })
    case "status": return answer.map { .integer(Int64($0.status)) }
    case "body": return answer?.body.map { .dynamic($0) }
    case "header": return answer.map { .record($0.headers) }
    case "credential": return state.credential.map(Self.record)
    default: return nil
    }
  }

  /// The verifier, and the challenge that is made of it (RFC 7636 §4.2).
  static func pkce(_ verifier: String) -> Value {
    let challenge = Encoding.base64URL(digest(Array(verifier.utf8), .sha256))
    return .record(["verifier": .text(verifier), "challenge": .text(challenge)])
  }

  private static func record(_ credential: CredentialRecord) -> Value {
    var values = credential.parts.mapValues { Value.text($0) }
    values["scopes"] = .list(credential.scopes.map { .text($0) })
    values["expires_at"] = credential.expiresAt.map { .integer($0.seconds) }
    return .record(values)
  }
}

/// An answer, read in the format that its step names.
struct ReadAnswer: Sendable {
  let status: Int

  /// By lower-case name; of a repeated header the first.
  let headers: [String: Value]

  /// Nil where the body can't be read in the format.
  let body: JSON?

  /// Why the body can't be read.
  let problem: String?

  init(_ answer: TransportAnswer, as format: Request.Format) {
    status = answer.status
    headers = Dictionary(
      answer.headers.map { ($0.name.canonicalName, Value.text($0.value)) },
      uniquingKeysWith: { first, _ in first })
    switch format {
    case .none:
      body = nil
      problem = nil
    case .text:
      body = String(validating: answer.body, as: UTF8.self).map { .string($0) }
      problem = body == nil ? "bytes that are no UTF-8" : nil
    case .form:
      let text = String(validating: answer.body, as: UTF8.self)
      body = text.flatMap { FormText.pairs($0) }.flatMap(Self.object)
      problem = body == nil ? "no form" : nil
    case .json:
      do {
        body = try JSON(reading: answer.body)
        problem = nil
      } catch {
        body = nil
        problem = "no JSON: \(error)"
      }
    }
  }

  private static func object(_ pairs: [(name: String, value: String)]) -> JSON? {
    guard Set(pairs.map(\.name)).count == pairs.count else { return nil }
    return .object(pairs.map { JSON.Member($0.name, .string($0.value)) })
  }
}
