internal import KeywrightCrypto
internal import KeywrightDefinition

/// What is known of one session: the values of the definition's names, as texts by dotted name.
///
/// `client_id`, `callback.code`, `pkce.challenge`, `credentials.bot.access_token`: what a template calls `credential` is
/// kept under the credential's own name, which is empty where the method has one.
struct Knowledge: Sendable {
  let declarations: Declarations
  var texts: [String: String]

  /// Which credential `credential` means.
  var subject: String?

  /// What stands for a while: an answer's parts, the request that a carrier reads.
  var local: [String: Value] = [:]

  /// All that a callback brings, for `callback.query`.
  var callbackQuery: [Value.Pair] = []

  /// The names that a request taught, in their order.
  private(set) var learned: [String] = []

  init(_ declarations: Declarations, texts: [String: String]) {
    self.declarations = declarations
    self.texts = texts
  }

  /// Takes a value that a request brought for a name.
  mutating func learn(_ name: String, _ text: String) {
    texts[name] = text
    learned.append(name)
  }

  /// What outlives one request: not its time, its id or what its carrier made.
  var lasting: [String: String] {
    texts.filter { name, _ in
      declarations[name] != nil || ["scopes", "state", "redirect_uri", "nonce"].contains(name)
        || ["callback.", "credentials.", "pkce."].contains(where: name.hasPrefix)
    }
  }

  /// The name under which the value of an expression is kept; nil where it is no plain name.
  func key(of expression: Expression) -> String? {
    switch expression.form {
    case .name(let name): name
    case .member(let base, .name(let member)):
      switch base.form {
      case .name("credential"): "credentials.\(subject ?? "").\(member)"
      case .name, .member: key(of: base).map { "\($0).\(member)" }
      default: nil
      }
    default: nil
    }
  }

  /// The values whose names begin so, without that beginning.
  private func members(of prefix: String) -> [String: String] {
    var members: [String: String] = [:]
    for (name, text) in texts where name.hasPrefix(prefix) {
      members[String(name.dropFirst(prefix.count))] = text
    }
    return members
  }

  private func credential(_ name: String) -> Value? {
    let parts = members(of: "credentials.\(name).")
    if parts.isEmpty { return nil }
    var values = parts.mapValues { Value.text($0) }
    if let scopes = parts["scopes"] {
      values["scopes"] = .list(scopes.split(separator: " ").map { .text(String($0)) })
    }
    values["expires_at"] = parts["expires_at"].flatMap { Int64(strict: $0) }.map { .integer($0) }
    return .record(values)
  }
}

extension Knowledge: Bindings {
  func value(of name: String) -> Value? {
    if let value = local[name] { return value }
    switch name {
    case "callback":
      var values = members(of: "callback.").mapValues { Value.text($0) }
      values["query"] = .pairs(callbackQuery)
      return .record(values)
    case "pkce": return .record(members(of: "pkce.").mapValues { .text($0) })
    case "credential": return credential(subject ?? "")
    case "credentials":
      return .record(
        Dictionary(
          declarations.credentialNames.compactMap { name in credential(name).map { (name, $0) } },
          uniquingKeysWith: { first, _ in first }))
    case "now": return texts[name].flatMap { Int64(strict: $0) }.map { .integer($0) }
    default: break
    }
    let field = declarations[name]
    if let text = texts[name] { return field?.value(text) ?? .text(text) }
    // What is made of other values needs no memory.
    guard let from = field?.from, !from.readsAnswer else { return nil }
    return (try? from.value(in: self)) ?? nil
  }

  func digest(_ bytes: [UInt8], key: [UInt8]?, by name: String) -> [UInt8]? {
    guard let algorithm = DigestAlgorithm(rawValue: name) else { return nil }
    return key.map { authenticationCode(for: bytes, key: $0, algorithm) }
      ?? KeywrightCrypto.digest(bytes, algorithm)
  }
}

/// Every value that a method declares, by its name.
struct Declarations: Sendable {
  private let fields: [String: Field]
  let credentialNames: [String]

  /// The names of what is registered: one of these without a value was left empty.
  let registered: Set<String>

  init(_ method: Method, registered: Set<String>) {
    self.registered = registered
    var fields: [String: Field] = [:]
    let renewals = method.credentials.flatMap(\.renewal.written)
    for field in method.setup + method.ask + method.hints { fields[field.name] = field }
    for step in method.authorize + method.exchange + renewals {
      for field in step.made + step.save { fields[field.name] = field }
    }
    self.fields = fields
    credentialNames = method.credentials.compactMap(\.name)
  }

  subscript(name: String) -> Field? { fields[name] }

  /// What answers give: made and kept values that are read from one.
  var given: [Field] {
    fields.values.filter { $0.from?.readsAnswer == true }.sorted { $0.name < $1.name }
  }
}

extension Template {
  /// Whether a template reads part of an answer.
  var readsAnswer: Bool {
    expressions.contains { expression in
      ["body", "header", "cookie", "status"].contains { expression.reads($0) }
    }
  }
}
