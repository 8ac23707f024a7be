package import KeywrightDefinition

/// The page of a provider: what to register and where, what people fill in, what happens in which order, what differs
/// from the RFCs, and what surprises people.
package struct ProviderPage: Sendable {
  /// The page's blocks.
  package private(set) var text = PageText()
  private let entry: Catalogue.Entry

  /// Writes the page of a provider.
  package init(_ entry: Catalogue.Entry) {
    self.entry = entry
    let definition = entry.definition
    text.heading(1, .text(definition.name))
    var line: [PageText.Inline] = [.code(definition.id)]
    if !entry.categories.isEmpty {
      line.append(.text(" · " + entry.categories.joined(separator: ", ")))
    }
    let order = ["docs", "auth", "apps", "keys", "scopes"]
    let links = entry.links.sorted { one, other in
      (order.firstIndex(of: one.name) ?? order.count)
        < (order.firstIndex(of: other.name) ?? order.count)
    }
    text.list(
      [line] + links.map { [.text("\(Self.meaning($0.name)): "), .link($0.url, to: $0.url)] })
    if !entry.notes.isEmpty {
      text.heading(2, "Worth knowing")
      text.list(entry.notes.map { [.text($0)] })
    }
    for method in definition.methods { write(method) }
  }

  private static func meaning(_ link: String) -> String {
    switch link {
    case "docs": "Documentation"
    case "auth": "How authorization works there"
    case "apps": "Where an application is registered"
    case "keys": "Where a key is made"
    case "scopes": "All scopes"
    case "status": "Whether it is up"
    default: link
    }
  }

  private mutating func write(_ method: Method) {
    if let title = method.title {
      text.heading(2, .text("\(title) ("), .code(method.id), ")")
    } else {
      text.heading(2, .code(method.id))
    }
    writeRegistration(method)
    writeFields("What the person fills in", method.ask)
    writeFields("What the caller may say to the browser", method.hints)
    text.heading(3, "What happens")
    let stages = StageLines(method)
    text.steps(stages.lines)
    if !stages.beside.isEmpty {
      text.paragraph("Beside these:")
      text.list(stages.beside)
    }
    writeScopes(method)
    let deviations = Deviations(method).lines
    if !deviations.isEmpty {
      text.heading(3, "What differs from the RFCs")
      text.list(deviations)
    }
  }

  private mutating func writeRegistration(_ method: Method) {
    guard !method.setup.isEmpty || method.leaves else { return }
    text.heading(3, "What to register")
    if let apps = entry.links.first(where: { $0.name == "apps" }) {
      text.paragraph("Register an application at ", .link(apps.url, to: apps.url), ".")
    }
    if method.leaves {
      text.paragraph(
        "Callback URL: the ", .code("redirectURI"),
        " that your program passes, byte for byte; from a terminal ",
        .code("http://127.0.0.1:PORT/callback"), "; with the server ",
        .code("<public-url>/oauth/callback/<integration>"), ".")
    }
    table(method.setup)
  }

  private mutating func writeFields(_ title: String, _ fields: [Field]) {
    guard !fields.isEmpty else { return }
    text.heading(3, .text(title))
    table(fields)
  }

  private mutating func table(_ fields: [Field]) {
    text.table(
      ["field", "what it is", "type", "more"],
      fields.map { field in
        [
          [.code(field.name)], [.text(field.title ?? field.name)], Self.type(of: field),
          Self.about(field),
        ]
      })
  }

  private static func type(of field: Field) -> [PageText.Inline] {
    let name = (field.isList ? "list of " : "") + field.type.rawValue
    return [.text(name + (field.isOptional || field.standard != nil ? ", may be left empty" : ""))]
  }

  private static func about(_ field: Field) -> [PageText.Inline] {
    var line: [PageText.Inline] = []
    func add(_ more: PageText.Inline...) { line += (line.isEmpty ? [] : [" "]) + more }
    if let help = field.help { add(.text(help.hasSuffix(".") ? help : help + ".")) }
    if let example = field.example { add("Such as ", .code(example), ".") }
    for (index, choice) in field.choices.enumerated() {
      add(index == 0 ? "One of " : "or ", .code(choice.value))
      if let title = choice.title { line.append(.text(" (\(title))")) }
      line.append(.text(index + 1 == field.choices.count ? "." : ","))
    }
    if let pattern = field.pattern { add("Has to match ", .code(pattern.text), ".") }
    if !field.under.isEmpty { add("Under ", .code(field.under.joined(separator: ", ")), ".") }
    if let condition = field.condition { add("Asked where ", .code("\(condition)"), ".") }
    if let link = field.link { add(.link("Find it here", to: link), ".") }
    if field.isOnce { add("Used once, and not kept.") }
    return line
  }

  private mutating func writeScopes(_ method: Method) {
    let scopes = method.scopes
    guard !scopes.known.isEmpty else { return }
    text.heading(3, "Scopes")
    if !scopes.required.isEmpty {
      text.paragraph("Always asked for: ", .code(scopes.required.joined(separator: " ")))
    }
    if !scopes.defaults.isEmpty {
      text.paragraph(
        "Asked for where nobody chooses: ", .code(scopes.defaults.joined(separator: " ")))
    }
    let words = Dictionary(entry.scopes.map { ($0.name, $0.text) }, uniquingKeysWith: { $1 })
    text.table(
      ["scope", "allows"], scopes.known.map { [[.code($0)], [.text(words[$0] ?? "")]] })
  }
}
