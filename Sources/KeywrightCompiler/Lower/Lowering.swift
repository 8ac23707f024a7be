import KeywrightDefinition

/// Spells out every preset as steps: a spec in, a spec out.
///
/// A step keeps the place of the key that caused it. What a method writes out itself replaces the preset's stage.
func lower(_ spec: Spec, into bag: inout DiagnosticBag) -> Spec {
  let methods = spec.methods.map { method in
    var lowering = MethodLowering(method, in: spec, bag: bag)
    let long = lowering.lowered()
    bag = lowering.bag
    return Node.Member(method.key, at: method.keyPlace, long)
  }
  return spec.replacingMethods(methods)
}

/// One method on its way to the long form.
struct MethodLowering {
  let spec: Spec
  let method: Node
  let kind: String

  /// The place of what chose the preset.
  let cause: Place
  var bag: DiagnosticBag

  /// The long form's members, in the order of the reference.
  private var members: [Node.Member] = []

  init(_ member: Node.Member, in spec: Spec, bag: DiagnosticBag) {
    self.spec = spec
    self.bag = bag
    method = member.value
    kind = method["kind"]?.text ?? member.key
    cause = method["kind"]?.place ?? member.keyPlace
  }

  /// The method with `kind: custom`.
  mutating func lowered() -> Node {
    add("kind", .text("custom", at: cause))
    for key in ["title", "nango"] { keep(key) }
    switch kind {
    case "oauth2": lowerOAuth2()
    case "basic": lowerBasic()
    case "api_key": lowerAPIKey()
    default: keepStages()
    }
    for key in ["api", "verify", "account"] { keep(key) }
    return Node(.map(members), at: method.place)
  }

  // MARK: Building

  mutating func add(_ key: String, _ value: Node?) {
    guard let value else { return }
    members.append(Node.Member(key, at: method.member(key)?.keyPlace ?? value.place, value))
  }

  /// Takes over a key as it was written.
  mutating func keep(_ key: String) { add(key, method[key]) }

  /// Takes over the stages of a method that writes everything out.
  private mutating func keepStages() {
    for key in [
      "setup", "ask", "scopes", "scope_separator", "required_scopes", "default_scopes",
      "client_authentication", "authorize", "exchange", "renew", "revoke", "sign", "refresh_token",
    ] { keep(key) }
  }

  /// A map out of what is there.
  func map(_ pairs: [(String, Node?)], at place: Place? = nil) -> Node {
    Node(
      .map(
        pairs.compactMap { key, value in value.map { Node.Member(key, at: $0.place, $0) } }),
      at: place ?? cause)
  }

  /// A text at the place of the preset.
  func text(_ text: String) -> Node { .text(text, at: cause) }

  /// The declarations of a stage: the preset's fields, refined by the file's and the method's, then the method's own.
  func fields(_ key: String, preset: [(String, Node)]) -> Node? {
    var result = preset.map { name, field in
      let refined = merge(merge(field, spec.root[key]?[name]), method[key]?[name])
      let place = method[key]?.member(name)?.keyPlace ?? field.place
      return Node.Member(name, at: place, refined)
    }
    for member in method[key]?.members ?? [] where !preset.contains(where: { $0.0 == member.key }) {
      result.append(member)
    }
    guard !result.isEmpty else { return nil }
    return Node(.map(result), at: method[key]?.place ?? cause)
  }

  /// The preset's entries with the author's over them: `$<none>` takes one away.
  func entries(_ preset: [(String, Node?)], _ keys: [String]) -> Node? {
    var members = preset.compactMap { name, value in
      value.map { Node.Member(name, at: $0.place, $0) }
    }
    for member in keys.flatMap({ method[$0]?.members ?? [] }) {
      if let index = members.firstIndex(where: { $0.key == member.key }) {
        members[index] = member
      } else {
        members.append(member)
      }
    }
    members.removeAll { $0.value.text == "$<none>" }
    return members.isEmpty ? nil : Node(.map(members), at: cause)
  }

  /// Says that keys of the preset have no effect, since a stage that reads them is written out.
  mutating func refuseDead(_ keys: [String], because stage: String) {
    for key in keys {
      guard let member = method.member(key) else { continue }
      bag.add(
        "'\(key)' has no effect: '\(stage)' is written out and does not read it",
        code: "dead-key", at: member.keyPlace)
    }
  }
}

/// Merges two declarations or maps, the second over the first.
func merge(_ base: Node, _ over: Node?) -> Node {
  guard let over else { return base }
  guard base.isMap, over.isMap else { return over }
  return over.members.reduce(base) { result, member in
    let merged = result[member.key].map { merge($0, member.value) } ?? member.value
    return result.setting(member.key, at: member.keyPlace, merged)
  }
}
