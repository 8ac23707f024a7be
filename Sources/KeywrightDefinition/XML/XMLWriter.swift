extension XMLElement {
  /// The element as XML, without declaration or layout: its text, then its children.
  ///
  /// A scalar that XML cannot hold, such as U+0000, is written as U+FFFD: dropped, it could turn one
  /// value into another one that is valid.
  package var xmlText: String {
    var output = ""
    write(to: &output)
    return output
  }

  private func write(to output: inout String) {
    output += "<\(name)"
    for attribute in attributes {
      output += " \(attribute.name)=\""
      Self.write(attribute.value, to: &output, inAttribute: true)
      output += "\""
    }
    output += ">"
    Self.write(text, to: &output, inAttribute: false)
    for child in children { child.write(to: &output) }
    output += "</\(name)>"
  }

  private static func write(_ text: String, to output: inout String, inAttribute: Bool) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      // A reader would make a line feed of it, wherever it stands.
      case "\r": output += "&#13;"
      case "\"" where inAttribute: output += "&quot;"
      case "\t" where inAttribute: output += "&#9;"
      case "\n" where inAttribute: output += "&#10;"
      default: output.unicodeScalars.append(scalar.isXMLCharacter ? scalar : "\u{FFFD}")
      }
    }
  }
}
