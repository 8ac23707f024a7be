extension AuthorizationError {
  /// A stable code. New ones may come; so a `switch` over them needs a `default`.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The code, as logs and interfaces show it.
    public let text: String

    /// What to do next.
    let nextStep: String

    init(_ text: String, next: String) {
      self.text = text
      nextStep = next
    }

    /// Codes are equal by their texts.
    public static func == (one: Code, other: Code) -> Bool { one.text == other.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// The code itself.
    public var description: String { text }
  }
}

extension AuthorizationError.Code {
  // MARK: What was filled in

  /// A field's value does not fit its type, or is missing.
  public static let invalidField = Self("invalid_field", next: "correct the field that is named")
  /// What the integrator fills in is missing.
  public static let incompleteSetup = Self(
    "incomplete_setup", next: "pass the client that the method's setup names")
  /// A scope that no authorization request may carry.
  public static let invalidScope = Self(
    "invalid_scope", next: "ask for scopes that the provider knows and the application may have")
  /// A redirect URI that can't be one.
  public static let invalidRedirectURI = Self(
    "invalid_redirect_uri", next: "use the URI that is registered with the provider")

  // MARK: What the browser brought back

  /// The callback can't be read.
  public static let malformedCallback = Self(
    "malformed_callback", next: "pass on the whole URL that the browser called, unchanged")
  /// A parameter stands in the callback twice.
  public static let repeatedParameter = Self(
    "repeated_parameter", next: "start again; nobody but the provider may build the callback")
  /// The callback has no state.
  public static let missingState = Self(
    "missing_state",
    next: "start the connection here; one that the provider started can't be trusted")
  /// The callback's state is not this flow's.
  public static let stateMismatch = Self(
    "state_mismatch",
    next: "start again in the same browser, and open the flow that belongs to this callback")
  /// The answer is another issuer's (RFC 9207).
  public static let issuerMismatch = Self(
    "issuer_mismatch", next: "start again; the answer came from somebody else")
  /// The callback is not what the spec accepts: a signature that is not the provider's, for one.
  public static let unacceptedCallback = Self(
    "unaccepted_callback",
    next:
      "start again; if it stays so, compare the client secret and the spec's 'accept' with the provider's page"
  )
  /// The person said no.
  public static let accessDenied = Self(
    "access_denied", next: "ask the person again when they want to")
  /// What must come back did not.
  public static let missingParameter = Self(
    "missing_parameter",
    next: "start again; if it stays so, compare the spec's 'take' with the provider's documentation"
  )
  /// The flow took too long.
  public static let expiredFlow = Self(
    "expired_flow", next: "start again; a flow is open for ten minutes")
  /// What was kept of the flow can't be opened.
  public static let unreadableFlow = Self(
    "unreadable_flow",
    next: "start again; if it stays so, compare the key with the one that sealed it")

  // MARK: What the provider answered

  /// The code, verifier, redirect URI or refresh token is not good, or no longer (RFC 6749 §5.2).
  public static let invalidGrant = Self("invalid_grant", next: "let the person connect again")
  /// The client is not known, or its secret is wrong (RFC 6749 §5.2).
  public static let invalidClient = Self(
    "invalid_client",
    next: "compare client id and secret with the provider's page for the application")
  /// The provider found fault with the request (RFC 6749 §5.2).
  public static let invalidRequest = Self(
    "invalid_request", next: "compare the spec's parameters with the provider's documentation")
  /// The client may not do this (RFC 6749 §5.2).
  public static let unauthorizedClient = Self(
    "unauthorized_client", next: "allow this grant on the provider's page for the application")
  /// The provider does not know the grant (RFC 6749 §5.2).
  public static let unsupportedGrantType = Self(
    "unsupported_grant_type", next: "compare the spec's grant with the provider's documentation")
  /// The provider refused, in words of its own.
  public static let refused = Self(
    "refused", next: "read the provider's words and its documentation")
  /// The provider can't answer now.
  public static let temporarilyUnavailable = Self(
    "temporarily_unavailable", next: "try again later")
  /// The answer is not what the spec accepts.
  public static let unacceptedAnswer = Self(
    "unaccepted_answer", next: "compare the spec's 'accept' with the provider's documentation")
  /// The answer can't be read in its format.
  public static let unreadableAnswer = Self(
    "unreadable_answer",
    next: "try again; if it stays so, compare the spec's 'format' with the provider's documentation"
  )
  /// The answer has no credential.
  public static let missingCredential = Self(
    "missing_credential", next: "compare the spec's 'credential' with the provider's documentation")
  /// A value of the answer does not fit its type.
  public static let unfitValue = Self(
    "unfit_value", next: "compare the spec's types with the provider's documentation")
  /// The answer does not say whose account it is.
  public static let missingAccount = Self(
    "missing_account", next: "compare the spec's 'account' with the provider's documentation")

  // MARK: The way there

  /// The provider could not be reached; nothing was sent.
  public static let unreachable = Self("unreachable", next: "try again; nothing was sent")
  /// No whole answer came; whether the provider acted is not known.
  public static let interrupted = Self(
    "interrupted", next: "try again at once; the provider may have acted")
  /// No whole answer came in time; whether the provider acted is not known.
  public static let timedOut = Self(
    "timed_out", next: "try again at once; the provider may have acted")
  /// The answer is longer than is read.
  public static let answerTooLarge = Self(
    "answer_too_large", next: "report it to the provider; such an answer is small")

  // MARK: The credential

  /// The request is for another host than the connection's API.
  public static let foreignOrigin = Self(
    "foreign_origin", next: "sign requests to the provider's API only")
  /// A value can't stand where the spec puts it.
  public static let unfitRequest = Self("unfit_request", next: "correct the value that is named")
  /// The credential can't be renewed without its person.
  public static let personNeeded = Self("person_needed", next: "let the person connect again")
  /// The method has no request for this.
  public static let notOffered = Self("not_offered", next: "do it on the provider's own pages")
  /// A sealing key that is none.
  public static let unfitKey = Self(
    "unfit_key", next: "make a key with SealingKey.random(), and keep its text")
  /// A definition or state of another version.
  public static let incompatible = Self(
    "incompatible", next: "generate again with this version of Keywright, and start again")
}
