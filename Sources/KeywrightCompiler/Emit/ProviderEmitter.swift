import KeywrightDefinition

/// Writes the Swift file of one provider: first what people read, then what the runtime needs.
///
/// One text that grows, written front to back: a spec may have hundreds of scopes, and a catalogue a thousand specs.
struct ProviderEmitter: ~Copyable {
  let provider: CompiledProvider
  let type: String

  /// What its answers save, each name once.
  let saved: [Field]

  /// What has been written.
  var out: GrowingText

  /// - Parameters:
  ///   - definitionText: the text of its definition, the shortest.
  ///   - origin: what the header says the file was made of.
  static func text(
    of provider: CompiledProvider, _ definitionText: UnsafeBufferPointer<UInt8>, origin: String
  ) -> GrowingText {
    var emitter = ProviderEmitter(provider, size: definitionText.count * 4)
    emitter.out += Output.header(origin)
    emitter.writeDeclaration()
    emitter.writeSavedValues()
    emitter.out += "\n\n// MARK: - For the runtime\n\n"
    emitter.writeSupport(definitionText)
    return emitter.out
  }

  private init(_ provider: CompiledProvider, size: Int) {
    self.provider = provider
    type = provider.swiftName
    saved = Self.saved(by: provider.definition.methods)
    out = GrowingText(capacity: size)
  }

  var definition: Definition { provider.definition }

  /// The fields that every method asks for: members of the provider's value.
  private var fields: [Field] { provider.sharedFields }

  // MARK: For people

  private mutating func writeDeclaration() {
    writeComment("\(definition.name), connected by \(methodList).", indent: 0)
    out.write("public nonisolated struct ", type, ": Provider {\n")
    for field in fields {
      writeDocumentation(of: field, indent: 2)
      out.write("  public let ", SwiftName.member(field.name), ": ", type(of: field), "\n\n")
    }
    writeInitializer()
    // By index: a method is large, and would be copied each time.
    let methods = definition.methods
    for index in methods.indices { writeMethod(methods[index]) }
    for field in choices { writeChoice(field) }
    for index in methods.indices where methods[index].hasOwnSetup { writeSetup(methods[index]) }
    for index in methods.indices where !methods[index].hints.isEmpty { writeHints(methods[index]) }
    writeCredentials()
    writeScopes()
    out += "}"
  }

  private var methodList: String {
    let names = definition.methods.map { $0.title ?? $0.id }
    switch names.count {
    case 1: return names[0]
    case 2: return "\(names[0]) or \(names[1])"
    default: return "one of \(names.count) methods"
    }
  }

  private mutating func writeInitializer() {
    if fields.isEmpty {
      out += "  /// The provider, which needs nothing filled in.\n  public init() {}\n"
      return
    }
    out += "  /// The provider of one person, by what that person filled in.\n  public init("
    writeParameters(fields)
    out += ") {\n"
    writeAssignments(fields, indent: 4)
    out += "  }\n"
  }

  private mutating func writeMethod(_ method: Method) {
    let own = method.ask.filter { field in
      !field.isGenerated && !fields.contains { $0.name == field.name }
    }
    let what =
      method.leaves
      ? "The authorization code flow: the person consents in a browser."
      : own.isEmpty
        ? "A connection that needs nothing more." : "A connection by what a person fills in."
    out += "\n"
    writeComment(method.title.map { "\($0)." } ?? what, indent: 2)
    out.write(own.isEmpty ? "  public var " : "  public func ", SwiftName.member(method.id))
    if own.isEmpty {
      out += ": "
    } else {
      out += "("
      writeParameters(own)
      out += ") -> "
    }
    writeCapability(of: method)
    out += " {\n    .init(self, method: "
    out.add(quoted: method.id)
    if !own.isEmpty {
      out += ", asking: ["
      writeValues(own)
      out += "]"
    }
    out += ")\n  }\n"
  }

  /// The type of what a method can do.
  private mutating func writeCapability(of method: Method) {
    if method.leaves {
      out.write(
        "AuthorizationCode<", type, ", ", clientType(method), ", ",
        hasScopes ? "Scope" : "AnyScope")
      out.write(", ", method.hints.isEmpty ? "NoHints" : hintsType(method), ">")
    } else {
      out.write("CredentialForm<", type, ", ", clientType(method), ">")
    }
  }

  // MARK: For the runtime

  private mutating func writeSupport(_ definitionText: UnsafeBufferPointer<UInt8>) {
    out.write("extension ", type, " {\n  public static var keywrightFormat: GeneratedFormat.V")
    out.write(
      String(Definition.format),
      " { .init() }\n\n  public var keywrightFields: ProviderFields { [")
    writeValues(fields)
    out += """
      ] }

        public init(keywrightFields fields: ProviderFields) throws(FieldFailure) {
          self.init(
      """
    for (index, field) in fields.enumerated() {
      out.write(index > 0 ? ", " : "", SwiftName.member(field.name), ": ")
      writeReading(field)
    }
    out += """
      )
        }

        public static var keywrightDefinition: StaticString {

      """
    writeStaticText(definitionText)
    out += "\n  }\n}\n"
  }

  private mutating func writeReading(_ field: Field) {
    let call = field.mayBeLeftOut ? "fields.optional(" : "fields.value("
    guard !field.isList, let wrapper = field.type.swiftWrapper else {
      out.write("try ", call)
      out.add(quoted: field.name)
      out += ")"
      return
    }
    out.write("try (", call)
    out.add(quoted: field.name)
    out.write(") as ", wrapper, field.mayBeLeftOut ? "?)?.value" : ").value")
  }

  /// A raw literal with so many `#` that nothing in the text can end it or reach out of it.
  private mutating func writeStaticText(_ definitionText: UnsafeBufferPointer<UInt8>) {
    var hashes = "#"
    if definitionText.contains(UInt8(ascii: "#")) {
      let text = String(decoding: definitionText, as: UTF8.self)
      while text.holds("\"\"\"" + hashes) || text.holds("\\" + hashes) { hashes += "#" }
    }
    out.write("    ", hashes, "\"\"\"\n")
    JSON.layOut(definitionText, width: 96, margin: 4, into: &out)
    out.write("\n    \"\"\"", hashes)
  }
}
