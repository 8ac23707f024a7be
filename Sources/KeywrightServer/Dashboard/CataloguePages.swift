internal import Hummingbird
internal import KeywrightDefinition

/// Which API: the catalogue, and what a new integration of one is made of.
struct CataloguePages {
  func add(to routes: DashboardRoutes, _ router: RouterGroup<ServerContext>) {
    routes.page(router, "new") { visit in try choice(visit) }
    routes.page(router, "new/{provider}") { visit in
      try form(visit, method: visit.request.query.value("method"), filled: nil, problem: nil)
    }
    routes.change(router, "new/{provider}", isPage: true) { visit, form in
      try await create(visit, form)
    }
  }

  /// How many are shown at once: whoever wants another one types a letter more.
  private static let limit = 120

  private func choice(_ visit: Visit) throws -> Response {
    let providers = visit.broker.providers
    let query = try visit.request.query
    let (text, category) = (try query.words("search"), try query.value("category"))
    let entries = providers.ids.compactMap { providers.entries[$0] }
    let found = entries.filter { entry in
      entry.matches(text) && (category.map(entry.categories.contains) ?? true)
    }
    let all = Set(entries.flatMap(\.categories)).sorted()
    return visit.view(
      "new", .integrations, title: "Which API?",
      facts([
        "search": text, "count": Wording.count(found.count, "API", "APIs"),
        "categories": all.map { ["name": $0, "selected": $0 == category] as Shown },
        "items": found.prefix(Self.limit).map { entry in
          [
            "name": entry.definition.name,
            "link": "\(visit.home)/new/\(Visit.part(entry.definition.id))",
            "modes": entry.modes.joined(separator: ", "),
            "categories": entry.categories.joined(separator: ", "),
          ] as Shown
        },
      ])
    ).response
  }

  private func form(
    _ visit: Visit, method id: String?, filled: Form?, problem: APIError?
  ) throws -> Response {
    let broker = visit.broker
    let entry = try broker.providers.entry(visit.parameter("provider"))
    let definition = entry.definition
    guard let method = id.map({ definition.method($0) }) ?? definition.methods.first else {
      throw APIError.notFound("unknown_method", "'\(definition.id)' has no method '\(id ?? "")'")
    }
    let key = filled?.text("unique_key") ?? definition.id
    let isOwnCallback = visit.environment.callbackURL != nil
    let address = "\(visit.home)/new/\(Visit.part(definition.id))"
    let fields = method.setup.filter { !$0.isGenerated }
    var view = visit.view(
      "create", .integrations, title: definition.name,
      facts([
        "provider": definition.name, "key": key, "method": method.id,
        "hasMethods": definition.methods.count > 1,
        "methods": definition.methods.map { one in
          [
            "link": "\(address)?method=\(Visit.part(one.id))", "current": one.id == method.id,
            "title": one.title ?? Wording.mode(one.authMode),
          ] as Shown
        },
        "callback": method.leaves
          ? visit.environment.callbackURL ?? broker.publicURL.callback(for: key) : nil,
        "callbackStart": method.leaves && !isOwnCallback
          ? broker.publicURL.callback(for: "") : "",
        "appsLink": entry.link("apps"),
        "needsSetup": !fields.isEmpty,
        "fields": fields.map { field in
          FieldView(
            field: field, value: filled?.text("setup." + field.name),
            invalid: problem?.invalid(field.name), prefix: "setup.", isRequired: false
          ).shown
        },
        "scopes": ScopesView(
          method: method, entry: entry, chosen: filled.flatMap { method.chosenScopes($0) ?? [] }
        ).shown,
        "about": entry.about,
      ]), problem: problem?.problem(beside: fields))
    if let problem { view.status = .init(code: problem.status) }
    return view.response
  }

  private func create(_ visit: Visit, _ form: Form) async throws -> Response {
    let provider = try visit.parameter("provider")
    let definition = try visit.broker.providers.entry(provider).definition
    do {
      var wish = Integrations.Wish()
      wish.provider = provider
      wish.method = form.text("method")
      wish.key = form.text("unique_key")
      wish.setup = form.entries("setup.").filter { !$0.value.isEmpty }
      wish.scopes = wish.method.flatMap(definition.method)?.chosenScopes(form)
      let made = try await visit.broker.integrations.create(wish, in: visit.environment)
      return visit.redirect(
        to: "\(visit.home)/integrations/\(Visit.part(made.key))", done: "created")
    } catch let error as APIError {
      return try self.form(visit, method: form.text("method"), filled: form, problem: error)
    }
  }
}

extension APIError {
  /// What is wrong with a value that a form carried.
  func invalid(_ field: String) -> String? {
    details.first { $0.path.last == field }.map { detail in
      // Beside the field its name says nothing.
      let name = "'\(field)': "
      return Page.sentence(
        detail.message.hasPrefix(name)
          ? String(detail.message.dropFirst(name.count)) : detail.message)
    }
  }

  /// What a page says above its form; nil where a field of it says that already.
  func problem(beside fields: [Field]) -> String {
    fields.contains { invalid($0.name) != nil } ? "Look at what is marked below" : message
  }
}

extension KeywrightDefinition.Catalogue.Entry {
  /// Whether a name or a category has all of some words.
  func matches(_ words: String?) -> Bool {
    let text = ([definition.id, definition.name] + categories).joined(separator: " ").asciiLowered
    return (words ?? "").asciiLowered.split(separator: " ").allSatisfy { text.contains($0) }
  }

  /// The ways of authorizing, each once.
  var modes: [String] {
    var modes: [String] = []
    for method in definition.methods {
      let mode = Wording.mode(method.authMode)
      if !modes.contains(mode) { modes.append(mode) }
    }
    return modes
  }

  func link(_ name: String) -> String? { links.first { $0.name == name }?.url }

  /// What people should know: for the template `about`.
  var about: Shown {
    [
      "name": definition.name, "notes": notes, "hasNotes": !notes.isEmpty,
      "links": links.map { ["url": $0.url, "title": Self.title($0.name)] as Shown },
      "hasLinks": !links.isEmpty, "categories": categories,
      "hasCategories": !categories.isEmpty,
    ]
  }

  private static func title(_ link: String) -> String {
    switch link {
    case "docs": "Documentation"
    case "auth": "Authorization"
    case "apps": "Developer portal"
    case "scopes": "Scopes"
    case "status": "Status"
    default: Wording.word(link)
    }
  }
}
