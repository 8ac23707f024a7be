import KeywrightDefinition

/// Writes the Swift file of one provider: first what people read, then what the runtime needs.
struct ProviderEmitter {
  let provider: CompiledProvider

  /// The text of its definition, the shortest.
  let definitionText: [UInt8]

  /// What the header says the file was made of.
  let origin: String
  let type: String

  init(_ provider: CompiledProvider, _ definitionText: [UInt8], origin: String) {
    self.provider = provider
    self.definitionText = definitionText
    self.origin = origin
    type = provider.swiftName
  }

  var definition: Definition { provider.definition }

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
  func type(of field: Field) -> String {
    baseType(of: field) + (field.mayBeLeftOut ? "?" : "")
  }

  func baseType(of field: Field) -> String {
    let element = field.type == .choice ? SwiftName.nested(field.name) : field.type.swiftName
    return field.isList ? "FieldList<\(field.listElement ?? element)>" : element
  }

  func parameters(_ fields: [Field]) -> String {
    fields.map { field in
      "\(SwiftName.member(field.name)): \(type(of: field))\(field.mayBeLeftOut ? " = nil" : "")"
    }.joined(separator: ", ")
  }

  /// Names and values, as the runtime takes them.
  func values(_ fields: [Field]) -> String {
    fields.map { "(\(literal($0.name)), \(wrapped($0)))" }.joined(separator: ", ")
  }

  func wrapped(_ field: Field, isOptional: Bool? = nil) -> String {
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
      \(staticText(JSON.laidOut(definitionText, width: 96, margin: 4)))
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
  func comment(_ text: String, indent: Int) -> String {
    guard text.isPrintableASCII else { return "" }
    return String(repeating: " ", count: indent) + "/// \(text)\n"
  }

  func literal(_ text: String) -> String { JSON.string(text).swiftLiteral }

  /// A raw literal with so many `#` that nothing in the text can end it or reach out of it.
  private func staticText(_ text: String) -> String {
    var hashes = "#"
    let isPlain = !text.holds(UInt8(ascii: "#"))
    while !isPlain, text.holds("\"\"\"" + hashes) || text.holds("\\" + hashes) { hashes += "#" }
    return "    \(hashes)\"\"\"\n\(text)\n    \"\"\"\(hashes)"
  }
}

extension Method {
  /// Whether the integrator fills in something else than a client's id, or id and secret.
  var hasOwnSetup: Bool {
    let fields = setup.filter { !$0.isGenerated }
    let isPlain = fields.allSatisfy { !$0.mayBeLeftOut && !$0.isList }
    let names = fields.map(\.name)
    let isClient =
      names.isEmpty || names == ["client_id"] || Set(names) == ["client_id", "client_secret"]
    return !isClient || !isPlain
  }
}

extension Field {
  /// Whether a caller may leave it out.
  var mayBeLeftOut: Bool { isOptional || standard != nil || condition != nil }

  /// The element of a list, where it has no type of the runtime's own.
  var listElement: String? {
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
  var swiftLiteral: String {
    guard case .string(let text) = self else { return "\"\"" }
    if text.isPlainLiteral { return "\"" + text + "\"" }
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
