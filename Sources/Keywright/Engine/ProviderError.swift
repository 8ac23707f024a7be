internal import KeywrightDefinition

/// What a provider says went wrong: RFC 6749 §5.2, and what is nearest to it in any answer.
struct ProviderError {
  let code: String?
  let description: String?

  /// Reads a body, in the places that the step names or in those that providers use, and else a challenge.
  init(
    _ answer: Value?, challenge: String? = nil, place: ErrorPlace?, in bindings: FlowBindings
  ) {
    let body: JSON? = if case .dynamic(let json)? = answer { json } else { nil }
    func text(_ template: Template?) -> String? {
      template.flatMap { try? $0.text(in: bindings) } ?? nil
    }
    let error = body?["error"]
    code =
      text(place?.code) ?? error?.text ?? error?["code"]?.scalarText ?? error?["type"]?.scalarText
      ?? body?["code"]?.scalarText ?? challenge.flatMap { Self.parameter("error", of: $0) }
    description =
      text(place?.description) ?? body?["error_description"]?.text ?? error?["message"]?.text
      ?? body?["message"]?.text ?? body?["detail"]?.text
      ?? challenge.flatMap { Self.parameter("error_description", of: $0) }
  }

  /// A parameter of a challenge, with or without quotes (RFC 9110 §11.2, RFC 6750 §3); nil where it has none.
  static func parameter(_ name: String, of challenge: String) -> String? {
    var rest = challenge.utf8[...]
    var before: UInt8 = UInt8(ascii: " ")
    while let first = rest.first {
      let isStart = before == UInt8(ascii: " ") || before == UInt8(ascii: ",")
      if isStart, rest.starts(with: "\(name)=".utf8) {
        return value(rest.dropFirst(name.utf8.count + 1))
      }
      // What stands within quotes is no parameter.
      rest = first == UInt8(ascii: "\"") ? quoted(rest).rest : rest.dropFirst()
      before = first
    }
    return nil
  }

  /// A token, or a quoted string without its quotes and escapes; it may lack its end.
  private static func value(_ bytes: Substring.UTF8View) -> String {
    guard bytes.first == UInt8(ascii: "\"") else {
      return String(
        decoding: bytes.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: " ") },
        as: UTF8.self)
    }
    return String(decoding: quoted(bytes).text, as: UTF8.self)
  }

  /// A quoted string at the beginning of some bytes, and what follows it.
  private static func quoted(
    _ bytes: Substring.UTF8View
  ) -> (text: [UInt8], rest: Substring.UTF8View) {
    var text: [UInt8] = []
    var isEscaped = false
    var rest = bytes.dropFirst()
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\""), !isEscaped { break }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
      if !isEscaped { text.append(byte) }
    }
    return (text, rest)
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
