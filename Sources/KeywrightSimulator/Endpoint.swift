internal import HTTPTypes
internal import KeywrightDefinition

/// One address that a provider answers at: a step of the definition, or its API.
struct Endpoint: Sendable {
  enum Role: Sendable {
    case leave(Leave)
    case request(Request)
    /// Any request that a credential signs.
    case api
  }

  let stage: String
  let step: Step?
  let role: Role
  /// The credential that it is about; nil where the method has one.
  let subject: String?
  let shape: RequestShape

  var isLeave: Bool { if case .leave = role { true } else { false } }
  /// Whether it is the API as a whole, and no step of the spec.
  var isAPI: Bool { if case .api = role { true } else { false } }

  /// Whether a credential has to stand in the request: then it is refused as an API refuses (RFC 6750 §3).
  var isOfAPI: Bool { isAPI || isSigned }

  /// Whether it ends a token that is named as a parameter (RFC 7009).
  var isRevocation: Bool { stage == "revoke" && !isSigned }

  /// Whether a credential signs it.
  var isSigned: Bool {
    if case .request(let request) = role { request.with.isSigned } else { false }
  }

  /// All steps of a method that are addresses, and its API.
  static func all(of method: Method) -> [Endpoint] {
    var endpoints: [Endpoint] = []
    func add(_ stage: String, _ steps: [Step], of subject: String? = nil) {
      for step in steps {
        switch step.action {
        case .leave(let leave):
          endpoints.append(
            Endpoint(
              stage: stage, step: step, role: .leave(leave), subject: subject,
              shape: RequestShape(leave)))
        case .request(let request):
          let names =
            request.with == .credential && stage != "renew"
            ? method.credentials.map(\.name) : [request.with.name ?? subject]
          for name in names.isEmpty ? [subject] : names {
            endpoints.append(
              Endpoint(
                stage: stage, step: step, role: .request(request), subject: name,
                shape: RequestShape(request, subject: name, in: method)))
          }
        case .keep: break
        }
      }
    }
    add("authorize", method.authorize)
    add("exchange", method.exchange)
    for rule in method.credentials { add("renew", rule.renewal.written, of: rule.name) }
    add("revoke", method.revoke)
    // One address may be both: then the account's answer counts, which says more.
    add("account", [method.account?.step].compactMap { $0 })
    add("verify", method.verify)
    let rules: [CredentialRule?] = method.credentials.isEmpty ? [nil] : method.credentials
    for rule in rules {
      endpoints.append(
        Endpoint(
          stage: "api", step: nil, role: .api, subject: rule?.name,
          shape: RequestShape(signedBy: rule, in: method)))
    }
    return endpoints
  }
}
