extension AuthorizationError {
  /// What a failed request may have done at the provider: what decides whether, and when, it is sent again.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// No byte of it was sent: all is as it was.
    case neverSent = "never_sent"
    /// The provider refused it: all is as it was.
    case rejected
    /// Nobody knows whether the provider acted: of a refresh token that works once, it may be gone.
    case ambiguous
  }

  /// What the request may have done; nil for an error that is about no request.
  ///
  /// A refusal is one in words: an OAuth error (RFC 6749 §5.2), 429, 413, or 503 with `Retry-After`. A server that
  /// fails or breaks off, and an answer with a status of success that can't be read, leave it open.
  public var outcome: Outcome? {
    switch code {
    case .unreachable, .unfitRequest, .invalidField, .incompleteSetup, .foreignOrigin:
      return .neverSent
    case .interrupted, .timedOut, .answerTooLarge: return .ambiguous
    default: break
    }
    guard let status else { return nil }
    if providerCode != nil || (400...499).contains(status) { return .rejected }
    if status == 503, retryAfter != nil { return .rejected }
    return .ambiguous
  }

  /// Whether the same request may succeed later, as it is.
  public var isTransient: Bool {
    switch code {
    case .unreachable, .interrupted, .timedOut, .answerTooLarge, .temporarilyUnavailable: true
    default: outcome == .ambiguous
    }
  }
}
