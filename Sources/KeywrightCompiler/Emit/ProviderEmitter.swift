import KeywrightDefinition

/// Writes the Swift file of one provider: first what people read, then what the runtime needs.
struct ProviderEmitter {
  let provider: CompiledProvider

  /// What the header says the file was made of.
  let origin: String
  private let type: String

  init(_ provider: CompiledProvider, origin: String) {
    self.provider = provider
    self.origin = origin
    type = provider.swiftName
  }

  private var definition: Definition { provider.definition }

  /// The fields that every method asks for: members of the provider's value.
  private var fields: [Field] { provider.sharedFields }

  func text() -> String {
    Output.header(origin) + """
      \(declaration())

      // MARK: - For the runtime

      \(support())

      """
  }

  // MARK: For people

  private func declaration() -> String {
    var parts: [String] = []
    let stored = fields.map { field in
      documentation(of: field, indent: 2)
        + "  public let \(SwiftName.member(field.name)): \(type(of: field))"
    }
    parts += stored
    parts.append(initializer())
    parts += definition.methods.map(method)
    parts += choices.map(choice)
    parts += definition.methods.filter(\.hasOwnSetup).map(setup)
    parts += definition.methods.filter { !$0.hints.isEmpty }.map(hints)
    if !credentialNames.isEmpty { parts.append(credentials()) }
    if hasScopes { parts.append(scopes()) }
    let summary = comment("\(definition.name), connected by \(methodList).", indent: 0)
    return """
      \(summary)public nonisolated struct \(type): Provider {
      \(parts.joined(separator: "\n\n"))
      }\(savedValues())
      """
  }

  private var methodList: String {
    let names = definition.methods.map { $0.title ?? $0.id }
    switch names.count {
    case 1: return names[0]
    case 2: return "\(names[0]) or \(names[1])"
    default: return "one of \(names.count) methods"
    }
  }

  private func initializer() -> String {
    if fields.isEmpty {
      return "  /// The provider, which needs nothing filled in.\n  public init() {}"
    }
    let body = fields.map {
      "    self.\(SwiftName.member($0.name)) = \(SwiftName.member($0.name))"
    }
    return """
        /// The provider of one person, by what that person filled in.
        public init(\(parameters(fields))) {
      \(body.joined(separator: "\n"))
        }
      """
  }

  private func method(_ method: Method) -> String {
    let own = method.ask.filter { field in
      !field.isGenerated && !fields.contains { $0.name == field.name }
    }
    let capability =
      method.leaves
      ? "AuthorizationCode<\(type), \(clientType(method)), \(hasScopes ? "Scope" : "AnyScope"), "
        + "\(method.hints.isEmpty ? "NoHints" : hintsType(method))>"
      : "CredentialForm<\(type), \(clientType(method))>"
    let name = SwiftName.member(method.id)
    let what =
      method.leaves
      ? "The authorization code flow: the person consents in a browser."
      : own.isEmpty
        ? "A connection that needs nothing more." : "A connection by what a person fills in."
    let head = comment(method.title.map { "\($0)." } ?? what, indent: 2)
    let arguments = ["self", "method: \(literal(method.id))"]
    if own.isEmpty {
      return """
        \(head)  public var \(name): \(capability) {
            .init(\(arguments.joined(separator: ", ")))
          }
        """
    }
    return """
      \(head)  public func \(name)(\(parameters(own))) -> \(capability) {
          .init(\(arguments.joined(separator: ", ")), asking: [\(values(own))])
        }
      """
  }

  // MARK: Values

  /// The Swift type of a field: optional where it may be left empty, or where something stands in for it.
  private func type(of field: Field) -> String {
    baseType(of: field) + (field.mayBeLeftOut ? "?" : "")
  }

  private func baseType(of field: Field) -> String {
    let element = field.type == .choice ? SwiftName.nested(field.name) : field.type.swiftName
    return field.isList ? "FieldList<\(field.listElement ?? element)>" : element
  }

  private func parameters(_ fields: [Field]) -> String {
    fields.map { field in
      "\(SwiftName.member(field.name)): \(type(of: field))\(field.mayBeLeftOut ? " = nil" : "")"
    }.joined(separator: ", ")
  }

  /// Names and values, as the runtime takes them.
  private func values(_ fields: [Field]) -> String {
    fields.map { "(\(literal($0.name)), \(wrapped($0)))" }.joined(separator: ", ")
  }

  private func wrapped(_ field: Field, isOptional: Bool? = nil) -> String {
    let name = SwiftName.member(field.name)
    guard !field.isList, let wrapper = field.type.swiftWrapper else { return name }
    let mayBeNil = isOptional ?? field.mayBeLeftOut
    return mayBeNil ? "\(name).map { \(wrapper)($0) }" : "\(wrapper)(\(name))"
  }

  private func read(_ field: Field) -> String {
    let call = field.mayBeLeftOut ? "optional" : "value"
    let name = literal(field.name)
    guard !field.isList, let wrapper = field.type.swiftWrapper else {
      return "try fields.\(call)(\(name))"
    }
    let type = wrapper + (field.mayBeLeftOut ? "?" : "")
    return "try (fields.\(call)(\(name)) as \(type))\(field.mayBeLeftOut ? "?" : "").value"
  }

  /// The fields of all methods that are choices, each once.
  private var choices: [Field] {
    var seen: Set<String> = []
    return definition.methods.flatMap { $0.ask + $0.setup + $0.hints + $0.saved }
      .filter { $0.type == .choice && seen.insert($0.name).inserted }
  }

  private func choice(_ field: Field) -> String {
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
  private func setup(_ method: Method) -> String {
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

  private func hintsType(_ method: Method) -> String { SwiftName.nested(method.id) + "Hints" }

  /// What the integrator passes: a client with or without a secret, nothing, or a type of the method's own.
  private func clientType(_ method: Method) -> String {
    if method.hasOwnSetup { return setupType(method) }
    switch method.setup.filter({ !$0.isGenerated }).count {
    case 0: return "NoClient"
    case 1: return "PublicClient"
    default: return "OAuthClient"
    }
  }

  /// What the caller may say to the browser.
  private func hints(_ method: Method) -> String {
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
  private var credentialNames: [String] {
    var seen: Set<String> = []
    return definition.methods.flatMap { $0.credentials.compactMap(\.name) }
      .filter { seen.insert($0).inserted }
  }

  private func credentials() -> String {
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
  private func savedValues() -> String {
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

  private var hasScopes: Bool { !provider.scopes.isEmpty }

  private func scopes() -> String {
    let members = provider.scopes.map { scope in
      let text = scope.description.map { comment($0, indent: 4) } ?? ""
      return text
        + "    public static var \(SwiftName.member(scope.name)): Self { Self(\(literal(scope.name))) }"
    }
    return """
        /// What a person can be asked to allow.
        public nonisolated struct Scope: ProviderScope {
          /// The scope as the provider writes it.
          public let text: String

          /// A scope by its text, for those that the spec does not name.
          public init(_ text: String) { self.text = text }

      \(members.joined(separator: "\n"))
        }
      """
  }

  // MARK: For the runtime

  private func support() -> String {
    let reads = fields.map { "\(SwiftName.member($0.name)): \(read($0))" }
    return """
      extension \(type) {
        public static var keywrightFormat: GeneratedFormat.V\(Definition.format) { .init() }

        public var keywrightFields: ProviderFields { [\(values(fields))] }

        public init(keywrightFields fields: ProviderFields) throws(FieldFailure) {
          self.init(\(reads.joined(separator: ", ")))
        }

        public static var keywrightDefinition: StaticString {
      \(staticText(definition.json.laidOut(width: 96)))
        }
      }
      """
  }

  // MARK: Text

  private func documentation(of field: Field, indent: Int) -> String {
    var text = field.title ?? field.name
    if let example = field.example, !field.isSecret { text += ", such as \(example)" }
    if let shown = field.shownAs, let example = field.example, !field.isSecret {
      let filled = try? shown.text(in: [field.name: Value.text(example)])
      if let filled { text += " in \(filled)" }
    }
    return comment(text + ".", indent: indent)
  }

  /// A comment line; nothing where the text could end it, or hide what it says.
  private func comment(_ text: String, indent: Int) -> String {
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return "" }
    return String(repeating: " ", count: indent) + "/// \(text)\n"
  }

  private func literal(_ text: String) -> String { JSON.string(text).swiftLiteral }

  /// A raw literal with so many `#` that nothing in the text can end it or reach out of it.
  private func staticText(_ text: String) -> String {
    var hashes = "#"
    let isPlain = !text.utf8.contains(UInt8(ascii: "#"))
    while !isPlain, text.holds("\"\"\"" + hashes) || text.holds("\\" + hashes) { hashes += "#" }
    let body = text.indented(by: "    ")
    return "    \(hashes)\"\"\"\n\(body)\n    \"\"\"\(hashes)"
  }
}

extension String {
  /// The text with each of its lines moved to the right.
  fileprivate func indented(by margin: String) -> String {
    var bytes = Array(margin.utf8)
    for byte in utf8 {
      bytes.append(byte)
      if byte == UInt8(ascii: "\n") { bytes.append(contentsOf: margin.utf8) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Method {
  /// Whether the integrator fills in something else than a client's id, or id and secret.
  fileprivate var hasOwnSetup: Bool {
    let fields = setup.filter { !$0.isGenerated }
    let isPlain = fields.allSatisfy { !$0.mayBeLeftOut && !$0.isList }
    let names = fields.map(\.name)
    let isClient =
      names.isEmpty || names == ["client_id"] || Set(names) == ["client_id", "client_secret"]
    return !isClient || !isPlain
  }

  /// What its steps save.
  fileprivate var saved: [Field] { (authorize + exchange).flatMap(\.save) }
}

extension Field {
  /// Whether a caller may leave it out.
  fileprivate var mayBeLeftOut: Bool { isOptional || standard != nil || condition != nil }

  /// The element of a list, where it has no type of the runtime's own.
  fileprivate var listElement: String? {
    type == .integer ? "FieldInteger" : type == .boolean ? "FieldTruth" : nil
  }
}

extension FieldType {
  /// The Swift type.
  var swiftName: String {
    switch self {
    case .text: "String"
    case .secret: "Secret"
    case .email: "EmailAddress"
    case .url: "HTTPSURL"
    case .hostLabel: "HostLabel"
    case .host: "HostName"
    case .origin: "Origin"
    case .uuid: "UUIDText"
    case .integer: "Int"
    case .boolean: "Bool"
    case .choice: "String"
    }
  }

  /// What the runtime takes in place of a type of Swift's own.
  var swiftWrapper: String? {
    switch self {
    case .integer: "FieldInteger"
    case .boolean: "FieldTruth"
    default: nil
    }
  }
}

extension JSON {
  /// The text of a string as a Swift literal: what JSON escapes with four digits, Swift does with braces.
  fileprivate var swiftLiteral: String {
    guard case .string(let text) = self else { return "\"\"" }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case " "..."~": result.unicodeScalars.append(scalar)
      default: result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result + "\""
  }
}
