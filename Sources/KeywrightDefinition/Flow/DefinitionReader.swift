/// Reads a definition out of its JSON form, and says of everything that is wrong where it stands.
///
/// The compiler reads the long form of a spec with it, so there is one reader, and the errors of templates are
/// found once.
package struct DefinitionReader {
  /// Something that is wrong.
  package struct Problem: Error, Hashable, CustomStringConvertible {
    /// Where it stands.
    package let path: Path
    /// What was found, then what is wanted.
    package let message: String

    /// The stable code of the diagnostic.
    package let code: String

    /// Where in the text at that path, in bytes; nil means the whole.
    package let range: Range<Int>?

    /// Joins what is wrong to where it stands.
    package init(_ message: String, code: String, at path: Path, range: Range<Int>? = nil) {
      self.path = path
      self.message = message
      self.code = code
      self.range = range
    }

    /// Path, message and code.
    package var description: String { "\(path): \(message) [\(code)]" }
  }

  /// What was found so far.
  package private(set) var problems: [Problem] = []

  /// A reader that has found nothing yet.
  package init() {}

  mutating func report(
    _ message: String, code: String, at path: Path, range: Range<Int>? = nil
  ) {
    problems.append(Problem(message, code: code, at: path, range: range))
  }

  /// Reads a whole definition; with problems, what it returns is not to be used.
  package mutating func definition(_ json: JSON) -> Definition {
    let root = Path()
    if json["format"] != .integer(Int64(Definition.format)) {
      report(
        "a definition of another format than \(Definition.format); generate it again with this version",
        code: "definition-format", at: root.key("format"))
      return Definition(id: "", name: "", methods: [])
    }
    refuseUnknown(in: json, at: root, ["format", "id", "name", "methods"])
    let methods = members(json["methods"], at: root.key("methods")).map { member in
      method(member.value, id: member.name, at: root.key("methods").key(member.name))
    }
    return Definition(
      id: text(json["id"], at: root.key("id")) ?? "",
      name: text(json["name"], at: root.key("name")) ?? "", methods: methods)
  }

  // MARK: Scalars

  mutating func refuseUnknown(in json: JSON, at path: Path, _ known: Set<String>) {
    guard case .object(let members) = json else { return }
    for member in members where !known.contains(member.name) {
      report("unknown key '\(member.name)'", code: "unknown-key", at: path.key(member.name))
    }
  }

  mutating func members(_ json: JSON?, at path: Path) -> [JSON.Member] {
    guard let json else { return [] }
    guard case .object(let members) = json else {
      report("wanted a map", code: "wrong-shape", at: path)
      return []
    }
    return members
  }

  mutating func elements(_ json: JSON?, at path: Path) -> [JSON] {
    guard let json else { return [] }
    guard case .array(let elements) = json else {
      report("wanted a list", code: "wrong-shape", at: path)
      return []
    }
    return elements
  }

  mutating func text(_ json: JSON?, at path: Path) -> String? {
    guard let json else { return nil }
    guard let text = json.scalarText else {
      report("wanted a text", code: "wrong-shape", at: path)
      return nil
    }
    return text
  }

  mutating func texts(_ json: JSON?, at path: Path) -> [String] {
    elements(json, at: path).enumerated().compactMap { text($1, at: path.index($0)) }
  }

  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ json: JSON?, at path: Path, default standard: Word
  ) -> Word where Word.RawValue == String {
    guard let text = text(json, at: path) else { return standard }
    if let word = Word(rawValue: text) { return word }
    let known = Word.allCases.map(\.rawValue)
    report(
      "'\(text)' is none of \(known.joined(separator: ", "))" + didYouMean(text, among: known),
      code: "unknown-word", at: path)
    return standard
  }

  mutating func truth(_ json: JSON?, at path: Path) -> Bool {
    switch json {
    case nil, .boolean(false), .string("false"): return false
    case .boolean(true), .string("true"): return true
    default:
      report("wanted true or false", code: "wrong-shape", at: path)
      return false
    }
  }

  // MARK: Templates

  mutating func template(_ json: JSON?, at path: Path) -> Template? {
    guard let text = text(json, at: path) else { return nil }
    do {
      return try Template(reading: text)
    } catch {
      report(error.message, code: error.code, at: path, range: error.range)
      return Template(literal: "")
    }
  }

  mutating func condition(_ json: JSON?, at path: Path) -> Expression? {
    guard let text = text(json, at: path) else { return nil }
    do {
      return try Expression(reading: text)
    } catch {
      if text.hasPrefix("$<") {
        report(
          "a condition stands without '$<' and '>': it is computed as it is",
          code: "condition-brackets", at: path)
        return nil
      }
      report(error.message, code: error.code, at: path, range: error.range)
      return nil
    }
  }

  /// Reads templates by name. Their order has no meaning, so they are sorted by name.
  mutating func entries(_ json: JSON?, at path: Path) -> [Entry] {
    members(json, at: path).compactMap { member in
      template(member.value, at: path.key(member.name)).map { Entry(member.name, $0) }
    }.sorted { $0.name < $1.name }
  }

  mutating func jsonTemplate(_ json: JSON, at path: Path, sorted: Bool = true) -> JSONTemplate {
    switch json {
    case .null, .boolean, .number: return .literal(json)
    case .string: return .template(template(json, at: path) ?? Template(literal: ""))
    case .array(let elements):
      return .array(
        elements.enumerated().map { jsonTemplate($1, at: path.index($0), sorted: sorted) })
    case .object(let members):
      let members = members.map { member in
        JSONTemplate.Member(
          name: member.name,
          value: jsonTemplate(member.value, at: path.key(member.name), sorted: sorted))
      }
      return .object(sorted ? members.sorted { $0.name < $1.name } : members)
    }
  }
}
