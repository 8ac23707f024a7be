internal import HTTPTypes
internal import KeywrightDefinition

/// Why a request is refused, in the words of the RFCs.
struct Refusal: Error {
  /// RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1.
  enum Code: String {
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case unsupportedGrantType = "unsupported_grant_type"
    case unsupportedResponseType = "unsupported_response_type"
    case invalidScope = "invalid_scope"
    case invalidToken = "invalid_token"
    /// RFC 6750 §3: who shows no credential at all is told no code.
    case noCredential = ""
    case notFound = "not_found"
  }

  let code: Code
  let description: String

  /// Whether it is about who asks, or about where the browser goes back to: then nobody is sent anywhere
  /// (RFC 6749 §4.1.2.1).
  var isAboutReturn = false

  /// Whether the request may be another one of the same API: a GraphQL API has a single address, say.
  var isOtherOperation = false

  /// Of several reasons the one that counts: who asks comes first, then how, then what for.
  var rank: Int {
    switch code {
    case .invalidClient: 0
    case .noCredential: 1
    case .invalidRequest: 2
    case .unsupportedGrantType, .unsupportedResponseType: 3
    case .invalidGrant, .invalidToken: 4
    case .invalidScope: 5
    case .notFound: 6
    }
  }

  var status: Int {
    switch code {
    case .invalidClient, .invalidToken, .noCredential: 401
    case .notFound: 404
    default: 400
    }
  }
}

extension Refusal {
  /// What is wrong with one part of a request.
  enum Fault { case missing, repeated, wrong }

  /// The refusal of a part, by what it is for.
  init(_ fault: Fault, _ part: Part, of endpoint: Endpoint) {
    let name = part.place.name
    let said =
      switch fault {
      case .missing: "\(name) is missing"
      case .repeated: "\(name) stands there more than once"
      case .wrong: "\(name) is not what it should be"
      }
    self.init(
      code: Self.code(fault, part, of: endpoint), description: said,
      isAboutReturn: part.reads("client_id") || part.reads("redirect_uri"),
      isOtherOperation: fault == .wrong && part.place.isBody
        && part.template.literalText != nil && ["verify", "account"].contains(endpoint.stage))
  }

  private static func code(_ fault: Fault, _ part: Part, of endpoint: Endpoint) -> Code {
    // RFC 6749 §3.1 and §3.2, RFC 6750 §3.1.
    if fault == .repeated { return .invalidRequest }
    if part.origin == .client || part.reads("client_secret") || part.reads("client_id") {
      return .invalidClient
    }
    if endpoint.isOfAPI, part.origin == .credential, part.template.literalText == nil {
      return fault == .missing ? .noCredential : .invalidToken
    }
    if fault == .missing { return .invalidRequest }
    if part.template.literalText != nil {
      switch part.place.name {
      case "grant_type": return .unsupportedGrantType
      case "response_type": return .unsupportedResponseType
      default: return .invalidRequest
      }
    }
    if part.reads("scopes") { return .invalidScope }
    return endpoint.isLeave ? .invalidRequest : .invalidGrant
  }
}
