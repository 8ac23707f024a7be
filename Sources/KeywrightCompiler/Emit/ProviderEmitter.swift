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
    """
    \(Output.mark) from \(origin): change that file, and generate again.
    // If this does not compile, it and the Keywright it is built with are of different versions: do the same.

    public import Keywright

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
        + "  public let \(SwiftName.member(field.name)): \(field.type.swiftName)"
    }
    parts += stored
    parts.append(initializer())
    parts += definition.methods.map(method)
    if hasScopes { parts.append(scopes()) }
    let summary = comment("\(definition.name), connected by \(methodList).", indent: 0)
    return """
      \(summary)public nonisolated struct \(type): Provider {
      \(parts.joined(separator: "\n\n"))
      }
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
    let parameters = fields.map {
      "\(SwiftName.member($0.name)): \($0.type.swiftName)"
    }
    let body = fields.map {
      "    self.\(SwiftName.member($0.name)) = \(SwiftName.member($0.name))"
    }
    return """
        /// The provider of one person, by what that person filled in.
        public init(\(parameters.joined(separator: ", "))) {
      \(body.joined(separator: "\n"))
        }
      """
  }

  private func method(_ method: Method) -> String {
    let own = method.ask.filter { field in !fields.contains { $0.name == field.name } }
    let capability =
      method.leaves
      ? "AuthorizationCode<\(type), \(hasScopes ? "Scope" : "AnyScope")>"
      : "CredentialForm<\(type)>"
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
    let parameters = own.map { "\(SwiftName.member($0.name)): \($0.type.swiftName)" }
    let values = own.map { "(\(literal($0.name)), \(SwiftName.member($0.name)))" }
    return """
      \(head)  public func \(name)(\(parameters.joined(separator: ", "))) -> \(capability) {
          .init(\(arguments.joined(separator: ", ")), asking: [\(values.joined(separator: ", "))])
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
    let values = fields.map { "(\(literal($0.name)), \(SwiftName.member($0.name)))" }
    let reads = fields.map {
      "\(SwiftName.member($0.name)): try fields.value(\(literal($0.name)))"
    }
    return """
      extension \(type) {
        public static var keywrightFormat: GeneratedFormat.V\(Definition.format) { .init() }

        public var keywrightFields: ProviderFields { [\(values.joined(separator: ", "))] }

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
    if let shown = field.shownAs, let example = field.example {
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
    while text.contains("\"\"\"" + hashes) || text.contains("\\" + hashes) { hashes += "#" }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let body = lines.map { "    \($0)" }.joined(separator: "\n")
    return "    \(hashes)\"\"\"\n\(body)\n    \"\"\"\(hashes)"
  }
}

extension FieldType {
  /// The runtime's type.
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
