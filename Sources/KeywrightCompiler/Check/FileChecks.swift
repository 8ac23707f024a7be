import KeywrightDefinition

/// What the file says of the provider itself: categories, former ids.
func checkFile(
  _ spec: Spec, _ definition: Definition, in context: CompilerContext,
  into bag: inout DiagnosticBag
) {
  for category in spec.root["categories"]?.elements ?? [] {
    guard let text = category.text, let known = context.categories, !known.contains(text) else {
      continue
    }
    let near = nearest(to: text, among: known)
    bag.add(
      "unknown category '\(text)'"
        + (near.map { "; did you mean '\($0)'?" } ?? "; the list is specs/categories.yaml"),
      code: "unknown-category", at: category.place, fix: near)
  }
  for former in spec.root["replaces"]?.elements ?? [] {
    guard let text = former.text else { continue }
    if text == spec.id {
      bag.add("'\(text)' is this spec's own id", code: "malformed-id", at: former.place)
    } else if !SpecFolder.isID(text) {
      bag.add(
        "'\(text)' is no id; wanted lower-case letters and digits, in words joined by '-', at most 64",
        code: "malformed-id", at: former.place)
    }
  }
  checkNango(spec, definition, into: &bag)
}

/// A key from Nango stands for one method; what it names are fields of it, and what it fills in is fit for them.
private func checkNango(_ spec: Spec, _ definition: Definition, into bag: inout DiagnosticBag) {
  var owners: [String: String] = [:]
  for method in spec.methods {
    let keys = method.nangoKeys
    if keys.isEmpty { continue }
    let known =
      ["setup", "ask"].flatMap { key in
        (spec.root[key]?.members ?? []) + (method.value[key]?.members ?? [])
      }.map(\.key) + presetFields(of: method)
    for (name, node) in keys {
      if let owner = owners.updateValue(method.key, forKey: name.text ?? "") {
        bag.add(
          "'\(name.text ?? "")' stands for the method '\(owner)' already", code: "duplicate-name",
          at: name.place)
      }
      let set = node["set"]?.members ?? []
      let ours = (node["fields"]?.members ?? []).map { ($0.value.text ?? "", $0.value.place) }
      for (name, place) in set.map({ ($0.key, $0.keyPlace) }) + ours where !known.contains(name) {
        let near = nearest(to: name, among: known)
        bag.add(
          "the method '\(method.key)' has no field '\(name)'"
            + (near.map { "; did you mean '\($0)'?" } ?? ""), code: "unknown-name", at: place,
          fix: near)
      }
      if set.isEmpty { continue }
      let fields = definition.method(method.key)?.filled ?? []
      for member in set {
        guard let field = fields.first(where: { $0.name == member.key }) else { continue }
        do throws(FieldFailure) { _ = try field.canonical(member.value.text ?? "") } catch {
          bag.add(
            "this is no value of '\(field.name)': \(error.reason)", code: "default-unfit",
            at: member.value.place)
        }
      }
    }
  }
}

private func presetFields(of method: Node.Member) -> [String] {
  switch method.value["kind"]?.text ?? method.key {
  case "oauth2": ["client_id", "client_secret"]
  case "basic": ["username", "password"]
  case "api_key": ["api_key"]
  default: []
  }
}
