package import KeywrightDefinition

/// A definition, with the tree it was read from: the same names lead to the same things in both.
package struct Resolved: Sendable {
  /// The compiled form.
  package let definition: Definition

  /// The tree in the definition's shape; its nodes know their places.
  package let tree: Node
}

/// Reads the long form as a definition: what stands in the file is merged into each method, short forms are
/// written out, names and types are fixed.
/// - Returns: nil where something is wrong; then the bag says what.
func resolve(_ spec: Spec, into bag: inout DiagnosticBag) -> Resolved? {
  let methods = spec.methods.map { method in
    Node.Member(method.key, at: method.keyPlace, resolvedMethod(method.value, in: spec))
  }
  let place = spec.root.place
  let tree = Node(
    .map([
      Node.Member("id", at: place, .text(spec.id, at: place)),
      Node.Member("name", at: place, spec.root["name"] ?? .text("", at: place)),
      Node.Member("methods", at: place, Node(.map(methods), at: place)),
    ]), at: place)
  var reader = DefinitionReader()
  guard case .object(let members) = tree.json(inBody: false) else { return nil }
  let format = JSON.Member("format", .integer(Int64(Definition.format)))
  let definition = reader.definition(.object([format] + members))
  for problem in reader.problems { bag.add(problem, in: tree) }
  return reader.problems.isEmpty ? Resolved(definition: definition, tree: tree) : nil
}

extension DiagnosticBag {
  /// Adds what the reader of definitions found, at its place in the file.
  fileprivate mutating func add(_ problem: DefinitionReader.Problem, in tree: Node) {
    let node = tree.node(at: problem.path)
    let place = source.place(of: problem.range, in: node)
    guard problem.code == "template-unclosed", case .scalar(_, .plain) = node.content else {
      add(problem.message, code: problem.code, at: place)
      return
    }
    add(
      "YAML ends this text inside '$<…>'; put the whole text into single quotes",
      code: "quote-template", at: place)
  }
}

extension Node {
  /// The node at a path, or the nearest one above it.
  func node(at path: Path) -> Node {
    var node = self
    for element in path.elements {
      switch element {
      case .key(let key):
        guard let next = node[key] else { return node }
        node = next
      case .index(let index):
        guard let elements = node.elements, elements.indices.contains(index) else { return node }
        node = elements[index]
      }
    }
    return node
  }

  /// The tree as JSON. In the body of a request a plain scalar that is JSON keeps its type.
  fileprivate func json(inBody: Bool) -> JSON {
    switch content {
    case .list(let elements): .array(elements.map { $0.json(inBody: inBody) })
    case .map(let members):
      .object(
        members.map { JSON.Member($0.key, $0.value.json(inBody: inBody || $0.key == "json")) })
    case .scalar(let text, let style):
      if inBody, style == .plain, let json = try? JSON(reading: text) {
        json
      } else {
        .string(text)
      }
    }
  }
}

// MARK: - Methods

private func resolvedMethod(_ method: Node, in spec: Spec) -> Node {
  let root = spec.root
  var result = Node(.map([]), at: method.place)
  func add(_ key: String, _ node: Node?) {
    if let node { result = result.setting(key, at: method.member(key)?.keyPlace, node) }
  }
  add("title", method["title"])
  for key in ["setup", "ask"] { add(key, merged(root[key], method[key])) }
  add("api", merged(root["api"], method["api"]))
  add("scopes", method["scopes"].map(scopeNames))
  for key in ["scope_separator", "required_scopes", "default_scopes", "client_authentication"] {
    add(key, method[key])
  }
  for key in ["authorize", "exchange", "renew", "revoke"] { add(key, method[key].map(steps)) }
  for key in ["sign", "refresh_token"] { add(key, method[key]) }
  add("verify", (method["verify"] ?? root["verify"]).map(verifications))
  add("account", account(root["account"], method["account"]))
  return result
}

private func merged(_ base: Node?, _ over: Node?) -> Node? {
  base.map { merge($0, over) } ?? over
}

/// A request that names a verb replaces the inherited one whole.
private func account(_ base: Node?, _ over: Node?) -> Node? {
  let isRequest = Request.Verb.allCases.contains { over?[$0.rawValue] != nil }
  return isRequest ? over : merged(base, over)
}

private func scopeNames(_ scopes: Node) -> Node {
  guard scopes.isMap else { return scopes }
  return Node(.list(scopes.members.map { .quoted($0.key, at: $0.keyPlace) }), at: scopes.place)
}

private func steps(_ stage: Node) -> Node {
  let steps = stage.elements ?? [stage]
  return Node(.list(steps.map(step)), at: stage.place)
}

/// A step in which short forms are written out.
private func step(_ step: Node) -> Node {
  var result = step
  if let take = step["take"] {
    let fields = take.members.map { member in
      let isType = member.value.text != nil
      let declared = Node(
        .map([Node.Member("type", at: member.value.place, member.value)]), at: member.value.place)
      return Node.Member(member.key, at: member.keyPlace, isType ? declared : member.value)
    }
    result = result.setting("take", at: nil, Node(.map(fields), at: take.place))
  }
  if let credential = step["credential"], credential.isMap {
    result = result.setting("credential", Node(.list([credential]), at: credential.place))
  }
  return result
}

/// `GET /path`, a request or a list of either.
private func verifications(_ verify: Node) -> Node {
  guard let text = verify.text else { return steps(verify) }
  let words = text.split(separator: " ", maxSplits: 1).map(String.init)
  let url = Node.text(words[words.count - 1], at: verify.place)
  let verb = words[0].asciiLowered
  return Node(
    .list([Node(.map([Node.Member(verb, at: verify.place, url)]), at: verify.place)]),
    at: verify.place)
}
