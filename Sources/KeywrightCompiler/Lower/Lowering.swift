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
    members.reserveCapacity(method.members.count + 8)
    kind = method["kind"]?.text ?? member.key
    cause = method["kind"]?.place ?? member.keyPlace
  }

  /// What a kind makes of a method: its fields, and its stages.
  struct Preset {
    var setup: [(String, Node)] = []
    var ask: [(String, Node)] = []
    var clientAuthentication: Node?
    var authorize: Node?
    var exchange: Node?
    var renew: Node?
    /// The word that says how to renew where no request does.
    var renewWord: String?
    var revoke: Node?
    var sign: Node?
    /// Keys that each stage reads: a stage that is written out makes them dead.
    var keys: [(stage: String, keys: [String])] = []
  }

  /// The method with `kind: custom`.
  mutating func lowered() -> Node {
    let preset =
      switch kind {
      case "oauth2": oauth2()
      case "basic": basic()
      case "api_key": apiKey()
      default: Preset()
      }
    add("kind", .text("custom", at: cause))
    for key in ["title", "nango"] { keep(key) }
    add("setup", fields("setup", preset: preset.setup))
    add("ask", fields("ask", preset: preset.ask))
    for key in [
      "hints", "api", "scopes", "scope_separator", "required_scopes", "default_scopes",
    ] { keep(key) }
    add("client_authentication", preset.clientAuthentication ?? method["client_authentication"])
    addStages(preset)
    for key in ["verify", "account"] { keep(key) }
    return Node(.map(members), at: method.place)
  }

  // MARK: Stages

  private mutating func addStages(_ preset: Preset) {
    refuseDeadKeys(preset)
    let saved = savedValues
    let authorize = stage("authorize", preset.authorize)
    add("authorize", authorize.map { attach(saved.ofCallback, to: $0) { $0.has("leave") } })
    let exchange = stage("exchange", preset.exchange)
    add("exchange", exchange.map { attach(saved.ofAnswer, to: $0) { $0.has("credential") } })
    let refresh = preset.renew.map { attach(saved.ofRenewal, to: [reached($0)]) { _ in true } }
    addRenewal(preset, refresh, exchange: exchange)
    add("revoke", stage("revoke", preset.revoke))
  }

  /// A stage as it is written, with the preset's steps where the word `preset` stands; else the preset's.
  private mutating func stage(_ key: String, _ preset: Node?) -> [Node]? {
    guard let written = method[key] else { return preset.map { [reached($0)] } }
    var steps: [Node] = []
    var hasPreset = false
    for element in written.elements ?? [written] {
      guard element.text == "preset" else {
        steps.append(reached(element))
        continue
      }
      if let preset, !hasPreset {
        steps.append(reached(preset))
      } else {
        bag.add(
          hasPreset
            ? "'preset' stands here a second time"
            : "'preset', but a method of kind '\(kind)' has no '\(key)' of its own",
          code: "no-preset", at: element.place)
      }
      hasPreset = true
    }
    return steps
  }

  /// A step with what the method says of every request: `accept` and `error`.
  private func reached(_ step: Node) -> Node {
    guard step.namesVerb else { return step }
    var step = step
    if let accept = method["accept"], step["format"]?.text != "none" {
      if !step.has("accept") {
        step = step.setting("accept", join("status.ok", accept))
      } else if let own = step["accept"], case .scalar(let text, .made) = own.content {
        step = step.setting("accept", join(text, accept))
      }
    }
    if let error = method["error"] {
      step = step.setting("error", step["error"].map { merge(error, $0) } ?? error)
    }
    return step
  }

  /// `one and (other)`, in which errors of the other keep their places.
  private func join(_ one: String, _ other: Node) -> Node {
    guard case .scalar(let text, let style) = other.content else { return other }
    let prefix = one + " and ("
    return Node(
      .scalar(
        prefix + text + ")",
        .joined(prefix: prefix.utf8.count, length: text.utf8.count, style)), at: other.place)
  }

  // MARK: Renewal

  private mutating func addRenewal(_ preset: Preset, _ refresh: [Node]?, exchange: [Node]?) {
    let standard = standardRenewal(preset, refresh, exchange: exchange)
    let bearer = carrier(header: "Authorization", "Bearer $<credential.access_token>")
    guard let rules = method["credentials"] else {
      add("renew", renewal(of: method, refresh, standard: standard))
      let standardSign = preset.sign ?? (makesToken(exchange, named: nil) ? bearer : nil)
      add("sign", method["sign"] ?? standardSign)
      keep("refresh_token")
      return
    }
    let members = rules.members.map { rule in
      var value = rule.value
      let own = value.has("renew") || value.hasNoRefreshToken ? value : method
      if let renew = renewal(of: own, refresh, standard: standard) {
        value = value.setting("renew", renew)
      }
      let standardSign = preset.sign ?? (makesToken(exchange, named: rule.key) ? bearer : nil)
      if !value.has("sign"), let sign = method["sign"] ?? standardSign {
        value = value.setting("sign", sign)
      }
      if !value.has("refresh_token"), let token = method["refresh_token"] {
        value = value.setting("refresh_token", token)
      }
      return Node.Member(rule.key, at: rule.keyPlace, value)
    }
    add("credentials", Node(.map(members), at: rules.place))
  }

  /// Whether a step makes a credential with an access token, which a request carries as a bearer token where
  /// nothing else is said.
  private func makesToken(_ steps: [Node]?, named name: String?) -> Bool {
    (steps ?? []).contains { step in
      let credentials = step["credential"].map { $0.elements ?? [$0] } ?? []
      return credentials.contains { $0.has("access_token") && $0["name"]?.text == name }
    }
  }

  /// What `renew` means in a map: the preset's request, other words, or steps in which ids stand for steps.
  private mutating func renewal(of owner: Node, _ refresh: [Node]?, standard: Node?) -> Node? {
    if owner.hasNoRefreshToken || method.hasNoRefreshToken, !owner.has("renew") {
      refuseDead(["refresh_endpoint", "refresh_parameters"], because: "refresh_token: none")
      return standard.flatMap { $0.text == nil ? nil : $0 }
    }
    guard let written = owner["renew"] else { return standard }
    switch written.text {
    case "refresh_token":
      if let refresh { return Node(.list(refresh), at: written.place) }
      bag.add(
        "'renew: refresh_token' is the preset's request, and a method of kind '\(kind)' has none; "
          + "write its steps", code: "no-preset", at: written.place)
      return nil
    case _?: return written
    case nil: return renewalSteps(written, refresh)
    }
  }

  private mutating func renewalSteps(_ written: Node, _ refresh: [Node]?) -> Node {
    let earlier = ["authorize", "exchange"].flatMap { method[$0].map { $0.elements ?? [$0] } ?? [] }
    var steps: [Node] = []
    for element in written.elements ?? [written] {
      guard let id = element.text else {
        steps.append(reached(element))
        continue
      }
      if id == "preset" || id == "refresh_token", let refresh {
        steps += refresh
      } else if let step = earlier.first(where: { $0["id"]?.text == id }) {
        steps.append(reached(step))
      } else {
        let known = earlier.compactMap { $0["id"]?.text }
        bag.add(
          "no earlier step has the id '\(id)'" + didYouMean(id, among: known), code: "unknown-step",
          at: element.place, fix: nearest(to: id, among: known))
      }
    }
    return Node(.list(steps), at: written.place)
  }

  /// Where nothing is said: the preset's request, else once more from the start, where that is possible and needed.
  private func standardRenewal(
    _ preset: Preset, _ refresh: [Node]?, exchange: [Node]?
  ) -> Node? {
    if let refresh { return Node(.list(refresh), at: cause) }
    if let word = preset.renewWord { return text(word) }
    let ends = (exchange ?? []).contains { step in
      let credentials = step["credential"].map { $0.elements ?? [$0] } ?? []
      return credentials.contains {
        ($0["expires_in"] ?? $0["expires_at"]).map { $0.text != "$<none>" } ?? false
      }
    }
    let hasOnce = (method["ask"]?.members ?? []).contains { $0.value["once"]?.text == "true" }
    return ends && !hasOnce && !method.has("authorize") ? text("repeat") : nil
  }

  // MARK: Building

  mutating func add(_ key: String, _ value: Node?) {
    guard let value else { return }
    members.append(Node.Member(key, at: method.member(key)?.keyPlace ?? value.place, value))
  }

  private mutating func add(_ key: String, _ steps: [Node]?) {
    guard let steps, let first = steps.first else { return }
    add(key, steps.count == 1 ? first : Node(.list(steps), at: method[key]?.place ?? cause))
  }

  /// Takes over a key as it was written.
  mutating func keep(_ key: String) { add(key, method[key]) }

  /// A map out of what is there.
  func map(_ pairs: [(String, Node?)], at place: Place? = nil) -> Node {
    Node(.map(members(pairs)), at: place ?? cause)
  }

  private func members(_ pairs: [(String, Node?)]) -> [Node.Member] {
    var members: [Node.Member] = []
    members.reserveCapacity(pairs.count)
    for case (let key, let value?) in pairs {
      members.append(Node.Member(key, at: value.place, value))
    }
    return members
  }

  /// A text at the place of the preset.
  func text(_ text: String) -> Node { .text(text, at: cause) }

  /// The declarations of a stage: the preset's fields, refined by the file's and the method's, then the method's own.
  private func fields(_ key: String, preset: [(String, Node)]) -> Node? {
    let kept = preset.filter { name, _ in method[key]?[name]?.isRemoval != true }
    var result = kept.map { name, field in
      let refined = merge(merge(field, spec.root[key]?[name]), method[key]?[name])
      let place = method[key]?.member(name)?.keyPlace ?? field.place
      return Node.Member(name, at: place, refined)
    }
    for member in method[key]?.members ?? []
    where !preset.contains(where: { $0.0 == member.key }) {
      result.append(member)
    }
    guard !result.isEmpty else { return nil }
    return Node(.map(result), at: method[key]?.place ?? cause)
  }

  /// The preset's entries with the author's over them: `$<none>` takes one away.
  func entries(_ preset: [(String, Node?)], _ keys: [String]) -> Node? {
    var members = members(preset)
    for member in keys.flatMap({ method[$0]?.members ?? [] }) {
      if let index = members.index(of: member.key) {
        members[index] = member
      } else {
        members.append(member)
      }
    }
    members.removeAll { $0.value.isRemoval }
    return members.isEmpty ? nil : Node(.map(members), at: cause)
  }
}

/// Merges two declarations or maps, the second over the first; `$<none>` takes away.
func merge(_ base: Node, _ over: Node?) -> Node {
  guard let over else { return base }
  guard base.isMap, over.isMap else { return over }
  var members = base.members
  for member in over.members {
    let index = members.index(of: member.key)
    if member.value.isRemoval {
      if let index { members.remove(at: index) }
    } else if let index {
      members[index] = Node.Member(
        member.key, at: member.keyPlace, merge(members[index].value, member.value))
    } else {
      members.append(member)
    }
  }
  return Node(.map(members), at: base.place)
}

extension Node {
  /// Whether a method or a credential's rule says that there is no refresh token: by a word, or by one in a map.
  var hasNoRefreshToken: Bool {
    let token = self["refresh_token"]
    return (token?["rule"] ?? token)?.text == "none"
  }

  /// Whether a template reads a name.
  func reads(_ name: String) -> Bool {
    guard let text, text.holds(UInt8(ascii: "<")), text.holds(name) else { return false }
    return (try? Template(reading: text))?.reads(name) ?? false
  }
}
