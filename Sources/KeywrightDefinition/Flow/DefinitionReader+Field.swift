extension DefinitionReader {
  mutating func fields(_ node: Node?, at path: @autoclosure () -> Path) -> [Field] {
    guard node != nil else { return [] }
    let path = path()
    return members(node, at: path).map { field($0.value, name: $0.key, at: path.key($0.key)) }
  }

  /// Values that a step makes: a template, or a declared value.
  mutating func made(_ node: Node?, at path: @autoclosure () -> Path) -> [Field] {
    guard node != nil else { return [] }
    let path = path()
    return members(node, at: path).map { member in
      let path = path.key(member.key)
      if case .map = member.value.content { return field(member.value, name: member.key, at: path) }
      var field = Field(name: member.key)
      field.hasType = false
      field.from = template(member.value, at: path)
      return field
    }
  }

  private static let fieldKeys = [
    "type", "title", "help", "example", "link", "shown_as", "secret", "from", "pattern", "under",
    "values", "optional", "default", "when", "once", "generate", "for",
  ]

  private mutating func field(_ node: Node, name: String, at path: Path) -> Field {
    refuseUnknown(in: node, at: path, Self.fieldKeys)
    var field = Field(name: name)
    field.hasType = node.has("type") || !node.has("from")
    setType(of: &field, node["type"], at: path.key("type"))
    field.title = text(node["title"], at: path.key("title"))
    field.help = text(node["help"], at: path.key("help"))
    field.example = text(node["example"], at: path.key("example"))
    field.link = text(node["link"], at: path.key("link"))
    field.shownAs = template(node["shown_as"], at: path.key("shown_as"))
    field.pattern = pattern(node["pattern"], at: path.key("pattern"))
    field.under = texts(node["under"], at: path.key("under")).map(\.asciiLowered)
    field.choices = choices(node["values"], at: path.key("values"))
    field.isOptional = truth(node["optional"], at: path.key("optional"))
    field.standard = template(node["default"], at: path.key("default"))
    field.condition = condition(node["when"], at: path.key("when"))
    field.isOnce = truth(node["once"], at: path.key("once"))
    field.isGenerated = node.has("generate")
    field.from = template(node["from"], at: path.key("from"))
    field.isMarkedSecret =
      truth(node["secret"], at: path.key("secret")) && !field.type.isSecret
    if field.hasConstants { checkConstants(of: field, at: path) }
    return field
  }

  private mutating func setType(
    of field: inout Field, _ node: Node?, at path: @autoclosure () -> Path
  ) {
    guard var name = text(node, at: path()) else { return }
    let prefix = "list of "
    if name.hasPrefix(prefix) {
      field.isList = true
      name = String(name.dropFirst(prefix.count))
    }
    if let type = FieldType(rawValue: name) {
      field.type = type
    } else if FieldType.later.contains(name) {
      report(
        "the type '\(name)' is part of the language, but not yet of this version",
        code: "not-yet", at: path())
    } else {
      let known = FieldType.allCases.map(\.rawValue)
      report(
        "unknown type '\(name)'"
          + ((FieldType.misnomers[name.asciiLowered] ?? nearest(to: name, among: known))
            .map { "; did you mean '\($0)'?" }
            ?? "; known are \(known.joined(separator: ", "))"),
        code: "unknown-type", at: path())
    }
  }

  private mutating func pattern(_ node: Node?, at path: @autoclosure () -> Path) -> Pattern? {
    guard let text = text(node, at: path()) else { return nil }
    do {
      return try Pattern(text)
    } catch {
      report(error.message, code: error.code, at: path(), range: error.range)
      return nil
    }
  }

  /// A list of values, value → title, or value → title and constants.
  private mutating func choices(
    _ node: Node?, at path: @autoclosure () -> Path
  ) -> [Field.Choice] {
    guard let node else { return [] }
    let path = path()
    if case .list = node.content {
      return texts(node, at: path).map { Field.Choice(value: $0, title: nil, attributes: []) }
    }
    return members(node, at: path).map { member in
      let path = path.key(member.key)
      guard case .map = member.value.content else {
        return Field.Choice(
          value: member.key, title: text(member.value, at: path), attributes: [])
      }
      return Field.Choice(
        value: member.key, title: text(member.value["title"], at: path.key("title")),
        attributes: constants(member.value, at: path))
    }
  }

  private mutating func constants(_ node: Node, at path: Path) -> [Entry] {
    members(node, at: path).compactMap { member in
      if member.key == "title" { return nil }
      return text(member.value, at: path.key(member.key)).map {
        Entry(member.key, Template(literal: $0))
      }
    }.sorted { $0.name < $1.name }
  }

  /// An example and a literal default fit the type, and a choice has values.
  private mutating func checkConstants(of field: Field, at path: Path) {
    if field.type == .choice, field.choices.isEmpty {
      report(
        "a choice without its 'values', as in 'values: [eu, us]'", code: "missing-key", at: path)
      return
    }
    let standard = field.standard?.literalText
    for (key, text, what) in [
      ("example", field.example, "example"), ("default", standard, "default"),
    ] {
      guard let text, field.hasType else { continue }
      do {
        _ = try field.canonical(text)
      } catch {
        report(
          "the \(what) is no \(field.type.rawValue) of this field: \(error.reason)",
          code: key == "example" ? "example-unfit" : "default-unfit", at: path.key(key))
      }
    }
  }
}

extension Field {
  /// Whether there may be something to check: most fields are left alone, and not copied for that.
  fileprivate var hasConstants: Bool { type == .choice || example != nil || standard != nil }
}
