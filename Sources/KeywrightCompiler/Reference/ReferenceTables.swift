import KeywrightDefinition

/// The tables of `specs/README.md`, made of the language's table: each stands between a comment that names it and an
/// `<!-- end -->`.
package enum ReferenceTables {
  /// The text with its tables brought up to date.
  /// - Returns: nil where a comment names no table, or has no end.
  package static func updating(_ text: String) -> String? {
    var lines: [String] = []
    var isInside = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("<!-- table: "), line.hasSuffix(" -->") {
        let name = String(line.dropFirst("<!-- table: ".count).dropLast(" -->".count))
        guard !isInside, let table = table(name) else { return nil }
        lines += [line] + table
        isInside = true
      } else if line == "<!-- end -->" {
        if !isInside { return nil }
        isInside = false
        lines.append(line)
      } else if !isInside {
        lines.append(line)
      }
    }
    return isInside ? nil : lines.joined(separator: "\n")
  }

  private static func table(_ name: String) -> [String]? {
    switch name {
    case "functions": return functions
    case "types": return types
    case "kinds":
      return head("kind", "what it stands for")
        + Language.presets.map { "| `\($0.kind)` | \($0.meaning) |" } + later(Language.laterKinds)
    case "method": return keys(Language.methodKeys)
    case "oauth2", "basic":
      return Language.presets.first { $0.kind == name }.map { keys($0.keys) }
    default: return Record.Name(rawValue: name).map { keys(Language.record($0).keys) }
    }
  }

  private static func head(_ columns: String...) -> [String] {
    [
      "| " + columns.joined(separator: " | ") + " |",
      "|" + columns.map { _ in "---" }.joined(separator: "|") + "|",
    ]
  }

  private static func later(_ names: [String]) -> [String] {
    names.isEmpty
      ? [] : ["", "Not yet: \(names.map { "`\($0)`" }.joined(separator: ", "))."]
  }

  private static func keys(_ keys: [Key]) -> [String] {
    head("key", "what stands there", "meaning")
      + keys.filter { $0.availability == .now }.map { key in
        let name = "`\(key.name)`" + (key.isRequired ? " (required)" : "")
        return "| \(name) | \(key.shape.reference) | \(key.meaning.escaped) |"
      } + later(keys.filter { $0.availability == .later }.map(\.name))
  }

  // MARK: Functions and types

  private static var functions: [String] {
    head("function", "called on", "gives", "meaning")
      + Function.allCases.compactMap { function in
        function.signature.map { signature in
          let arguments = signature.arguments.map(\.reference).joined(separator: ", ")
          let dots = signature.repeatsLast ? ", …" : ""
          return
            "| `\(function.rawValue)(\(arguments.escaped)\(dots))` | \(signature.receiver.reference) "
            + "| \(signature.result.reference) | \(function.meaning.escaped) |"
        }
      } + later(Function.allCases.filter { $0.signature == nil }.map(\.rawValue))
  }

  private static var types: [String] {
    head("type", "what it takes")
      + FieldType.allCases.map { "| `\($0.rawValue)` | \($0.meaning) |" }
      + ["| `list of T` | Entries between commas, or a JSON array of texts. |"]
      + later(FieldType.later)
  }
}

extension Shape {
  /// What the reference says that may stand there.
  fileprivate var reference: String {
    switch self {
    case .text: "text"
    case .template: "template"
    case .condition: "condition"
    case .truth: "`true`, `false`"
    case .webAddress: "https URL"
    case .requestLine: "`GET /path`"
    case .seconds: "seconds"
    case .identifier: "Swift identifier"
    case .type: "type"
    case .word(let words, _): words.map { "`\($0)`" }.joined(separator: ", ")
    case .list(let shape): "list: \(shape.reference)"
    case .map(let shape, _): "name → \(shape.reference)"
    case .record(let name): name.title
    case .json: "JSON"
    case .methods: "id → method"
    case .later: ""
    case .either(let shapes):
      shapes.map(\.reference).filter { !$0.isEmpty }.joined(separator: "; or ")
    }
  }
}

extension Record.Name {
  fileprivate var title: String {
    switch self {
    case .field, .taken, .saved, .made: "value"
    case .step: "step"
    case .carrier: "carrier"
    case .rule: "rule"
    default: "map"
    }
  }
}

extension Function.Argument {
  fileprivate var reference: String {
    switch self {
    case .text: "text"
    case .integer: "n"
    case .bytes: "key"
    case .pattern: "\"pattern\""
    case .word(let words): words.map { "\"\($0)\"" }.joined(separator: " | ")
    case .literal: "\"name\""
    case .condition: "condition"
    }
  }
}

extension Function.Kind {
  fileprivate var reference: String {
    switch self {
    case .text: "text"
    case .integer: "integer"
    case .boolean: "true or false"
    case .bytes: "bytes"
    case .list: "list"
    case .pairs: "pairs of a query"
    case .same: "the same"
    case .element: "element"
    case .dynamic: "part of an answer"
    case .time: "instant or length of time"
    case .any: "anything"
    }
  }
}

extension FieldType {
  fileprivate var meaning: String {
    switch self {
    case .text: "One line, at most 1,024 characters."
    case .secret: "At most 64 KiB; never shown."
    case .integer: "64 bits, in digits."
    case .boolean: "`true` or `false`."
    case .choice: "One of `values`."
    case .email: "An e-mail address in ASCII."
    case .uuid: "8-4-4-4-12 hexadecimal digits; stored in lower case."
    case .hostLabel:
      "One label of a host name: letters, digits, inner hyphens; stored in lower case."
    case .host:
      "A host's name of two labels or more, without port and no IP address; a pasted `https` address is taken."
    case .origin: "`https://`, host, perhaps a port; a host alone is taken."
    case .url: "An `https` URL, without user name and fragment."
    }
  }
}

extension String {
  /// The text in a cell of a table.
  fileprivate var escaped: String { replacing("|", with: "\\|") }

  fileprivate func replacing(_ old: String, with new: String) -> String {
    split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}
