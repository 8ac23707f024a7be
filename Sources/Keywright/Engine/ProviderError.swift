internal import KeywrightDefinition

/// What a provider says went wrong: RFC 6749 §5.2, and what is nearest to it in any answer.
struct ProviderError {
  let code: String?
  let description: String?

  /// Reads a body, in the places that the step names or in those that providers use.
  init(_ answer: Value?, place: ErrorPlace?, in bindings: FlowBindings) {
    let body: JSON? = if case .dynamic(let json)? = answer { json } else { nil }
    func text(_ template: Template?) -> String? {
      template.flatMap { try? $0.text(in: bindings) } ?? nil
    }
    let error = body?["error"]
    code =
      text(place?.code) ?? error?.text ?? error?["code"]?.scalarText ?? error?["type"]?.scalarText
      ?? body?["code"]?.scalarText
    description =
      text(place?.description) ?? body?["error_description"]?.text ?? error?["message"]?.text
      ?? body?["message"]?.text ?? body?["detail"]?.text
  }

  /// The stable code for the codes of RFC 6749 §4.1.2.1 and §5.2.
  static func code(_ text: String) -> AuthorizationError.Code? {
    switch text {
    case "invalid_request": .invalidRequest
    case "invalid_client": .invalidClient
    case "invalid_grant": .invalidGrant
    case "unauthorized_client": .unauthorizedClient
    case "unsupported_grant_type", "unsupported_response_type": .unsupportedGrantType
    case "invalid_scope": .invalidScope
    case "access_denied": .accessDenied
    case "temporarily_unavailable", "server_error", "slow_down": .temporarilyUnavailable
    default: nil
    }
  }
}
