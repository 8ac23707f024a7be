/// Reads a definition out of its tree, and says of everything that is wrong where it stands.
///
/// A path is made where a value stands or something is wrong: most keys of a step are absent.
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
  package mutating func definition(_ node: Node) -> Definition {
    let root = Path()
    if node["format"]?.text != String(Definition.format) {
      report(
        "a definition of another format than \(Definition.format); generate it again with this version",
        code: "definition-format", at: root.key("format"))
      return Definition(id: "", name: "", methods: [])
    }
    refuseUnknown(in: node, at: root, ["format", "id", "name", "methods"])
    let methods = members(node["methods"], at: root.key("methods")).map { member in
      method(member.value, id: member.key, at: root.key("methods").key(member.key))
    }
    return Definition(
      id: text(node["id"], at: root.key("id")) ?? "",
      name: text(node["name"], at: root.key("name")) ?? "", methods: methods)
  }

  // MARK: Scalars

  /// So few keys are known of a map that looking at each is quicker than hashing one.
  mutating func refuseUnknown(in node: Node, at path: Path, _ known: [String]) {
    guard case .map(let members) = node.content else { return }
    for index in members.indices where !known.contains(members[index].key) {
      let key = members[index].key
      report("unknown key '\(key)'", code: "unknown-key", at: path.key(key))
    }
  }

  mutating func members(_ node: Node?, at path: @autoclosure () -> Path) -> [Node.Member] {
    guard let node else { return [] }
    guard case .map(let members) = node.content else {
      report("wanted a map", code: "wrong-shape", at: path())
      return []
    }
    return members
  }

  mutating func elements(_ node: Node?, at path: @autoclosure () -> Path) -> [Node] {
    guard let node else { return [] }
    guard case .list(let elements) = node.content else {
      report("wanted a list", code: "wrong-shape", at: path())
      return []
    }
    return elements
  }

  mutating func text(_ node: Node?, at path: @autoclosure () -> Path) -> String? {
    guard let node else { return nil }
    guard let text = node.text else {
      report("wanted a text", code: "wrong-shape", at: path())
      return nil
    }
    return text
  }

  mutating func texts(_ node: Node?, at path: @autoclosure () -> Path) -> [String] {
    elements(node, at: path()).enumerated().compactMap { text($1, at: path().index($0)) }
  }

  mutating func word<Word: RawRepresentable & CaseIterable>(
    _ node: Node?, at path: @autoclosure () -> Path, default standard: Word
  ) -> Word where Word.RawValue == String {
    guard let text = text(node, at: path()) else { return standard }
    if let word = Word(rawValue: text) { return word }
    let known = Word.allCases.map(\.rawValue)
    report(
      "'\(text)' is none of \(known.joined(separator: ", "))" + didYouMean(text, among: known),
      code: "unknown-word", at: path())
    return standard
  }

  mutating func truth(_ node: Node?, at path: @autoclosure () -> Path) -> Bool {
    guard let node else { return false }
    switch node.text {
    case "false": return false
    case "true": return true
    default:
      report("wanted true or false", code: "wrong-shape", at: path())
      return false
    }
  }

  // MARK: Templates

  mutating func template(_ node: Node?, at path: @autoclosure () -> Path) -> Template? {
    guard let text = text(node, at: path()) else { return nil }
    do {
      return try Template(reading: text)
    } catch {
      report(error.message, code: error.code, at: path(), range: error.range)
      return Template(literal: "")
    }
  }

  mutating func condition(_ node: Node?, at path: @autoclosure () -> Path) -> Expression? {
    guard let text = text(node, at: path()) else { return nil }
    do {
      return try Expression(reading: text)
    } catch {
      if text.hasPrefix("$<") {
        report(
          "a condition stands without '$<' and '>': it is computed as it is",
          code: "condition-brackets", at: path())
        return nil
      }
      let at = error.range.lowerBound
      if error.code == "expression-syntax",
        Array(text.utf8.dropFirst(at).prefix(2)) == Array("$<".utf8)
      {
        report(
          "a condition stands without '$<' and '>': it is computed as it is",
          code: "condition-brackets", at: path(), range: at..<at + 2)
        return nil
      }
      report(error.message, code: error.code, at: path(), range: error.range)
      return nil
    }
  }

  /// Reads templates by name. Their order has no meaning, so they are sorted by name.
  mutating func entries(_ node: Node?, at path: @autoclosure () -> Path) -> [Entry] {
    guard node != nil else { return [] }
    let path = path()
    let members = members(node, at: path)
    var entries: [Entry] = []
    entries.reserveCapacity(members.count)
    for index in members.indices {
      let key = members[index].key
      guard let template = template(members[index].value, at: path.key(key)) else { continue }
      entries.append(Entry(key, template))
    }
    entries.sort { $0.name < $1.name }
    return entries
  }

  /// Reads a body in which a plain scalar that is JSON keeps its type. In JSON the order of members has no meaning.
  mutating func jsonTemplate(_ node: Node, at path: Path) -> JSONTemplate {
    if let literal = node.literal { return .literal(literal) }
    switch node.content {
    case .scalar: return .template(template(node, at: path) ?? Template(literal: ""))
    case .list(let elements):
      return .array(elements.enumerated().map { jsonTemplate($1, at: path.index($0)) })
    case .map(let members):
      return .object(
        members.map { member in
          JSONTemplate.Member(
            name: member.key, value: jsonTemplate(member.value, at: path.key(member.key)))
        }.sorted { $0.name < $1.name })
    }
  }

  /// Reads a body of XML: all scalars are texts, and the order of members has a meaning.
  mutating func xmlTemplate(_ node: Node, at path: Path) -> JSONTemplate {
    switch node.content {
    case .scalar: return .template(template(node, at: path) ?? Template(literal: ""))
    case .list(let elements):
      return .array(elements.enumerated().map { xmlTemplate($1, at: path.index($0)) })
    case .map(let members):
      return .object(
        members.map { member in
          JSONTemplate.Member(
            name: member.key, value: xmlTemplate(member.value, at: path.key(member.key)))
        })
    }
  }
}
