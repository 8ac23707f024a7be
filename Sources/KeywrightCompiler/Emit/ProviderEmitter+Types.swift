import KeywrightDefinition

/// The types that stand within a provider: choices, setups, hints, credentials' names, scopes; and saved values.
///
/// Each begins with the empty line that parts it from what is before it.
extension ProviderEmitter {
  /// The fields of all methods that are choices, each once.
  var choices: [Field] {
    var choices: [Field] = []
    func add(_ fields: [Field]) {
      for field in fields where field.type == .choice {
        if !choices.contains(where: { $0.name == field.name }) { choices.append(field) }
      }
    }
    for method in definition.methods {
      add(method.ask)
      add(method.setup)
      add(method.hints)
    }
    add(saved)
    return choices
  }

  mutating func writeChoice(_ field: Field) {
    out += "\n"
    writeComment((field.title ?? field.name) + ".", indent: 2)
    out.write(
      "  public nonisolated enum ", SwiftName.nested(field.name), ": String, ChoiceValue {\n")
    for choice in field.choices {
      if let title = choice.title { writeComment(title, indent: 4) }
      writeCase(choice.value)
    }
    out += "  }\n"
  }

  private mutating func writeCase(_ value: String) {
    out.write("    case ", SwiftName.member(value), " = ")
    out.add(quoted: value)
    out += "\n"
  }

  // MARK: Clients

  /// What the integrator fills in, where that is more than a client's id and secret.
  mutating func writeSetup(_ method: Method) {
    let name = setupType(method)
    let fields = method.setup.filter { !$0.isGenerated }
    out.write(
      "\n  /// What the integrator fills in for `", SwiftName.plainMember(method.id),
      "`, once per integration.\n  public nonisolated struct ", name, ": ClientSetup {\n")
    for field in fields {
      writeComment((field.title ?? field.name) + ".", indent: 4)
      out.write("    public let ", SwiftName.member(field.name), ": ", type(of: field), "\n")
    }
    out += "\n    /// Takes what the provider gave at registration.\n    public init("
    writeParameters(fields)
    out += ") {\n"
    writeAssignments(fields, indent: 6)
    out += "    }\n\n    public var setupFields: ProviderFields { ["
    writeValues(fields)
    out += "] }\n  }\n"
  }

  private func setupType(_ method: Method) -> String { SwiftName.nested(method.id) + "Setup" }

  func hintsType(_ method: Method) -> String { SwiftName.nested(method.id) + "Hints" }

  /// What the integrator passes: a client with or without a secret, nothing, or a type of the method's own.
  func clientType(_ method: Method) -> String {
    if method.hasOwnSetup { return setupType(method) }
    switch method.setup.count(where: { !$0.isGenerated }) {
    case 0: return "NoClient"
    case 1: return "PublicClient"
    default: return "OAuthClient"
    }
  }

  /// What the caller may say to the browser.
  mutating func writeHints(_ method: Method) {
    out.write(
      "\n  /// What can be said to the browser when `", SwiftName.plainMember(method.id),
      "` begins; it is not kept.\n  public nonisolated struct ", hintsType(method),
      ": ProviderHints {\n")
    for field in method.hints {
      writeComment((field.title ?? field.name) + ".", indent: 4)
      out.write("    public var ", SwiftName.member(field.name), ": ", baseType(of: field), "?\n")
    }
    out += """

          /// Nothing is said.
          public init() {}

          /// What is to be said.
          public init(
      """
    for (index, field) in method.hints.enumerated() {
      out.write(
        index > 0 ? ", " : "", SwiftName.member(field.name), ": ", baseType(of: field), "? = nil")
    }
    out += ") {\n"
    writeAssignments(method.hints, indent: 6)
    out += "    }\n\n    public var hintFields: ProviderFields { ["
    writeValues(method.hints, isOptional: true)
    out += "] }\n  }\n"
  }

  // MARK: Credentials

  /// The names of all methods' credentials, each once; nothing where none has a name.
  mutating func writeCredentials() {
    var names: [String] = []
    for method in definition.methods {
      for name in method.credentials.lazy.compactMap(\.name) where !names.contains(name) {
        names.append(name)
      }
    }
    if names.isEmpty { return }
    out += """

        /// The credentials that a connection may have.
        public nonisolated enum CredentialName: String, ProviderCredentialName {

      """
    for name in names {
      out.write("    /// `", name, "`\n")
      writeCase(name)
    }
    out += "  }\n"
  }

  /// What the answers of some methods save, each name once.
  static func saved(by methods: [Method]) -> [Field] {
    var saved: [Field] = []
    for method in methods {
      for field in method.saved where !saved.contains(where: { $0.name == field.name }) {
        saved.append(field)
      }
    }
    return saved
  }

  /// What answers gave, typed, as an extension of the connection; nothing where none gives any.
  mutating func writeSavedValues() {
    if saved.isEmpty { return }
    out.write("\n\nextension Connection<", type, "> {\n")
    for (index, field) in saved.enumerated() {
      if index > 0 { out += "\n" }
      writeSavedValue(field)
    }
    out += "}"
  }

  private mutating func writeSavedValue(_ field: Field) {
    let choice = "\(self.type).\(SwiftName.nested(field.name))"
    let own = field.type == .choice ? choice : field.type.swiftName
    let type = field.isList ? "FieldList<\(field.listElement ?? own)>" : own
    out.write("  /// `", field.name, "`, which an answer gave; nil where none came.\n  public var ")
    out.write(SwiftName.saved(field.name), ": ", type, "? { savedText(")
    out.add(quoted: field.name)
    out += ")"
    switch field.type {
    case _ where field.isList: out.write(".flatMap { try? ", type, "($0) }")
    case _ where type == "String": break
    case .integer: out += ".flatMap { Int($0) }"
    case .boolean: out += ".map { $0 == \"true\" }"
    case .secret: out += ".map { Secret($0) }"
    default: out.write(".flatMap { try? ", type, "($0) }")
    }
    out += " }\n"
  }

  // MARK: Scopes

  var hasScopes: Bool { !provider.scopes.isEmpty }

  mutating func writeScopes() {
    if !hasScopes { return }
    out += """

        /// What a person can be asked to allow.
        public nonisolated struct Scope: ProviderScope {
          /// The scope as the provider writes it.
          public let text: String

          /// A scope by its text, for those that the spec does not name.
          public init(_ text: String) { self.text = text }


      """
    for scope in provider.scopes {
      if let text = scope.description { writeComment(text, indent: 4) }
      out.write("    public static var ", scope.member, ": Self { Self(")
      out.add(quoted: scope.name)
      out += ") }\n"
    }
    out += "  }\n"
  }
}
