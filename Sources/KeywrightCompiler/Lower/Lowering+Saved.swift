import KeywrightDefinition

extension MethodLowering {
  // MARK: Saved values

  /// A method's own `save`: what reads the callback alone is kept there, the rest of the token answer.
  var savedValues: (ofCallback: [Node.Member], ofAnswer: [Node.Member], ofRenewal: [Node.Member]) {
    let members = method["save"]?.members ?? []
    let readsCallback = members.map { $0.value["from"]?.reads("callback") ?? false }
    let readsBody = members.map { member in
      ["body", "header", "status", "cookie"].contains { member.value["from"]?.reads($0) ?? false }
    }
    let leaves = kind == "oauth2" || method.has("authorize")
    let ofCallback = members.indices.filter { leaves && readsCallback[$0] && !readsBody[$0] }
    let others = members.indices.filter { !ofCallback.contains($0) }
    // A callback is not there when a credential is renewed, so what reads it stays as it was saved.
    return (
      ofCallback.map { members[$0] }, others.map { members[$0] },
      others.filter { !readsCallback[$0] }.map { members[$0] }
    )
  }

  /// Puts a method's saved values on the first step that makes what they read, and takes what they name of a callback.
  func attach(
    _ saved: [Node.Member], to steps: [Node], where holds: (Node) -> Bool
  ) -> [Node] {
    var steps = steps
    if !saved.isEmpty, let index = steps.firstIndex(where: holds) ?? steps.indices.last {
      var step = steps[index]
      let own = step["save"]?.members ?? []
      step = step.setting(
        "save", at: saved[0].keyPlace, Node(.map(own + saved), at: saved[0].value.place))
      if step.has("leave") { step = taking(saved, in: step) }
      steps[index] = step
    }
    return steps
  }

  /// `from: $<callback.NAME>` alone takes that name from the callback.
  private func taking(_ saved: [Node.Member], in step: Node) -> Node {
    var take = step["take"]?.members ?? []
    for member in saved {
      guard let text = member.value["from"]?.text, text.hasPrefix("$<callback."),
        case .member(_, .name(let name))? = (try? Template(reading: text))?.soleExpression?.form,
        !take.contains(where: { $0.key == name }),
        !["query", "error"].contains(name)
      else { continue }
      let type = member.value["type"] ?? .text("text", at: member.value.place)
      var declared = Node(.map([Node.Member("type", at: type.place, type)]), at: type.place)
      for key in ["pattern", "under", "values", "optional", "secret"] {
        if let value = member.value[key] { declared = declared.setting(key, value) }
      }
      if member.value.has("default") {
        declared = declared.setting("optional", .text("true", at: type.place))
      }
      take.append(Node.Member(name, at: member.keyPlace, declared))
    }
    return step.setting("take", Node(.map(take), at: step["take"]?.place ?? step.place))
  }

  // MARK: Dead keys

  /// Says that keys of the preset have no effect, since a stage that reads them is written out.
  mutating func refuseDeadKeys(_ preset: Preset) {
    func isWhole(_ stage: String) -> Bool {
      guard let written = method[stage] else { return false }
      if stage == "renew", written.text == "refresh_token" { return false }
      return !(written.elements ?? []).contains {
        $0.text == "preset" || (stage == "renew" && $0.text == "refresh_token")
      }
    }
    let keepsRefresh =
      preset.renew != nil && !isWhole("renew") && !method.hasNoRefreshToken
      && !(method["credentials"]?.members ?? []).contains { isRefreshReplaced($0.value) }
    for (stage, keys) in preset.keys where isWhole(stage) {
      let shared = stage == "exchange" && keepsRefresh ? Self.tokenKeys : []
      refuseDead(keys.filter { !shared.contains($0) }, because: stage)
    }
    if isWhole("renew"), isWhole("exchange") { refuseDead(Self.tokenKeys, because: "exchange") }
  }

  private func isRefreshReplaced(_ rule: Node) -> Bool {
    guard let renew = rule["renew"] else { return false }
    return renew.text != "refresh_token"
  }

  /// Keys that the exchange and the renewal both read.
  static let tokenKeys = [
    "token_endpoint", "token_parameters", "token_headers", "token_body", "token_format",
    "token_type", "response",
  ]

  mutating func refuseDead(_ keys: [String], because stage: String) {
    for key in keys {
      guard let member = method.member(key) else { continue }
      bag.add(
        "'\(key)' has no effect: '\(stage)' is written out and does not read it",
        code: "dead-key", at: member.keyPlace)
    }
  }
}
