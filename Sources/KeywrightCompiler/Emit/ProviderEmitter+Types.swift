import KeywrightDefinition

/// The types that stand within a provider: choices, setups, hints, credentials' names, scopes; and saved values.
extension ProviderEmitter {
  /// The fields of all methods that are choices, each once.
  var choices: [Field] {
    var seen: Set<String> = []
    return definition.methods.flatMap { $0.ask + $0.setup + $0.hints + $0.saved }
      .filter { $0.type == .choice && seen.insert($0.name).inserted }
  }

  func choice(_ field: Field) -> String {
    let cases = field.choices.map { choice in
      let text = choice.title.map { comment($0, indent: 4) } ?? ""
      return text
        + "    case \(SwiftName.member(choice.value)) = \(literal(choice.value))"
    }
    return """
      \(comment((field.title ?? field.name) + ".", indent: 2))  public nonisolated enum \(SwiftName.nested(field.name)): String, ChoiceValue {
      \(cases.joined(separator: "\n"))
        }
      """
  }

  /// What the integrator fills in, where that is more than a client's id and secret.
  func setup(_ method: Method) -> String {
    let name = setupType(method)
    let fields = method.setup.filter { !$0.isGenerated }
    let stored = fields.map { field in
      comment((field.title ?? field.name) + ".", indent: 4)
        + "    public let \(SwiftName.member(field.name)): \(type(of: field))"
    }
    let body = fields.map {
      "      self.\(SwiftName.member($0.name)) = \(SwiftName.member($0.name))"
    }
    return """
        /// What the integrator fills in for `\(SwiftName.plainMember(method.id))`, once per integration.
        public nonisolated struct \(name): ClientSetup {
      \(stored.joined(separator: "\n"))

          /// Takes what the provider gave at registration.
          public init(\(parameters(fields))) {
      \(body.joined(separator: "\n"))
          }

          public var setupFields: ProviderFields { [\(values(fields))] }
        }
      """
  }

  private func setupType(_ method: Method) -> String { SwiftName.nested(method.id) + "Setup" }

  func hintsType(_ method: Method) -> String { SwiftName.nested(method.id) + "Hints" }

  /// What the integrator passes: a client with or without a secret, nothing, or a type of the method's own.
  func clientType(_ method: Method) -> String {
    if method.hasOwnSetup { return setupType(method) }
    switch method.setup.filter({ !$0.isGenerated }).count {
    case 0: return "NoClient"
    case 1: return "PublicClient"
    default: return "OAuthClient"
    }
  }

  /// What the caller may say to the browser.
  func hints(_ method: Method) -> String {
    let stored = method.hints.map { field in
      comment((field.title ?? field.name) + ".", indent: 4)
        + "    public var \(SwiftName.member(field.name)): \(baseType(of: field))?"
    }
    let parameters = method.hints.map { field in
      "\(SwiftName.member(field.name)): \(baseType(of: field))? = nil"
    }
    let body = method.hints.map {
      "      self.\(SwiftName.member($0.name)) = \(SwiftName.member($0.name))"
    }
    let values = method.hints.map { "(\(literal($0.name)), \(wrapped($0, isOptional: true)))" }
    return """
        /// What can be said to the browser when `\(SwiftName.plainMember(method.id))` begins; it is not kept.
        public nonisolated struct \(hintsType(method)): ProviderHints {
      \(stored.joined(separator: "\n"))

          /// Nothing is said.
          public init() {}

          /// What is to be said.
          public init(\(parameters.joined(separator: ", "))) {
      \(body.joined(separator: "\n"))
          }

          public var hintFields: ProviderFields { [\(values.joined(separator: ", "))] }
        }
      """
  }

  /// The names of all methods' credentials, each once.
  var credentialNames: [String] {
    var seen: Set<String> = []
    return definition.methods.flatMap { $0.credentials.compactMap(\.name) }
      .filter { seen.insert($0).inserted }
  }

  func credentials() -> String {
    let cases = credentialNames.map {
      "    /// `\($0)`\n    case \(SwiftName.member($0)) = \(literal($0))"
    }
    return """
        /// The credentials that a connection may have.
        public nonisolated enum CredentialName: String, ProviderCredentialName {
      \(cases.joined(separator: "\n"))
        }
      """
  }

  /// What answers gave, typed.
  func savedValues() -> String {
    var seen: Set<String> = []
    let saved = definition.methods.flatMap(\.saved)
      .filter { seen.insert($0.name).inserted }
    if saved.isEmpty { return "" }
    let members = saved.map { field in
      let text = "savedText(\(literal(field.name)))"
      let choice = "\(self.type).\(SwiftName.nested(field.name))"
      let own = field.type == .choice ? choice : field.type.swiftName
      let type = field.isList ? "FieldList<\(field.listElement ?? own)>" : own
      let value =
        switch field.type {
        case _ where field.isList: "\(text).flatMap { try? \(type)($0) }"
        case _ where type == "String": text
        case .integer: "\(text).flatMap { Int($0) }"
        case .boolean: "\(text).map { $0 == \"true\" }"
        case .secret: "\(text).map { Secret($0) }"
        default: "\(text).flatMap { try? \(type)($0) }"
        }
      return """
          /// `\(field.name)`, which an answer gave; nil where none came.
          public var \(SwiftName.saved(field.name)): \(type)? { \(value) }
        """
    }
    return """


      extension Connection<\(type)> {
      \(members.joined(separator: "\n\n"))
      }
      """
  }

  var hasScopes: Bool { !provider.scopes.isEmpty }

  func scopes() -> String {
    // One text that grows: a spec may have hundreds of scopes.
    var members = ""
    members.reserveCapacity(provider.scopes.count * 80)
    for scope in provider.scopes {
      if !members.isEmpty { members += "\n" }
      if let text = scope.description, text.isPrintableASCII {
        members += "    /// "
        members += text
        members += "\n"
      }
      members += "    public static var "
      members += SwiftName.member(scope.name)
      members += ": Self { Self("
      members += literal(scope.name)
      members += ") }"
    }
    return """
        /// What a person can be asked to allow.
        public nonisolated struct Scope: ProviderScope {
          /// The scope as the provider writes it.
          public let text: String

          /// A scope by its text, for those that the spec does not name.
          public init(_ text: String) { self.text = text }

      \(members)
        }
      """
  }
}
