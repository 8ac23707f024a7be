/// What went wrong in a flow, a renewal or a signed request, and what to do next.
///
/// It holds no secret, no token, no code and no URL's query: what a provider said is capped, and known secrets
/// are taken out of it.
public struct AuthorizationError: Error, Sendable, Hashable {
  /// What kind of failure this is; stable, and safe to branch on.
  public let code: Code

  /// What happened, in one sentence.
  public let message: String

  /// The stage of the flow: `authorize`, `exchange`, `renew`, `revoke`, `verify` or `account`; nil where it is about none.
  public internal(set) var stage: String?

  /// The id of the step in the spec, where that has one.
  public internal(set) var step: String?

  /// The provider's own error code, such as `invalid_grant`.
  public internal(set) var providerCode: String?

  /// The provider's own words.
  public internal(set) var providerDescription: String?

  /// The status of the provider's answer.
  public internal(set) var status: Int?

  /// How long the provider asks to be left alone (RFC 9110 §10.2.3). Unit: seconds; at most one hour.
  public internal(set) var retryAfter: Int64?

  /// What to do next, in one sentence.
  public var nextStep: String { code.nextStep }

  /// An error that is about no answer.
  package init(_ code: Code, _ message: String, stage: String? = nil) {
    self.code = code
    self.message = message
    self.stage = stage
  }
}

extension AuthorizationError: CustomStringConvertible {
  /// What happened, what the provider said, and what to do: `code: message (…); next: …`.
  public var description: String {
    var details: [String] = []
    if let stage { details.append("in \(stage)" + (step.map { ", step '\($0)'" } ?? "")) }
    if let status { details.append("status \(status)") }
    if let providerCode { details.append("the provider's code: \(providerCode)") }
    if let retryAfter { details.append("to be tried again in \(retryAfter) s") }
    if let providerDescription { details.append("its words: \(providerDescription)") }
    let inside = details.isEmpty ? "" : " (\(details.joined(separator: "; ")))"
    return "\(code.text): \(message)\(inside); next: \(nextStep)"
  }
}

extension AuthorizationError {
  /// The error of a flow whose browser never came back.
  package static func nobodyCame(within deadline: Duration) -> AuthorizationError {
    AuthorizationError(
      .expiredFlow, "the browser did not come back within \(deadline)", stage: "authorize")
  }
}
