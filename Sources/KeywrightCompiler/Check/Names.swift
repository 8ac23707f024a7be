import KeywrightDefinition

/// What the checks know about a name.
struct KnownName: Sendable {
  /// Who gave the value.
  enum Origin: Sendable {
    case setup, ask
    /// Made by the engine for this flow.
    case flow
    /// Brought by the browser.
    case callback
    /// Read from an answer, and kept.
    case saved
    /// Read from the answer at hand.
    case answer
    case credential
  }

  let origin: Origin
  var type: FieldType?
  var isSecret = false
  var mayBeAbsent = false
}

/// Where a template is evaluated: which names exist there.
struct Standpoint {
  /// The question that the step answers.
  enum Stage: String {
    case authorize, exchange, renew, revoke, sign, verify, account, api
  }

  let stage: Stage
  let method: Method

  /// Names saved by earlier steps.
  var saved: [SavedName] = []

  /// Parts of credentials that earlier steps made.
  var credentialParts: [String] = []

  /// Whether an answer is at hand.
  var hasAnswer = false

  /// Whether the browser has come back.
  var hasCallback = false

  /// What a reference reads.
  func look(up reference: Reference) -> Result<KnownName, NameProblem> {
    if let field = method.setup.first(where: { $0.name == reference.name }) {
      return .success(KnownName(origin: .setup, type: field.type, isSecret: field.isSecret))
    }
    if let field = method.ask.first(where: { $0.name == reference.name }) {
      return .success(KnownName(origin: .ask, type: field.type, isSecret: field.isSecret))
    }
    if let saved = saved.first(where: { $0.name == reference.name }) {
      return .success(saved.known)
    }
    return lookUpOwn(reference)
  }

  /// The language's own names, each in the stages where it exists.
  private func lookUpOwn(_ reference: Reference) -> Result<KnownName, NameProblem> {
    let isFlow = [.authorize, .exchange, .renew, .revoke].contains(stage)
    switch reference.name {
    case "scopes" where isFlow:
      return .success(KnownName(origin: .flow, type: .text, mayBeAbsent: true))
    case "redirect_uri" where isFlow && leaves:
      return .success(KnownName(origin: .flow, type: .url))
    case "state" where stage == .authorize || stage == .exchange:
      return .success(KnownName(origin: .flow, type: .text))
    case "pkce" where stage == .authorize || stage == .exchange: return pkce(reference)
    case "callback" where hasCallback: return callback(reference)
    case "status", "body", "header":
      guard hasAnswer else { return .failure(.notHere("there is no answer yet")) }
      let isSecret = reference.name != "status"
      return .success(KnownName(origin: .answer, isSecret: isSecret))
    case "credential": return credential(reference)
    case "scopes", "redirect_uri", "state", "pkce":
      return .failure(.notHere("it exists in a flow only"))
    case "callback":
      let reason =
        stage == .authorize
        ? "the browser has not come back yet" : "it is gone when the flow has ended"
      return .failure(.notHere(reason))
    case "nonce", "cookie", "credentials", "request", "now", "uuid", "random", "item", "connection",
      "integration":
      return .failure(.notYet)
    default: return .failure(.unknown)
    }
  }

  private var leaves: Bool { method.authorize.contains { $0.leave != nil } }

  private func pkce(_ reference: Reference) -> Result<KnownName, NameProblem> {
    switch reference.member {
    case "verifier": .success(KnownName(origin: .flow, type: .text, isSecret: true))
    case "challenge": .success(KnownName(origin: .flow, type: .text))
    default: .failure(.noMember(known: ["verifier", "challenge"]))
    }
  }

  private func callback(_ reference: Reference) -> Result<KnownName, NameProblem> {
    let taken = method.authorize.compactMap(\.leave).flatMap(\.take)
    guard let field = taken.first(where: { $0.name == reference.member }) else {
      return .failure(.noMember(known: taken.map(\.name)))
    }
    return .success(
      KnownName(origin: .callback, type: field.type, isSecret: field.isSecret))
  }

  private func credential(_ reference: Reference) -> Result<KnownName, NameProblem> {
    guard stage != .authorize, !(stage == .exchange && credentialParts.isEmpty) else {
      return .failure(.notHere("no credential has been made yet"))
    }
    guard let member = reference.member, credentialParts.contains(member) else {
      return .failure(.noMember(known: credentialParts))
    }
    return .success(
      KnownName(
        origin: .credential, isSecret: !CredentialTemplate.publicParts.contains(member)))
  }

  /// The names that could have been meant.
  var candidates: [String] {
    (method.setup + method.ask).map(\.name) + saved.map(\.name) + [
      "scopes", "redirect_uri", "state", "pkce", "callback", "credential", "status", "body",
      "header",
    ]
  }
}

/// A value that a step keeps.
struct SavedName: Sendable {
  let name: String
  let known: KnownName

  /// A declared type makes public only what an answer or callback gave; what was made of a secret that somebody filled
  /// in stays secret, and what a person or callback gave stays theirs to prove.
  init(_ field: Field, madeOf uses: [KnownName], isCredential: Bool) {
    let isFilledSecret = uses.contains {
      $0.isSecret && $0.origin != .answer && $0.origin != .callback
    }
    name = field.name
    known = KnownName(
      origin: uses.first { $0.origin == .ask || $0.origin == .callback }?.origin ?? .saved,
      type: field.type, isSecret: field.isSecret || isFilledSecret || isCredential)
  }
}

/// Why a reference reads nothing.
enum NameProblem: Error {
  case unknown
  case notYet
  case notHere(String)
  case noMember(known: [String])
}
