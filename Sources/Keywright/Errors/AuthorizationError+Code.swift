extension AuthorizationError {
  /// A stable code. New ones may come; so a `switch` over them needs a `default`.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    /// The code, as logs and interfaces show it.
    public let text: String

    /// What happened, in general.
    package let meaning: String

    /// What to do next.
    package let nextStep: String

    init(_ text: String, _ meaning: String, next: String) {
      self.text = text
      self.meaning = meaning
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
  public static let invalidField = Self(
    "invalid_field", "a field's value does not fit its type, or is missing",
    next: "correct the field that is named")
  /// What the integrator fills in is missing.
  public static let incompleteSetup = Self(
    "incomplete_setup", "what the integrator fills in is missing",
    next: "pass the client that the method's setup names")
  /// A scope that no authorization request may carry.
  public static let invalidScope = Self(
    "invalid_scope", "a scope that no authorization request may carry",
    next: "ask for scopes that the provider knows and the application may have")
  /// A redirect URI that can't be one.
  public static let invalidRedirectURI = Self(
    "invalid_redirect_uri", "a redirect URI that can't be one",
    next: "use the URI that is registered with the provider")

  /// No provider of the catalogue has the id.
  public static let unknownProvider = Self(
    "unknown_provider", "no provider of the catalogue has the id",
    next: "pass the catalogue that has it, or correct the id")

  // MARK: What the browser brought back

  /// The callback can't be read.
  public static let malformedCallback = Self(
    "malformed_callback", "the callback can't be read",
    next: "pass on the whole URL that the browser called, unchanged")
  /// A parameter stands in the callback twice.
  public static let repeatedParameter = Self(
    "repeated_parameter", "a parameter stands in the callback twice",
    next: "start again; nobody but the provider may build the callback")
  /// The callback has no state.
  public static let missingState = Self(
    "missing_state", "the callback has no state",
    next: "start the connection here; one that the provider started can't be trusted")
  /// The callback's state is not this flow's.
  public static let stateMismatch = Self(
    "state_mismatch", "the callback's state is not this flow's",
    next: "start again in the same browser, and open the flow that belongs to this callback")
  /// The answer is another issuer's (RFC 9207).
  public static let issuerMismatch = Self(
    "issuer_mismatch", "the answer is another issuer's (RFC 9207)",
    next: "start again; the answer came from somebody else")
  /// The callback is not what the spec accepts: a signature that is not the provider's, for one.
  public static let unacceptedCallback = Self(
    "unaccepted_callback",
    "the callback is not what the spec accepts: a signature that is not the provider's, for one",
    next:
      "start again; if it stays so, compare the client secret and the spec's 'accept' with the provider's page"
  )
  /// The person said no.
  public static let accessDenied = Self(
    "access_denied", "the person said no",
    next: "ask the person again when they want to")
  /// What must come back did not.
  public static let missingParameter = Self(
    "missing_parameter", "what must come back did not",
    next: "start again; if it stays so, compare the spec's 'take' with the provider's documentation"
  )
  /// The flow took too long.
  public static let expiredFlow = Self(
    "expired_flow", "the flow took too long",
    next: "start again; a flow is open for ten minutes")
  /// What was kept of the flow can't be opened.
  public static let unreadableFlow = Self(
    "unreadable_flow", "what was kept of the flow can't be opened",
    next: "start again; if it stays so, compare the key with the one that sealed it")

  // MARK: What the provider answered

  /// The code, verifier, redirect URI or refresh token is not good, or no longer (RFC 6749 §5.2).
  public static let invalidGrant = Self(
    "invalid_grant",
    "the code, verifier, redirect URI or refresh token is not good, or no longer (RFC 6749 §5.2)",
    next: "let the person connect again")
  /// The client is not known, or its secret is wrong (RFC 6749 §5.2).
  public static let invalidClient = Self(
    "invalid_client", "the client is not known, or its secret is wrong (RFC 6749 §5.2)",
    next: "compare client id and secret with the provider's page for the application")
  /// The provider found fault with the request (RFC 6749 §5.2).
  public static let invalidRequest = Self(
    "invalid_request", "the provider found fault with the request (RFC 6749 §5.2)",
    next: "compare the spec's parameters with the provider's documentation")
  /// The client may not do this (RFC 6749 §5.2).
  public static let unauthorizedClient = Self(
    "unauthorized_client", "the client may not do this (RFC 6749 §5.2)",
    next: "allow this grant on the provider's page for the application")
  /// The provider does not know the grant (RFC 6749 §5.2).
  public static let unsupportedGrantType = Self(
    "unsupported_grant_type", "the provider does not know the grant (RFC 6749 §5.2)",
    next: "compare the spec's grant with the provider's documentation")
  /// The provider refused, in words of its own.
  public static let refused = Self(
    "refused", "the provider refused, in words of its own",
    next: "read the provider's words and its documentation")
  /// The provider can't answer now.
  public static let temporarilyUnavailable = Self(
    "temporarily_unavailable", "the provider can't answer now",
    next: "try again later")
  /// The answer is not what the spec accepts.
  public static let unacceptedAnswer = Self(
    "unaccepted_answer", "the answer is not what the spec accepts",
    next: "compare the spec's 'accept' with the provider's documentation")
  /// The answer can't be read in its format.
  public static let unreadableAnswer = Self(
    "unreadable_answer", "the answer can't be read in its format",
    next: "try again; if it stays so, compare the spec's 'format' with the provider's documentation"
  )
  /// The answer has no credential.
  public static let missingCredential = Self(
    "missing_credential", "the answer has no credential",
    next: "compare the spec's 'credential' with the provider's documentation")
  /// A value of the answer does not fit its type.
  public static let unfitValue = Self(
    "unfit_value", "a value of the answer does not fit its type",
    next: "compare the spec's types with the provider's documentation")
  /// The answer does not say whose account it is.
  public static let missingAccount = Self(
    "missing_account", "the answer does not say whose account it is",
    next: "compare the spec's 'account' with the provider's documentation")

  // MARK: The way there

  /// The provider could not be reached; nothing was sent.
  public static let unreachable = Self(
    "unreachable", "the provider could not be reached; nothing was sent",
    next: "try again; nothing was sent")
  /// No whole answer came; whether the provider acted is not known.
  public static let interrupted = Self(
    "interrupted", "no whole answer came; whether the provider acted is not known",
    next: "try again at once; the provider may have acted")
  /// No whole answer came in time; whether the provider acted is not known.
  public static let timedOut = Self(
    "timed_out", "no whole answer came in time; whether the provider acted is not known",
    next: "try again at once; the provider may have acted")
  /// The answer is longer than is read.
  public static let answerTooLarge = Self(
    "answer_too_large", "the answer is longer than is read",
    next: "report it to the provider; such an answer is small")

  // MARK: The credential

  /// The request is for another host than the connection's API.
  public static let foreignOrigin = Self(
    "foreign_origin", "the request is for another host than the connection's API",
    next: "sign requests to the provider's API only")
  /// A value can't stand where the spec puts it.
  public static let unfitRequest = Self(
    "unfit_request", "a value can't stand where the spec puts it",
    next: "correct the value that is named; where none is, the spec")
  /// The credential can't be renewed without its person.
  public static let personNeeded = Self(
    "person_needed", "the credential can't be renewed without its person",
    next: "let the person connect again")
  /// The provider had replaced the refresh token, and the answer that brought the new one was lost.
  public static let lostRotation = Self(
    "lost_rotation",
    "the provider had replaced the refresh token, and the answer that brought the new one was lost",
    next: "let the person connect again")
  /// The connection is of another account than the one that is kept under the same id.
  public static let accountMismatch = Self(
    "account_mismatch",
    "the connection is of another account than the one that is kept under the same id",
    next: "let the person connect the same account, or keep the connection under an id of its own")
  /// The connection can't be renewed, and would replace one that can.
  public static let notRenewable = Self(
    "not_renewable", "the connection can't be renewed, and would replace one that can",
    next: "ask for consent anew, so that the provider gives a refresh token once more")
  /// What is kept of a connection can't be opened.
  public static let unreadableConnection = Self(
    "unreadable_connection", "what is kept of a connection can't be opened",
    next:
      "let the person connect again; if all connections are so, compare the key with the one that sealed them"
  )
  /// Nothing is kept under the id.
  public static let unknownConnection = Self(
    "unknown_connection", "nothing is kept under the id",
    next: "let the person connect first, and keep the connection")
  /// The store could not read or keep a connection.
  public static let storeFailed = Self(
    "store_failed", "the store could not read or keep a connection",
    next: "see to the store; what came from the provider is held in memory meanwhile")
  /// The method has no request for this.
  public static let notOffered = Self(
    "not_offered", "the method has no request for this",
    next: "do it on the provider's own pages")
  /// A sealing key that is none.
  public static let unfitKey = Self(
    "unfit_key", "a sealing key that is none",
    next: "make a key with SealingKey.random(), and keep its text")
  /// A definition or state of another version.
  public static let incompatible = Self(
    "incompatible", "a definition or state of another version",
    next: "generate again with this version of Keywright, and start again")
}

extension AuthorizationError.Code {
  /// All codes, in groups: what `docs/errors.md` is made of.
  package static let all: [(group: String, codes: [AuthorizationError.Code])] = [
    (
      "What was filled in",
      [
        .invalidField,
        .incompleteSetup,
        .invalidScope,
        .invalidRedirectURI,
        .unknownProvider,
      ]
    ),
    (
      "What the browser brought back",
      [
        .malformedCallback,
        .repeatedParameter,
        .missingState,
        .stateMismatch,
        .issuerMismatch,
        .unacceptedCallback,
        .accessDenied,
        .missingParameter,
        .expiredFlow,
        .unreadableFlow,
      ]
    ),
    (
      "What the provider answered",
      [
        .invalidGrant,
        .invalidClient,
        .invalidRequest,
        .unauthorizedClient,
        .unsupportedGrantType,
        .refused,
        .temporarilyUnavailable,
        .unacceptedAnswer,
        .unreadableAnswer,
        .missingCredential,
        .unfitValue,
        .missingAccount,
      ]
    ),
    (
      "The way there",
      [
        .unreachable,
        .interrupted,
        .timedOut,
        .answerTooLarge,
      ]
    ),
    (
      "The credential",
      [
        .foreignOrigin,
        .unfitRequest,
        .personNeeded,
        .lostRotation,
        .accountMismatch,
        .notRenewable,
        .unreadableConnection,
        .unknownConnection,
        .storeFailed,
        .notOffered,
        .unfitKey,
        .incompatible,
      ]
    ),
  ]
}
