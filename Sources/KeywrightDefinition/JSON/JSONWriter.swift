extension JSON {
  /// The shortest text: no spaces, members in their order, all but printable ASCII escaped.
  package var compactText: String {
    var text = ""
    write(to: &text, keepingUnicode: false)
    return text
  }

  /// The shortest text as it goes over the wire: as ``compactText``, with Unicode as it is.
  package var wireText: String {
    var text = ""
    write(to: &text, keepingUnicode: true)
    return text
  }

  /// A text for people: what fits into `width` columns stands on one line, all else is indented by two spaces.
  package func laidOut(width: Int, indent: Int = 0, used: Int = 0) -> String {
    let compact = spacedText
    if indent + used + compact.utf8.count <= width { return compact }
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    switch self {
    case .object(let members) where !members.isEmpty:
      let lines = members.map { member in
        let name = JSON.string(member.name).compactText
        let value = member.value.laidOut(
          width: width - 1, indent: indent + 2, used: name.utf8.count + 2)
        return "\(inner)\(name): \(value)"
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
    case .array(let elements) where !elements.isEmpty:
      let lines = elements.map { inner + $0.laidOut(width: width - 1, indent: indent + 2) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
    default: return compact
    }
  }

  private var spacedText: String {
    switch self {
    case .object(let members) where !members.isEmpty:
      let inside = members.map { "\(JSON.string($0.name).compactText): \($0.value.spacedText)" }
      return "{ \(inside.joined(separator: ", ")) }"
    case .array(let elements):
      return "[\(elements.map(\.spacedText).joined(separator: ", "))]"
    default: return compactText
    }
  }

  private func write(to text: inout String, keepingUnicode: Bool) {
    switch self {
    case .null: text += "null"
    case .boolean(let truth): text += truth ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let string): Self.write(string, to: &text, keepingUnicode: keepingUnicode)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(to: &text, keepingUnicode: keepingUnicode)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.write(member.name, to: &text, keepingUnicode: keepingUnicode)
        text += ":"
        member.value.write(to: &text, keepingUnicode: keepingUnicode)
      }
      text += "}"
    }
  }

  private static func write(_ string: String, to text: inout String, keepingUnicode: Bool) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case " "..."~": text.unicodeScalars.append(scalar)
      default:
        if keepingUnicode, scalar.value > 0x9F {
          text.unicodeScalars.append(scalar)
        } else {
          for unit in String(scalar).utf16 { text += "\\u" + unit.fourHexDigits }
        }
      }
    }
    text += "\""
  }
}

extension UInt16 {
  fileprivate var fourHexDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
