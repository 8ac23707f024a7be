extension DefinitionReader {
  mutating func fields(_ json: JSON?, at path: Path) -> [Field] {
    members(json, at: path).map { field($0.value, name: $0.name, at: path.key($0.name)) }
  }

  /// Values that a step makes: a template, or a declared value.
  mutating func made(_ json: JSON?, at path: Path) -> [Field] {
    members(json, at: path).map { member in
      let path = path.key(member.name)
      if case .object = member.value { return field(member.value, name: member.name, at: path) }
      var field = Field(name: member.name)
      field.hasType = false
      field.from = template(member.value, at: path)
      return field
    }
  }

  private static let fieldKeys: Set<String> = [
    "type", "title", "help", "example", "link", "shown_as", "secret", "from", "pattern", "under",
    "values", "optional", "default", "when", "once", "generate", "for",
  ]

  private mutating func field(_ json: JSON, name: String, at path: Path) -> Field {
    refuseUnknown(in: json, at: path, Self.fieldKeys)
    var field = Field(name: name)
    field.hasType = json["type"] != nil || json["from"] == nil
    setType(of: &field, json["type"], at: path.key("type"))
    field.title = text(json["title"], at: path.key("title"))
    field.help = text(json["help"], at: path.key("help"))
    field.example = text(json["example"], at: path.key("example"))
    field.link = text(json["link"], at: path.key("link"))
    field.shownAs = template(json["shown_as"], at: path.key("shown_as"))
    field.pattern = pattern(json["pattern"], at: path.key("pattern"))
    field.under = texts(json["under"], at: path.key("under")).map(\.asciiLowered)
    field.choices = choices(json["values"], at: path.key("values"))
    field.isOptional = truth(json["optional"], at: path.key("optional"))
    field.standard = template(json["default"], at: path.key("default"))
    field.condition = condition(json["when"], at: path.key("when"))
    field.isOnce = truth(json["once"], at: path.key("once"))
    field.isGenerated = json["generate"] != nil
    field.from = template(json["from"], at: path.key("from"))
    field.isMarkedSecret =
      truth(json["secret"], at: path.key("secret")) && !field.type.isSecret
    checkConstants(of: field, at: path)
    return field
  }

  private mutating func setType(of field: inout Field, _ json: JSON?, at path: Path) {
    guard var name = text(json, at: path) else { return }
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
        code: "not-yet", at: path)
    } else {
      let known = FieldType.allCases.map(\.rawValue)
      report(
        "unknown type '\(name)'"
          + (nearest(to: name, among: known).map { "; did you mean '\($0)'?" }
            ?? "; known are \(known.joined(separator: ", "))"),
        code: "unknown-type", at: path)
    }
  }

  private mutating func pattern(_ json: JSON?, at path: Path) -> Pattern? {
    guard let text = text(json, at: path) else { return nil }
    do {
      return try Pattern(text)
    } catch {
      report(error.message, code: error.code, at: path, range: error.range)
      return nil
    }
  }

  /// A list of values, value → title, or value → title and constants.
  private mutating func choices(_ json: JSON?, at path: Path) -> [Field.Choice] {
    guard let json else { return [] }
    if case .array = json {
      return texts(json, at: path).map { Field.Choice(value: $0, title: nil, attributes: []) }
    }
    return members(json, at: path).map { member in
      let path = path.key(member.name)
      guard case .object = member.value else {
        return Field.Choice(
          value: member.name, title: text(member.value, at: path), attributes: [])
      }
      return Field.Choice(
        value: member.name, title: text(member.value["title"], at: path.key("title")),
        attributes: constants(member.value, at: path))
    }
  }

  private mutating func constants(_ json: JSON, at path: Path) -> [Entry] {
    members(json, at: path).compactMap { member in
      if member.name == "title" { return nil }
      return text(member.value, at: path.key(member.name)).map {
        Entry(member.name, Template(literal: $0))
      }
    }.sorted { $0.name < $1.name }
  }

  /// An example and a literal default fit the type.
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
