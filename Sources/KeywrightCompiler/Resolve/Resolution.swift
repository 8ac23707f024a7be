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
    var resolution = MethodResolution(method: method.value, root: spec.root, bag: bag)
    let resolved = resolution.resolved()
    bag = resolution.bag
    return Node.Member(method.key, at: method.keyPlace, resolved)
  }
  let place = spec.root.place
  let tree = Node(
    .map([
      Node.Member("format", at: place, .text(String(Definition.format), at: place)),
      Node.Member("id", at: place, .text(spec.id, at: place)),
      Node.Member("name", at: place, spec.root["name"] ?? .text("", at: place)),
      Node.Member("methods", at: place, Node(.map(methods), at: place)),
    ]), at: place)
  var reader = DefinitionReader()
  let definition = reader.definition(tree)
  for problem in reader.problems { bag.add(problem, in: tree) }
  return reader.problems.isEmpty ? Resolved(definition: definition, tree: tree) : nil
}

extension DiagnosticBag {
  /// Adds what the reader of definitions found, at its place in the file.
  fileprivate mutating func add(_ problem: DefinitionReader.Problem, in tree: Node) {
    let node = tree.node(at: problem.path)
    let place = self.place(of: problem.range, in: node)
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
}

// MARK: - Methods

/// One method in the definition's shape.
private struct MethodResolution {
  let method: Node
  let root: Node
  var bag: DiagnosticBag

  mutating func resolved() -> Node {
    var members: [Node.Member] = []
    members.reserveCapacity(method.members.count + 4)
    func add(_ key: String, _ node: Node?) {
      guard let node else { return }
      members.append(Node.Member(key, at: method.member(key)?.keyPlace ?? node.place, node))
    }
    add("title", method["title"])
    for key in ["setup", "ask", "hints", "api"] { add(key, merged(key)) }
    add("scopes", method["scopes"].map(scopeNames))
    for key in ["scope_separator", "required_scopes", "default_scopes", "client_authentication"] {
      add(key, method[key])
    }
    for key in ["authorize", "exchange", "revoke"] { add(key, method[key].map(steps)) }
    if let rules = method["credentials"] {
      let resolved = rules.members.map { member in
        Node.Member(member.key, at: member.keyPlace, rule(member.value))
      }
      add("credentials", Node(.map(resolved), at: rules.place))
    } else {
      for member in rule(method).members where Self.ruleKeys.contains(member.key) {
        add(member.key, member.value)
      }
    }
    let verify = method["verify"] ?? root["verify"]
    for key in ["setup", "ask", "hints", "api", "verify", "account"] { checkRemoval(of: key) }
    add("verify", verify.flatMap { $0.isRemoval ? nil : verifications($0) })
    add("account", account())
    return Node(.map(members), at: method.place)
  }

  private static let ruleKeys = ["renew", "sign", "refresh_token"]

  /// The words of `renew` stay, its steps become a list.
  private func rule(_ rule: Node) -> Node {
    guard let renew = rule["renew"], renew.text == nil else { return rule }
    return rule.setting("renew", steps(renew))
  }

  /// What the file says, with what the method says over it.
  private mutating func merged(_ key: String) -> Node? {
    let base = root[key]
    guard let over = method[key] else { return base }
    if over.isRemoval { return nil }
    checkRemovals(over, base)
    let result = merge(
      (key == "api" ? base?.withoutReason(ofBaseIn: over) : base)
        ?? Node(.map([]), at: over.place), over)
    return result.members.isEmpty ? nil : result
  }

  /// A key that is taken away whole stands in the file.
  private mutating func checkRemoval(of key: String) {
    guard let over = method[key], over.isRemoval, root[key] == nil else { return }
    bag.add(
      "'$<none>' takes away what the file says, and it says no '\(key)'", code: "nothing-removed",
      at: over.place)
  }

  /// `$<none>` takes something away, or it is a mistake.
  private mutating func checkRemovals(_ over: Node, _ base: Node?) {
    let members = over.members
    for index in members.indices {
      if members[index].value.isMap {
        checkRemovals(members[index].value, base?[members[index].key])
      } else if members[index].value.isRemoval, base?.has(members[index].key) != true {
        bag.add(
          "'$<none>' takes away what the file says, and it says no '\(members[index].key)'",
          code: "nothing-removed", at: members[index].value.place)
      }
    }
  }

  /// A request that names a verb replaces the inherited one whole.
  private mutating func account() -> Node? {
    guard let over = method["account"] else { return root["account"] }
    if over.isRemoval { return nil }
    return over.namesVerb ? over : merged("account")
  }
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

/// `GET /path`, a request, or a list of either.
private func verifications(_ verify: Node) -> Node {
  let alternatives = (verify.elements ?? [verify]).map { alternative in
    guard let text = alternative.text else { return step(alternative).readingBody() }
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    let verb = words[0].asciiLowered
    let url = Node(
      .scalar(
        words[words.count - 1],
        .cut(verb.utf8.count + 1, alternative.style)), at: alternative.place)
    return Node(
      .map([Node.Member(verb, at: alternative.place, url)]), at: alternative.place)
  }
  return Node(.list(alternatives), at: verify.place)
}

extension Node {
  /// A verification reads no body, unless it says how or a condition reads it; then it is JSON.
  fileprivate func readingBody() -> Node {
    guard !has("format"),
      ["accept", "let", "error", "save"].contains(where: { self[$0]?.mentions("body") ?? false })
    else { return self }
    return setting("format", .text("json", at: place))
  }
}
