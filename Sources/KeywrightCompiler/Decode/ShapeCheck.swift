import KeywrightDefinition

/// Holds a tree against the table of the language.
/// - Returns: nil where something is wrong; then the bag says what.
func decode(_ root: Node, id: String, into bag: inout DiagnosticBag) -> Spec? {
  let count = bag.diagnostics.count
  var check = ShapeCheck(bag: bag)
  check.check(root, .record(.file))
  bag = check.bag
  guard bag.diagnostics.count == count else { return nil }
  return Spec(id: id, source: bag.sources[0], root: root)
}

private struct ShapeCheck {
  var bag: DiagnosticBag

  /// Whether `$<none>` may take away what the file says: in a method's own `ask`, `api` and the like.
  private var mayRemove = false

  init(bag: DiagnosticBag) { self.bag = bag }

  mutating func check(_ node: Node, _ shape: Shape) {
    if node.isRemoval, checkRemoval(node, shape) { return }
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
      for index in members.indices {
        check(members[index].key, at: members[index].keyPlace, names)
        check(members[index].value, shape)
      }
    case (.record(let name), .map):
      checkRecord(node, Language.record(name), of: name.article, mayBeEmpty: name == .rule)
      if name == .step { checkStep(node) }
    case (.methods, .map): checkMethods(node)
    case (.later(let what), _): refuseLater(what, at: node.place)
    case (.json, _): checkEmpty(node)
    case (_, .scalar(let text, _)): check(text, at: node, shape)
    default: break
    }
  }

  /// `$<none>` is a template of its own; elsewhere it takes away what was inherited.
  private mutating func checkRemoval(_ node: Node, _ shape: Shape) -> Bool {
    if shape.isTemplate { return false }
    if !mayRemove {
      bag.add(
        "'$<none>' takes away what a spec or a file's own key says, and nothing is said here",
        code: "nothing-removed", at: node.place)
    }
    return true
  }

  private mutating func checkFirst(_ node: Node, of shapes: [Shape]) {
    guard let shape = shapes.first(where: { $0.fitsKind(of: node) }) else { return }
    if case .word(let words, let later) = shape, let text = node.text, !words.contains(text) {
      if later.contains(text) { return refuseLater("'\(text)'", at: node.place) }
      let near = nearest(to: text, among: words) ?? words.first { $0.hasSuffix("_" + text) }
      bag.add(
        "found '\(text)'; wanted \(Shape.either(shapes).wanted)"
          + (near.map { "; did you mean '\($0)'?" } ?? ""),
        code: "unknown-word", at: node.place, fix: near)
      return
    }
    check(node, shape)
  }

  private mutating func refuseLater(_ what: String, at place: Place) {
    bag.add(
      "\(what): part of the language, but not yet of this version", code: "not-yet", at: place)
  }

  private mutating func refuseEmpty(_ node: Node) {
    bag.add("nothing in it; leave the key out", code: "empty-value", at: node.place)
  }

  /// In JSON everything may be empty but a plain scalar: `""` is the empty text.
  private mutating func checkEmpty(_ node: Node) {
    switch node.content {
    case .scalar: break
    case .list(let elements): for element in elements { checkEmpty(element) }
    case .map(let members): for member in members { checkEmpty(member.value) }
    }
  }

  private mutating func check(_ text: String, at node: Node, _ shape: Shape) {
    switch shape {
    case .text where text.hidden != nil:
      bag.add(
        "the character \(text.hidden ?? "") in a text for people, which does not show it; remove it",
        code: "invisible-character", at: node.place)
    case .word(let words, let later) where !words.contains(text):
      if later.contains(text) { return refuseLater("'\(text)'", at: node.place) }
      let near = nearest(to: text, among: words)
      bag.add(
        "'\(text)' is not one of \(words.joined(separator: ", "))"
          + (near.map { "; did you mean '\($0)'?" } ?? ""),
        code: "unknown-word", at: node.place, fix: near)
    case .truth where text != "true" && text != "false":
      bag.add("found '\(text)'; wanted true or false", code: "wrong-shape", at: node.place)
    case .webAddress where (try? HTTPSURL(text.withoutFragment)) == nil:
      bag.add(
        "'\(text)' is no https address; wanted one that begins with 'https://'",
        code: "insecure-url", at: node.place)
    case .requestLine where !text.isRequestLine:
      bag.add(
        "found '\(text)'; wanted \(shape.wanted)", code: "wrong-shape", at: node.place)
    case .seconds where CredentialRule.time(text) == nil:
      bag.add(
        "found '\(text)'; wanted \(shape.wanted)", code: "wrong-shape", at: node.place)
    case .identifier where !text.isSwiftIdentifier:
      bag.add(
        "'\(text)' is no Swift identifier; wanted ASCII letters and digits, the first a letter",
        code: "swift-name", at: node.place)
    default: break
    }
  }

  private mutating func check(_ name: String, at place: Place, _ rule: NameRule) {
    switch rule {
    case .value where Language.reservedNames.contains(name):
      bag.add(
        "'\(name)' is a word of the language; give the value another name", code: "reserved-name",
        at: place)
    case .value where !name.isValueName:
      bag.add(
        "'\(name)' is no name; wanted letters, digits and '_', the first no digit",
        code: "malformed-name", at: place)
    case .method where !name.isMethodID:
      bag.add(
        "'\(name)' is no method id; wanted lower-case letters, digits, '-' and '_'",
        code: "malformed-name", at: place)
    case .header where !name.isToken:
      bag.add(
        "'\(name)' is no header's name; wanted letters, digits and '-'", code: "malformed-name",
        at: place)
    case .free where name.isEmpty || name.hasControlCharacter:
      bag.add("an empty or unprintable name", code: "malformed-name", at: place)
    default: break
    }
  }

  /// Checks the keys of a map against a record.
  /// - Parameter refines: whether some keys refine what the file says, so that `$<none>` takes away in them.
  private mutating func checkRecord(
    _ node: Node, _ record: Record, of owner: String, mayBeEmpty: Bool, refines: Bool = false
  ) {
    let members = node.members
    if members.isEmpty, !mayBeEmpty { return refuseEmpty(node) }
    // By index, so that neither a member nor a key of the table is copied: the table is one for all cores, and they
    // would wait for each other to count its copies.
    for index in members.indices {
      guard let place = record.place(of: members[index].key) else {
        refuseUnknown(members[index], in: record, of: owner)
        continue
      }
      if record.keys[place].availability == .later {
        refuseLater("the key '\(members[index].key)'", at: members[index].keyPlace)
      } else if refines, Self.refiningKeys.contains(members[index].key) {
        mayRemove = true
        check(members[index].value, record.keys[place].shape)
        mayRemove = false
      } else {
        check(members[index].value, record.keys[place].shape)
      }
    }
    for key in record.required where !node.has(key.name) {
      // A misspelt key is one error, not two; and a method's own map may refine the file's.
      let isMisspelt = node.members.contains { member in
        record.key(member.key) == nil
          && (nearest(to: member.key, among: [key.name]) != nil
            || Misnomers.keys(for: member.key).contains(key.name))
      }
      if !isMisspelt, !mayRemove {
        let example = Self.examples[key.name].map { ", as in '\(key.name): \($0)'" } ?? ""
        bag.add(
          "\(owner) without its '\(key.name)'" + example, code: "missing-key", at: node.start)
      }
    }
  }

  /// What stands behind a key that is missing.
  private static let examples = [
    "name": "Example", "auth": "{ api_key: {} }", "type": "text", "from": "$<body.id>",
    "base": "https://api.example.com", "id": "$<body.id>",
  ]

  private mutating func refuseUnknown(_ member: Node.Member, in record: Record, of owner: String) {
    let known = record.keys.filter { $0.availability == .now }.map(\.name)
    let home = Self.home(of: member.key)
    let near =
      Misnomers.keys(for: member.key).first { known.contains($0) }
      ?? (home != nil ? nil : nearest(to: member.key, among: known))
      ?? (home != nil ? nil : nearest(to: member.key, among: record.keys.map(\.name)))
    var message = "unknown key '\(member.key)' in \(owner)"
    if let remark = Self.remark(on: member.key, in: owner) {
      message += "; \(remark)"
    } else if let near {
      message += "; did you mean '\(near)'?"
    } else if let home {
      message += "; it is a key of \(home)"
    }
    bag.add(message, code: "unknown-key", at: member.keyPlace, fix: near)
  }

  /// What newcomers mean by a key, where no other key is meant.
  private static func remark(on key: String, in owner: String) -> String? {
    switch key {
    case "id" where owner == "a spec": "the id is the file's name"
    case "required": "a value is required unless it has 'optional: true'"
    case "base_url" where owner == "a spec", "base" where owner == "a spec":
      "it stands in 'api', as in 'api: { base: https://… }'"
    case "headers" where owner.hasPrefix("a method"), "header" where owner.hasPrefix("a method"):
      "what carries the credential stands in 'sign', as in 'sign: { headers: { … } }'"
    case "rotates" where owner == "'refresh_token'", "kept" where owner == "'refresh_token'":
      "it is a word of 'rule', as in 'refresh_token: { rule: \(key) }'"
    default: nil
    }
  }

  /// Where a key belongs that stands in the wrong map.
  private static func home(of key: String) -> String? {
    if let preset = Language.presets.first(where: { $0.keys.contains { $0.name == key } }) {
      return "a method of kind '\(preset.kind)'"
    }
    if Language.methodKeys.contains(where: { $0.name == key }) { return "a method" }
    return Record.Name.allCases.first { Language.record($0).key(key) != nil }?.article
  }

  /// What a step holds depends on what it does: a key that does nothing there is found.
  private mutating func checkStep(_ node: Node) {
    let isRequest = Request.Verb.allCases.contains { node.has($0.rawValue) }
    let isLeave = node.has("leave")
    let what = isRequest ? "a request" : isLeave ? "a 'leave'" : "a step without a request"
    for member in node.members where !Self.fits(member.key, isRequest: isRequest, isLeave: isLeave)
    {
      if isRequest, isLeave, member.key == "leave" {
        bag.add(
          "a request and a 'leave' in one step; each needs a step of its own", code: "two-requests",
          at: member.keyPlace)
      } else if Language.record(.step).key(member.key)?.availability == .now {
        let hint =
          !isRequest && !isLeave
          ? "; wanted a request, as in 'post: https://…', or a 'leave'" : ""
        bag.add(
          "'\(member.key)' has no effect in \(what)\(hint)", code: "dead-key",
          at: member.keyPlace)
      }
    }
    if let name = node["state_in"], ["cookie", "redirect_uri"].contains(name.text ?? "") {
      refuseLater("'state_in: \(name.text ?? "")'", at: name.place)
    }
    if let id = node["id"]?.text {
      if Language.reservedIDs.contains(id) {
        bag.add(
          "'\(id)' is a word of the language; give the step another id", code: "reserved-name",
          at: node["id"]?.place ?? node.place)
      }
    }
  }

  private static func fits(_ key: String, isRequest: Bool, isLeave: Bool) -> Bool {
    if ["id", "when", "let", "save"].contains(key) { return true }
    if key == "credential" { return !isLeave || isRequest }
    if leaveKeys.contains(key) { return isLeave && !isRequest }
    if ["query", "accept", "error", "unsafe"].contains(key) { return isRequest || isLeave }
    return isRequest
  }

  private static let leaveKeys: Set<String> = [
    "leave", "take", "issuer", "iss", "answer", "state_in",
  ]

  private mutating func checkMethods(_ node: Node) {
    if node.members.isEmpty {
      bag.add(
        "no method in 'auth'; wanted one or more, as in 'api_key: {}'", code: "empty-value",
        at: node.place)
    }
    if let kind = node.member("kind"), kind.value.text != nil {
      bag.add(
        "a method stands under an id of its own: 'auth: { \(kind.value.text ?? ""): { kind: … } }'",
        code: "wrong-shape", at: kind.keyPlace)
      return
    }
    for method in node.members {
      check(method.key, at: method.keyPlace, .method)
      let kindNode = method.value["kind"]
      let kind = kindNode?.text ?? method.key
      let place = kindNode?.place ?? method.keyPlace
      guard let record = Language.method(kind: kind) else {
        if kindNode == nil, let meant = Self.kindByAnotherName(in: method.value) {
          bag.add(
            "unknown key '\(meant.key)' in a method; did you mean 'kind'?", code: "unknown-key",
            at: meant.keyPlace, fix: "kind")
          continue
        }
        refuseKind(kind, at: place, isWritten: kindNode != nil)
        continue
      }
      guard method.value.isMap else {
        check(method.value, .methods)
        continue
      }
      checkMethod(method.value, record, kind: kind, mayBeEmpty: kindNode == nil)
    }
  }

  /// The member by which a newcomer names the kind.
  private static func kindByAnotherName(in method: Node) -> Node.Member? {
    method.members.first { member in
      Misnomers.keys(for: member.key).contains("kind")
        || nearest(to: member.key, among: ["kind"]) != nil
    }
  }

  /// The keys of one method; where it refines what the file says, `$<none>` takes away.
  private mutating func checkMethod(
    _ method: Node, _ record: Record, kind: String, mayBeEmpty: Bool
  ) {
    checkRecord(
      method, record, of: "a method of kind '\(kind)'", mayBeEmpty: mayBeEmpty, refines: true)
    if let name = method["state_in"], ["cookie", "redirect_uri"].contains(name.text ?? "") {
      refuseLater("'state_in: \(name.text ?? "")'", at: name.place)
    }
    for member in method["credentials"]?.members ?? []
    where Language.reservedIDs.contains(member.key) {
      bag.add(
        "'\(member.key)' is a word of the language; give the credential another name",
        code: "reserved-name", at: member.keyPlace)
    }
  }

  private static let refiningKeys = ["setup", "ask", "hints", "api", "verify", "account"]

  private mutating func refuseKind(_ kind: String, at place: Place, isWritten: Bool) {
    let known = Language.presets.map(\.kind)
    if Language.laterKinds.contains(kind) {
      refuseLater("the kind '\(kind)'", at: place)
    } else if isWritten {
      bag.add(
        "unknown kind '\(kind)'"
          + (nearest(to: kind, among: known).map { "; did you mean '\($0)'?" }
            ?? "; known are \(known.joined(separator: ", "))"),
        code: "unknown-kind", at: place)
    } else if Language.record(.file).key(kind) != nil {
      bag.add(
        "'\(kind)' is a key of the file: it stands beside 'auth', not in it", code: "missing-key",
        at: place)
    } else {
      bag.add(
        "the method '\(kind)' needs a 'kind': one of \(known.joined(separator: ", "))",
        code: "missing-key", at: place)
    }
  }
}

extension Shape {
  /// Whether `$<none>` is a value of its own here: a template that leaves the entry out.
  fileprivate var isTemplate: Bool {
    switch self {
    case .template, .json, .type: true
    case .either(let shapes): shapes.contains { $0.isTemplate }
    default: false
    }
  }
}

extension String {
  /// The first character that nobody sees, be it written by an escape; line ends of a block are seen.
  fileprivate var hidden: String? {
    if isPrintableASCII { return nil }
    return unicodeScalars.first { $0 != "\n" && (String($0).hasControlCharacter || $0.isInvisible) }
      .map { "U+" + String($0.value, radix: 16, uppercase: true) }
  }

  fileprivate var withoutFragment: String {
    holds(UInt8(ascii: "#"))
      ? String(decoding: utf8.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self) : self
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
