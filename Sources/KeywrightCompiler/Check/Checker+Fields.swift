import KeywrightDefinition

extension MethodChecker {
  /// What the fields say of themselves.
  mutating func checkFields() {
    var earlier = KnownNames()
    var declared: [(name: String, key: String)] = []
    for (key, fields) in [("setup", method.setup), ("ask", method.ask), ("hints", method.hints)] {
      let fieldsPath = path.key(key).shared
      for field in fields {
        let path = fieldsPath.key(field.name)
        if field.title == nil, key != "hints" {
          report(
            "'\(field.name)' without its 'title', which a form shows", code: "missing-key",
            at: path)
        }
        if let first = declared.last(where: { $0.name == field.name }) {
          report(
            "'\(field.name)' stands in '\(first.key)' too; a method declares a name once",
            code: "duplicate-name", at: path)
        }
        declared.append((field.name, key))
        checkAttributes(of: field, at: path)
        checkTemplates(of: field, at: path, earlier)
        earlier[field.name] = filled[field.name]
      }
    }
    for (index, step) in method.authorize.enumerated() {
      for field in step.leave?.take ?? [] {
        checkAttributes(
          of: field, at: path.key("authorize").index(index).key("take").key(field.name))
      }
    }
  }

  /// Attributes that the type has no use for, and domains that are not one owner's.
  mutating func checkAttributes(of field: Field, at path: Path) {
    if !field.choices.isEmpty, field.type != .choice {
      report(
        "'values' is for a choice; write 'type: choice'", code: "dead-key", at: path.key("values"))
    }
    if !field.under.isEmpty, ![.host, .url, .origin].contains(field.type) {
      report(
        "'under' is for a 'host', a 'url' or an 'origin'", code: "dead-key", at: path.key("under"))
    }
    if field.pattern != nil, field.type == .choice || field.type == .boolean {
      report(
        "'pattern' has no effect on a '\(field.type.rawValue)'", code: "dead-key",
        at: path.key("pattern"))
    }
    for (index, suffix) in field.under.enumerated() where context.isShared(suffix, for: provider) {
      report(
        "under '\(suffix)' anybody can have a host; wanted a domain that the provider alone owns",
        code: "shared-suffix", at: path.key("under").index(index))
    }
    if field.choices.isEmpty { return }
    var seen: Set<String> = []
    for choice in field.choices where !seen.insert(choice.value).inserted {
      report(
        "the value '\(choice.value)' stands here twice", code: "duplicate-choice",
        at: path.key("values"))
    }
  }

  private mutating func checkTemplates(
    of field: Field, at path: Path, _ earlier: KnownNames
  ) {
    var place: Standpoint { Standpoint(stage: .form, method: method, filled: earlier) }
    if let condition = field.condition { check(condition, at: path.key("when"), place) }
    if let standard = field.standard, standard.literalText == nil {
      check(standard, at: path.key("default"), place, isTyped: true)
    }
    guard let shown = field.shownAs else { return }
    for expression in shown.expressions {
      guard let name = expression.foreignName(to: field) else { continue }
      report(
        "'shown_as' shows '\(name)'; it may show its own field, if that is no secret",
        code: "unknown-name", at: path.key("shown_as"), range: expression.range)
    }
  }
}

extension Expression {
  /// A name that the entry of a field may not show.
  fileprivate func foreignName(to field: Field) -> String? {
    if case .name(let name) = form, name != field.name || field.isSecret { return name }
    return operands.lazy.compactMap { $0.foreignName(to: field) }.first
  }
}
