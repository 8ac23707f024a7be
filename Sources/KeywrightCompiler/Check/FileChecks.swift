import KeywrightDefinition

/// What the file says of the provider itself: categories, former ids.
func checkFile(_ spec: Spec, in context: CompilerContext, into bag: inout DiagnosticBag) {
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
  checkNango(spec, into: &bag)
}

/// Field names from Nango lead to fields of the method.
private func checkNango(_ spec: Spec, into bag: inout DiagnosticBag) {
  for method in spec.methods {
    guard let nango = method.value["nango"] else { continue }
    let entries = nango.elements ?? [nango]
    let known =
      ["setup", "ask"].flatMap { key in
        (spec.root[key]?.members ?? []) + (method.value[key]?.members ?? [])
      }.map(\.key) + presetFields(of: method)
    for entry in entries {
      let set = (entry["set"]?.members ?? []).map { ($0.key, $0.keyPlace) }
      let ours = (entry["fields"]?.members ?? []).map { ($0.value.text ?? "", $0.value.place) }
      for (name, place) in set + ours where !known.contains(name) {
        let near = nearest(to: name, among: known)
        bag.add(
          "the method '\(method.key)' has no field '\(name)'"
            + (near.map { "; did you mean '\($0)'?" } ?? ""), code: "unknown-name", at: place,
          fix: near)
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
