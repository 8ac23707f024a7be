internal import KeywrightDefinition

/// The scopes of a method as the template `scopes` shows them: those that the spec knows, and room for others.
struct ScopesView {
  let method: Method
  let entry: KeywrightDefinition.Catalogue.Entry?
  /// What is asked for; nil is what the spec says.
  let chosen: [String]?

  /// Nil where nothing can be asked for.
  var shown: Shown? {
    guard method.takesScopes else { return nil }
    let scopes = method.scopes
    let chosen = Set(chosen ?? scopes.defaults)
    let texts = Dictionary((entry?.scopes ?? []).map { ($0.name, $0.text) }) { first, _ in first }
    let known = scopes.required + scopes.known.filter { !scopes.required.contains($0) }
    let others = (self.chosen ?? scopes.defaults).filter { !known.contains($0) }
    return [
      "hasKnown": !known.isEmpty, "many": known.count > 8, "others": others.joined(separator: " "),
      "known": known.map { name in
        let isRequired = scopes.required.contains(name)
        return [
          "name": name, "text": texts[name] ?? "", "required": isRequired,
          "chosen": !isRequired && chosen.contains(name),
        ] as Shown
      },
    ]
  }
}

extension Method {
  /// Whether scopes can be asked for.
  var takesScopes: Bool { leaves || scopes != .none }

  /// What a form chose; nil where that is what the spec says, or nothing can be chosen.
  func chosenScopes(_ form: Form) -> [String]? {
    guard takesScopes else { return nil }
    let others = (form.text("scopes") ?? "").split { $0 == " " || $0 == "," || $0.isNewline }
    var chosen: [String] = []
    for scope in form.all("scope") + others.map(String.init)
    where !chosen.contains(scope) && !scopes.required.contains(scope) { chosen.append(scope) }
    return Set(chosen) == Set(scopes.defaults).subtracting(scopes.required) ? nil : chosen
  }
}
