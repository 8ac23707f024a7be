import KeywrightDefinition

/// Holds a tree against the table of the language.
/// - Returns: nil where something is wrong; then the bag says what.
func decode(_ root: Node, id: String, into bag: inout DiagnosticBag) -> Spec? {
  let count = bag.diagnostics.count
  var check = ShapeCheck(bag: bag)
  check.check(root, .record(.file))
  bag = check.bag
  guard bag.diagnostics.count == count else { return nil }
  return Spec(id: id, source: bag.source, root: root)
}

private struct ShapeCheck {
  var bag: DiagnosticBag

  mutating func check(_ node: Node, _ shape: Shape) {
    guard shape.fitsKind(of: node) else {
      bag.add(
        "found \(node.kindName); wanted \(shape.wanted)", code: "wrong-shape", at: node.place)
      return
    }
    switch (shape, node.content) {
    case (.either(let shapes), _): checkFirst(node, of: shapes)
    case (.list(let shape), .list(let elements)):
      if elements.isEmpty { refuseEmpty(node) }
      for element in elements { check(element, shape) }
    case (.map(let shape, let names), .map(let members)):
      if members.isEmpty { refuseEmpty(node) }
      for member in members {
        check(member, names)
        check(member.value, shape)
      }
    case (.record(let name), .map):
      checkRecord(node, Language.record(name), of: name.article, mayBeEmpty: false)
    case (.methods, .map): checkMethods(node)
    case (.json, _): break
    case (_, .scalar(let text, _)): check(text, at: node, shape)
    default: break
    }
  }

  private mutating func checkFirst(_ node: Node, of shapes: [Shape]) {
    guard let shape = shapes.first(where: { $0.fitsKind(of: node) }) else { return }
    if case .word(let words) = shape, let text = node.text, !words.contains(text) {
      bag.add(
        "found '\(text)'; wanted \(Shape.either(shapes).wanted)"
          + didYouMean(text, among: words),
        code: "unknown-word", at: node.place)
      return
    }
    check(node, shape)
  }

  private mutating func refuseEmpty(_ node: Node) {
    bag.add("nothing in it; leave the key out", code: "empty-value", at: node.place)
  }

  private mutating func check(_ text: String, at node: Node, _ shape: Shape) {
    switch shape {
    case .word(let words) where !words.contains(text):
      bag.add(
        "'\(text)' is not one of \(words.joined(separator: ", "))"
          + didYouMean(text, among: words),
        code: "unknown-word", at: node.place)
    case .truth where text != "true" && text != "false":
      bag.add("found '\(text)'; wanted true or false", code: "wrong-shape", at: node.place)
    case .webAddress where (try? HTTPSURL(text.withoutFragment)) == nil:
      bag.add(
        "'\(text)' is no https address; wanted one that begins with 'https://'",
        code: "insecure-url", at: node.place)
    case .requestLine where !text.isRequestLine:
      bag.add(
        "found '\(text)'; wanted \(shape.wanted)", code: "wrong-shape", at: node.place)
    case .identifier where !text.isSwiftIdentifier:
      bag.add(
        "'\(text)' is no Swift identifier; wanted ASCII letters and digits, the first a letter",
        code: "swift-name", at: node.place)
    default: break
    }
  }

  private mutating func check(_ member: Node.Member, _ rule: NameRule) {
    let name = member.key
    switch rule {
    case .value where Language.reservedNames.contains(name):
      bag.add(
        "'\(name)' is a word of the language; give the value another name", code: "reserved-name",
        at: member.keyPlace)
    case .value where !name.isValueName:
      bag.add(
        "'\(name)' is no name; wanted letters, digits and '_', the first no digit",
        code: "malformed-name", at: member.keyPlace)
    case .method where !name.isMethodID:
      bag.add(
        "'\(name)' is no method id; wanted lower-case letters, digits, '-' and '_'",
        code: "malformed-name", at: member.keyPlace)
    case .header where !name.isToken:
      bag.add(
        "'\(name)' is no header's name; wanted letters, digits and '-'", code: "malformed-name",
        at: member.keyPlace)
    case .free where name.isEmpty || name.hasControlCharacter:
      bag.add("an empty or unprintable name", code: "malformed-name", at: member.keyPlace)
    default: break
    }
  }

  /// Checks the keys of a map against a record.
  private mutating func checkRecord(
    _ node: Node, _ record: Record, of owner: String, mayBeEmpty: Bool
  ) {
    if node.members.isEmpty, !mayBeEmpty { refuseEmpty(node) }
    for member in node.members {
      guard let key = record.key(member.key) else {
        let known = record.keys.map(\.name)
        bag.add(
          "unknown key '\(member.key)' in \(owner)" + didYouMean(member.key, among: known),
          code: "unknown-key", at: member.keyPlace)
        continue
      }
      if key.availability == .later {
        bag.add(
          "the key '\(key.name)' is part of the language, but not yet of this version",
          code: "not-yet", at: member.keyPlace)
      } else {
        check(member.value, key.shape)
      }
    }
    for key in record.keys where key.isRequired && node.member(key.name) == nil {
      // A misspelt key is one error, not two.
      let isMisspelt = node.members.contains { member in
        record.key(member.key) == nil && nearest(to: member.key, among: [key.name]) != nil
      }
      if !isMisspelt {
        bag.add("\(owner) without its '\(key.name)'", code: "missing-key", at: node.start)
      }
    }
  }

  private mutating func checkMethods(_ node: Node) {
    if node.members.isEmpty {
      bag.add(
        "no method in 'auth'; wanted one or more, as in 'api_key: {}'", code: "empty-value",
        at: node.place)
    }
    for method in node.members {
      check(method, .method)
      let kindNode = method.value["kind"]
      let kind = kindNode?.text ?? method.key
      let place = kindNode?.place ?? method.keyPlace
      guard let record = Language.method(kind: kind) else {
        refuseKind(kind, at: place, isWritten: kindNode != nil)
        continue
      }
      guard method.value.isMap else {
        check(method.value, .methods)
        continue
      }
      checkRecord(
        method.value, record, of: "a method of kind '\(kind)'",
        mayBeEmpty: kindNode == nil && method.value.isMap)
    }
  }

  private mutating func refuseKind(_ kind: String, at place: Place, isWritten: Bool) {
    let known = Language.presets.map(\.kind)
    if Language.laterKinds.contains(kind) {
      bag.add(
        "the kind '\(kind)' is part of the language, but not yet of this version",
        code: "not-yet", at: place)
    } else if isWritten {
      bag.add(
        "unknown kind '\(kind)'"
          + (nearest(to: kind, among: known).map { "; did you mean '\($0)'?" }
            ?? "; known are \(known.joined(separator: ", "))"),
        code: "unknown-kind", at: place)
    } else {
      bag.add(
        "the method '\(kind)' needs a 'kind': one of \(known.joined(separator: ", "))",
        code: "missing-key", at: place)
    }
  }
}

extension Node {
  /// The first byte of the node, for what is missing in it.
  fileprivate var start: Place { Place(place.start, place.start + 1) }
}

extension String {
  fileprivate var withoutFragment: String {
    String(prefix { $0 != "#" })
  }

  fileprivate var isToken: Bool {
    !isEmpty
      && utf8.allSatisfy { $0.isLetter || $0.isDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }
  }

  /// Whether this is a method of HTTP in capitals, a space and something more.
  fileprivate var isRequestLine: Bool {
    let words = split(separator: " ", maxSplits: 1)
    return words.count == 2
      && Request.Verb.allCases.contains { $0.rawValue.uppercased() == words[0] }
  }

  fileprivate var isSwiftIdentifier: Bool {
    utf8.allSatisfy { $0.isLetter || $0.isDigit } && (utf8.first?.isLetter ?? false)
  }

  fileprivate var isValueName: Bool {
    utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
      && utf8.first.map { !$0.isDigit } ?? false
  }

  fileprivate var isMethodID: Bool {
    utf8.allSatisfy {
      ($0.isLetter && $0.lowered == $0) || $0.isDigit || $0 == UInt8(ascii: "-")
        || $0 == UInt8(ascii: "_")
    } && utf8.first.map { $0.isLetter || $0.isDigit } ?? false
  }
}
