import KeywrightDefinition

/// What is written of fields: their types, as parameters, as values; comments and literals.
extension ProviderEmitter {
  // MARK: Types

  /// The Swift type of a field: optional where it may be left empty, or where something stands in for it.
  func type(of field: Field) -> String {
    field.mayBeLeftOut ? baseType(of: field) + "?" : baseType(of: field)
  }

  func baseType(of field: Field) -> String {
    let element = field.type == .choice ? SwiftName.nested(field.name) : field.type.swiftName
    return field.isList ? "FieldList<\(field.listElement ?? element)>" : element
  }

  // MARK: Fields

  mutating func writeParameters(_ fields: [Field]) {
    for (index, field) in fields.enumerated() {
      out.write(index > 0 ? ", " : "", SwiftName.member(field.name), ": ", baseType(of: field))
      if field.mayBeLeftOut { out += "? = nil" }
    }
  }

  mutating func writeAssignments(_ fields: [Field], indent: Int) {
    for field in fields {
      let name = SwiftName.member(field.name)
      out.addSpaces(indent)
      out.write("self.", name, " = ", name, "\n")
    }
  }

  /// Names and values, as the runtime takes them.
  /// - Parameter isOptional: whether each value may be nil; nil where that is as the field says.
  mutating func writeValues(_ fields: [Field], isOptional: Bool? = nil) {
    for (index, field) in fields.enumerated() {
      let name = SwiftName.member(field.name)
      out += index > 0 ? ", (" : "("
      out.add(quoted: field.name)
      out += ", "
      if !field.isList, let wrapper = field.type.swiftWrapper {
        if isOptional ?? field.mayBeLeftOut {
          out.write(name, ".map { ", wrapper, "($0) }")
        } else {
          out.write(wrapper, "(", name, ")")
        }
      } else {
        out += name
      }
      out += ")"
    }
  }

  // MARK: Text

  mutating func writeDocumentation(of field: Field, indent: Int) {
    var text = field.title ?? field.name
    if let example = field.example, !field.isSecret { text += ", such as \(example)" }
    if let shown = field.shownAs, let example = field.example, !field.isSecret {
      let filled = try? shown.text(in: [field.name: Value.text(example)])
      if let filled { text += " in \(filled)" }
    }
    writeComment(text + ".", indent: indent)
  }

  /// A comment line; nothing where the text could end it, or hide what it says.
  mutating func writeComment(_ text: String, indent: Int) {
    guard text.isPrintableASCII else { return }
    out.addSpaces(indent)
    out.write("/// ", text, "\n")
  }
}

extension Method {
  /// Whether the integrator fills in something else than a client's id, or id and secret.
  var hasOwnSetup: Bool {
    let fields = setup.filter { !$0.isGenerated }
    let isPlain = fields.allSatisfy { !$0.mayBeLeftOut && !$0.isList }
    return !isPlain
      || !["", "client_id", "client_id client_secret", "client_secret client_id"]
        .contains(fields.map(\.name).joined(separator: " "))
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
