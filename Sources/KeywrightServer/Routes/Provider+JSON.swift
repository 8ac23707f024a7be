internal import KeywrightDefinition

extension Catalogue.Entry {
  /// A provider as the interface shows it: what can be configured, asked for and read.
  func providerJSON(isWhole: Bool) -> JSON {
    let first = definition.methods.first
    var members: [JSON.Member] = [
      .init("name", .string(definition.id)),
      .init("display_name", .string(definition.name)),
      .init("categories", .texts(categories)),
      .init("auth_mode", .optional(first?.authMode)),
      .init("docs", .optional(links.first { $0.name == "docs" }?.url)),
      .init("methods", .array(definition.methods.map { $0.methodJSON(isWhole: isWhole) })),
    ]
    if isWhole {
      members += [
        .init("links", .object(links.map { .init($0.name, .string($0.url)) })),
        .init("notes", .texts(notes)),
        .init("scopes", .object(scopes.map { .init($0.name, .string($0.text)) })),
      ]
    }
    return .object(members)
  }
}

extension Method {
  fileprivate func methodJSON(isWhole: Bool) -> JSON {
    var members: [JSON.Member] = [
      .init("id", .string(id)), .init("title", .optional(title)),
      .init("auth_mode", .string(authMode)),
    ]
    if isWhole {
      members += [
        .init("setup", .array(setup.filter { !$0.isGenerated }.map(\.formJSON))),
        .init("ask", .array(ask.filter { !$0.isGenerated }.map(\.formJSON))),
        .init("authorization_params", .array(hints.map(\.formJSON))),
        .init("scopes", .texts(scopes.known)),
        .init("required_scopes", .texts(scopes.required)),
        .init("default_scopes", .texts(scopes.defaults)),
      ]
    }
    return .object(members)
  }
}

extension Field {
  /// A field of a form.
  fileprivate var formJSON: JSON {
    .object([
      .init("name", .string(name)),
      .init("title", .string(title ?? name)),
      .init("type", .string((isList ? "list of " : "") + type.rawValue)),
      .init("help", .optional(help)), .init("example", .optional(example)),
      .init("link", .optional(link)), .init("pattern", .optional(pattern?.text)),
      .init("secret", .boolean(isSecret)),
      .init("optional", .boolean(isOptional || standard != nil || condition != nil)),
      .init("choices", .texts(choices.map(\.value))),
    ])
  }
}
