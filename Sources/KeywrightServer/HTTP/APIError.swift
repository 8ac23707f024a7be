internal import Keywright
package import KeywrightDefinition

/// Why a request was not answered as it was meant: what the interface's error envelope says.
package struct APIError: Error, Sendable {
  /// The status of the answer, 400–599.
  package let status: Int
  /// Stable, and safe to branch on.
  package let code: String
  /// What was found, what is wanted and what to do.
  package let message: String

  /// What is wrong with which part of the input.
  package var details: [Detail] = []

  /// What the caller may want beside the error, such as the connection that it is about.
  package var payload: JSON?

  /// Seconds until the same request may work.
  package var retryAfter: Int64?

  /// One fault of the input.
  package struct Detail: Sendable, Hashable {
    /// Stable, such as `invalid_field`.
    package let code: String
    /// What was found and what is wanted.
    package let message: String
    /// Where in the input, outermost first.
    package let path: [String]
  }

  init(
    _ status: Int, _ code: String, _ message: String, details: [Detail] = [], payload: JSON? = nil
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.details = details
    self.payload = payload
  }

  /// The envelope: `{"error": {"code", "message", "errors", "payload"}}`.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("code", .string(code)), .init("message", .string(message)),
    ]
    if !details.isEmpty {
      members.append(
        .init(
          "errors",
          .array(
            details.map { detail in
              .object([
                .init("code", .string(detail.code)), .init("message", .string(detail.message)),
                .init("path", .texts(detail.path)),
              ])
            })))
    }
    if let payload { members.append(.init("payload", payload)) }
    return .object([.init("error", .object(members))])
  }
}

extension APIError {
  static func invalidBody(_ message: String, at path: [String] = []) -> APIError {
    APIError(
      400, "invalid_body", message,
      details: [Detail(code: "invalid_body", message: message, path: path)])
  }

  static func invalidQuery(_ message: String, at path: [String] = []) -> APIError {
    APIError(
      400, "invalid_query_params", message,
      details: [Detail(code: "invalid_query_params", message: message, path: path)])
  }

  static func notFound(_ code: String, _ message: String) -> APIError {
    APIError(404, code, message)
  }

  /// What the engine says, as an answer to whoever asked: our own fault is none of the caller's.
  init(_ error: AuthorizationError) {
    let status: Int
    switch error.code {
    case .invalidField, .invalidScope, .incompleteSetup: status = 400
    case .accountMismatch, .notRenewable: status = 409
    case .unreachable, .interrupted, .timedOut, .answerTooLarge, .temporarilyUnavailable:
      status = 424
    case .storeFailed: status = 503
    case .unknownConnection: status = 404
    default: status = 400
    }
    var message = error.message
    if let code = error.providerCode { message += "; the provider's code: \(code)" }
    if let words = error.providerDescription { message += "; its words: \(words)" }
    self.init(status, error.code.text, "\(message); next: \(error.nextStep)")
    retryAfter = error.retryAfter
  }
}
