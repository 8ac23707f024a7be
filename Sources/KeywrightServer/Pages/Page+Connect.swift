internal import KeywrightDefinition

extension Page {
  /// The integrations that a link is for.
  static func choice(_ offered: [(name: String, link: String)]) -> String {
    if offered.isEmpty {
      return html(
        "Nothing to connect", "<p>Whoever sent you this link offers no integration yet.</p>")
    }
    let items = offered.map {
      "<li><a href=\"\(Encoding.html($0.link))\">\(Encoding.html($0.name))</a></li>"
    }
    return html("What do you want to connect?", "<ul>\(items.joined())</ul>")
  }

  /// What a method asks for.
  /// - Parameter error: what was wrong with what was filled in before.
  static func form(_ name: String, _ fields: [Field], error: String?) -> String {
    let inputs = fields.map(input).joined(separator: "\n")
    let problem = error.map { "<p role=\"alert\">\(Encoding.html(sentence($0)))</p>" } ?? ""
    return html(
      "Connect \(name)",
      """
      \(problem)<form method="post">
      \(inputs)
      <p><button>Connect</button></p>
      </form>
      """)
  }

  private static func input(_ field: Field) -> String {
    let name = Encoding.html(field.name)
    let isOptional = field.isOptional || field.standard != nil || field.condition != nil
    let required = isOptional ? "" : " required"
    let help = field.help.map { "<br><small>\(Encoding.html($0))</small>" } ?? ""
    let control: String
    if field.choices.isEmpty {
      let example =
        field.isSecret ? "" : field.example.map { " placeholder=\"\(Encoding.html($0))\"" } ?? ""
      control =
        "<input id=\"\(name)\" name=\"\(name)\" type=\"\(field.isSecret ? "password" : "text")\"\(required)\(example) autocomplete=\"off\">"
    } else {
      let options = field.choices.map {
        "<option value=\"\(Encoding.html($0.value))\">\(Encoding.html($0.title ?? $0.value))</option>"
      }
      control = "<select id=\"\(name)\" name=\"\(name)\">\(options.joined())</select>"
    }
    return
      "<p><label for=\"\(name)\">\(Encoding.html(field.title ?? field.name))</label><br>\(control)\(help)</p>"
  }
}
