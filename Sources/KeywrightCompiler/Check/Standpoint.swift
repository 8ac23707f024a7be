import KeywrightDefinition

/// Where a template is evaluated: which names exist there.
struct Standpoint {
  /// The question that the step answers.
  enum Stage: String {
    case authorize, exchange, renew, revoke, sign, verify, account, api, form

    /// Whether its steps are requests to the provider of the flow.
    var isFlow: Bool { [.authorize, .exchange, .renew, .revoke].contains(self) }
  }

  let stage: Stage

  /// The method, and what is filled in: one for all points of it, which are copied at every step.
  private let ground: Ground

  var method: Method { ground.method }

  /// What is filled in, by name.
  var filled: KnownNames { ground.filled }

  /// Values that earlier steps made or saved, and those of the carrier at hand.
  var made = KnownNames()

  /// Parts of the credentials that earlier steps made, by the credential's name.
  var credentials: [String: KnownNames] = [:]

  /// Which credential `credential` is; the default one where it has no name.
  var current: String?

  /// The named credentials that steps made, in their order, and whether every flow makes them there.
  var makings: [(name: String, isCertain: Bool)] = []

  /// What an answer at hand is worth; nil where there is none.
  var answer: Known?

  /// Whether its body is read.
  var readsBody = true

  /// Whether this is what the browser takes along.
  var isLeave = false

  /// Whether the browser has come back.
  var hasCallback = false

  /// Whether this is a carrier of a request, where the request itself can be read.
  var isCarrier = false

  /// Whether `item` is an element of a list.
  var hasItem = false

  /// Conditions that hold here.
  var facts: [Expression] = []

  /// A stage of a method.
  init(stage: Stage, method: Method, filled: KnownNames) {
    self.init(stage: stage, on: Ground(method: method, filled: filled))
  }

  private init(stage: Stage, on ground: Ground) {
    self.stage = stage
    self.ground = ground
  }

  /// Another stage of the same method, where nothing has been made yet.
  func at(_ stage: Stage) -> Standpoint { Standpoint(stage: stage, on: ground) }

  private final class Ground {
    let method: Method
    let filled: KnownNames
    /// Every name that the method declares somewhere.
    lazy var declared = Set(method.declaredNames)

    init(method: Method, filled: KnownNames) {
      self.method = method
      self.filled = filled
    }
  }

  /// Whether a name is shown to be present by what holds here.
  func isPresent(_ known: Known, named name: String) -> Bool {
    if let condition = known.condition, facts.contains(condition) { return true }
    return facts.contains { fact in
      guard case .differs(let one, let other) = fact.form else { return false }
      return (one.form == .none && other.description == name)
        || (other.form == .none && one.description == name)
    }
  }

  // MARK: Credentials

  private var currentName: String { current ?? method.credentials.first?.name ?? "" }

  /// The credentials that `credential` may mean here instead of the current one: which one it is, a run decides.
  var others: [String] {
    let meant =
      switch stage {
      case .exchange: lasts
      case .revoke: method.credentials.compactMap(\.name)
      case .verify, .account: firsts
      default: [String]()
      }
    return meant.filter { $0 != currentName && credentials[$0] != nil }
  }

  /// The credentials of which one was made last: several, where a step runs only if something holds.
  private var lasts: [String] {
    makings[(makings.lastIndex(where: \.isCertain) ?? 0)...].map(\.name)
  }

  /// The credentials of which the first that is present is the default one: none behind one that always is.
  private var firsts: [String] {
    let names = method.credentials.compactMap(\.name)
    let last = names.firstIndex { name in
      method.rule(name)?.isOptional == false && makings.contains { $0 == (name, true) }
    }
    return Array(names.prefix(last.map { $0 + 1 } ?? names.count))
  }

  /// Takes in what a renewal makes and saves: whatever comes later may read either.
  mutating func join(renewed: Standpoint) {
    made.join(renewed.made)
    for (name, parts) in renewed.credentials { credentials[name]?.join(parts) }
  }

  // MARK: Names

  /// What a name means, with the member that is taken of it.
  func look(up name: String, member: String?) -> Result<Known, NameProblem> {
    if let known = made[name] ?? filled[name] {
      if known.sources.contains(.hints), !isLeave, stage != .form {
        return .failure(.notHere("a hint goes to the browser and is not kept"))
      }
      if known.field?.isOnce == true, ![.authorize, .exchange, .form].contains(stage) {
        return .failure(.notHere("it is used 'once' and not kept"))
      }
      return .success(known)
    }
    switch name {
    case "scopes":
      return exists(
        in: [.authorize, .exchange, .renew],
        Known(kind: .text, sources: .flow, mayBeAbsent: method.scopes.required.isEmpty))
    case "redirect_uri":
      if !method.leaves { return .failure(.notHere("this method never leaves for the browser")) }
      return exists(
        in: [.authorize, .exchange, .renew, .revoke], Known(kind: .text, sources: .flow))
    case "state", "nonce":
      return exists(in: [.authorize, .exchange], Known(kind: .text, sources: .flow))
    case "pkce": return pkce(member)
    case "callback": return callback(member)
    case "status", "body", "header", "cookie": return answer(name, member)
    case "credential":
      return part(member, of: currentName).map { known in
        var known = known
        for other in others {
          if let other = try? part(member, of: other).get() { known.join(other) }
        }
        return known
      }
    case "credentials": return credential(member)
    case "request": return request(member)
    case "now": return .success(Known(kind: .instant, sources: .flow))
    case "uuid", "random": return .success(Known(kind: .text, sources: .flow))
    case "item":
      return hasItem
        ? .success(Known(kind: .dynamic))
        : .failure(.notHere("it is an element of a list, inside 'find', 'filter' or 'any'"))
    case "connection", "integration": return .failure(.notYet)
    default:
      // An earlier or later one of its own names is not unknown, it has no value here.
      return ground.declared.contains(name)
        ? .failure(.notHere("it is made elsewhere, and lasts no longer than there"))
        : .failure(.unknown)
    }
  }

  private func exists(in stages: [Stage], _ known: Known) -> Result<Known, NameProblem> {
    stages.contains(stage) ? .success(known) : .failure(.notHere("it exists in a flow only"))
  }

  private func pkce(_ member: String?) -> Result<Known, NameProblem> {
    guard stage == .authorize || stage == .exchange else {
      return .failure(.notHere("it exists in a flow only"))
    }
    switch member {
    case "verifier":
      return .success(Known(kind: .text, secrecy: .person, sources: .flow))
    case "challenge": return .success(Known(kind: .text, sources: .flow))
    default: return .failure(.noMember(known: ["verifier", "challenge"]))
    }
  }

  private func callback(_ member: String?) -> Result<Known, NameProblem> {
    guard hasCallback else {
      let reason =
        stage == .authorize || (stage == .exchange && method.leaves)
        ? "the browser has not come back yet"
        : stage == .exchange
          ? "this method never leaves for the browser" : "it is gone when the flow has ended"
      return .failure(.notHere(reason))
    }
    switch member {
    case "query": return .success(Known(kind: .pairs, sources: .callback, host: .callback))
    case "error":
      return .success(
        Known(kind: .text, sources: .callback, host: .callback, mayBeAbsent: true))
    default: break
    }
    let taken = method.authorize.compactMap(\.leave).flatMap(\.take)
    guard let field = taken.first(where: { $0.name == member }) else {
      return .failure(.noMember(known: taken.map(\.name)))
    }
    return .success(
      Known(
        kind: ValueKind(field), secrecy: field.isSecret ? .person : [], sources: .callback,
        host: field.under.isEmpty && field.choices.isEmpty ? .callback : .fixed,
        mayBeAbsent: field.isOptional, field: Shared(field)))
  }

  private func answer(_ name: String, _ member: String?) -> Result<Known, NameProblem> {
    guard let answer else {
      return .failure(
        .notHere(
          stage == .account
            ? "nothing is asked there; add the request, as in 'get: /me'"
            : "there is no answer yet"))
    }
    switch name {
    case "status":
      switch member {
      case nil: return .success(Known(kind: .integer, sources: .answer))
      case "ok": return .success(Known(kind: .boolean, sources: .answer))
      default: return .failure(.noMember(known: ["ok"]))
      }
    case "body":
      if !readsBody {
        return .failure(.notHere("the body is not read; write 'format: json', 'form' or 'xml'"))
      }
      return .success(answer)
    default:
      if member == nil { return .failure(.noMember(known: [])) }
      var known = answer
      known.kind = .text
      known.mayBeAbsent = false
      return .success(known)
    }
  }

  private func credential(_ name: String?) -> Result<Known, NameProblem> {
    let names = method.credentials.compactMap(\.name)
    guard let name, names.contains(name) else { return .failure(.noMember(known: names)) }
    guard credentials[name] != nil else {
      return .failure(.notHere("that credential has not been made yet"))
    }
    let isOptional = method.rule(name)?.isOptional ?? false
    return .success(Known(kind: .group, sources: .credential, mayBeAbsent: isOptional))
  }

  /// A part of a credential.
  func part(_ part: String?, of name: String) -> Result<Known, NameProblem> {
    guard stage != .authorize, stage != .form, let parts = credentials[name] else {
      return .failure(.notHere("no credential has been made yet"))
    }
    guard let part, let known = parts[part] else {
      return .failure(.noMember(known: parts.names))
    }
    return .success(known)
  }

  private func request(_ member: String?) -> Result<Known, NameProblem> {
    guard isCarrier else {
      return .failure(.notHere("only a carrier can read the request that it signs"))
    }
    switch member {
    case "method", "host", "path", "url": return .success(Known(kind: .text))
    case "query": return .success(Known(kind: .pairs))
    case "body": return .success(Known(kind: .bytes))
    default:
      return .failure(.noMember(known: ["method", "host", "path", "query", "body", "url"]))
    }
  }

  /// The names that could have been meant.
  var candidates: [String] {
    filled.names + made.names + [
      "scopes", "redirect_uri", "state", "nonce", "pkce", "callback", "credential", "credentials",
      "status", "body", "header", "cookie", "request", "now", "uuid", "random",
    ]
  }
}

extension Method {
  /// The names of what is filled in, made and saved, in steps and in carriers.
  fileprivate var declaredNames: [String] {
    let steps = authorize + exchange + revoke + verify + credentials.flatMap(\.renewal.written)
    let carriers = credentials.compactMap(\.sign) + [clientAuthentication].compactMap { $0 }
    let fields =
      setup + ask + hints + steps.flatMap { $0.made + $0.save } + carriers.flatMap(\.made)
    return fields.map(\.name)
  }
}

/// Why a reference reads nothing.
enum NameProblem: Error {
  case unknown
  case notYet
  case notHere(String)
  case noMember(known: [String])
}
