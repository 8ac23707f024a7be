import KeywrightDefinition

/// Where the texts of other specs come from, by id; nil where there is none.
typealias SpecLoader = (String) -> SourceText?

/// Puts a spec over the one that it extends, and that over its own base.
///
/// Maps merge, lists of steps merge by `id`, `scopes` and all else is replaced, `$<none>` takes away. What names the
/// base itself is not inherited.
func extend(
  _ root: Node, id: String, loading load: SpecLoader, into bag: inout DiagnosticBag
) -> Node? {
  extend(root, ids: [id], loading: load, into: &bag)
}

private func extend(
  _ root: Node, ids: [String], loading load: SpecLoader, into bag: inout DiagnosticBag
) -> Node? {
  guard let written = root["extends"] else { return root }
  guard let id = written.text, root.isMap else { return root }
  if ids.contains(id) {
    bag.add(
      "'\(id)' extends this spec in turn: \((ids + [id]).joined(separator: " → "))",
      code: "extends-cycle", at: written.place)
    return nil
  }
  guard let source = load(id) else {
    bag.add(
      "there is no spec '\(id)' in this folder or in the catalogue", code: "extends-unknown",
      at: written.place)
    return nil
  }
  let count = bag.diagnostics.count
  let numbered = bag.include(source)
  scanBytes(of: numbered, into: &bag)
  guard bag.diagnostics.count == count, let base = readYAML(numbered, into: &bag),
    let whole = extend(base, ids: ids + [id], loading: load, into: &bag)
  else { return nil }
  var merging = Merging(bag: bag)
  let merged = merging.merge(whole.withoutOwnKeys, root.without(["extends"]), key: nil)
  bag = merging.bag
  return bag.diagnostics.count == count ? merged : nil
}

extension Node {
  /// What others inherit: not what names the spec itself.
  fileprivate var withoutOwnKeys: Node {
    var result = without(["name", "swift", "replaces", "notes", "extends"])
    if let auth = result["auth"] {
      let methods = auth.members.map { method in
        Member(method.key, at: method.keyPlace, method.value.without(["nango"]))
      }
      result = result.setting("auth", Node(.map(methods), at: auth.place))
    }
    return result
  }

  /// The map without some keys.
  func without(_ keys: Set<String>) -> Node {
    guard isMap else { return self }
    return Node(.map(members.filter { !keys.contains($0.key) }), at: place)
  }

  /// An `api`, without the reason why its base may be `http` where another base takes its place.
  func withoutReason(ofBaseIn over: Node) -> Node {
    over.has("base") && !over.has("unsafe") && has("unsafe") ? without(["unsafe"]) : self
  }

  /// Whether a map is a request of its own.
  var namesVerb: Bool { Request.Verb.allCases.contains { self[$0.rawValue] != nil } }
}

/// Puts one tree over another.
struct Merging {
  var bag: DiagnosticBag

  /// Maps of parameters: there `$<none>` also takes away a line of the preset, so it stays until lowering.
  private static let parameterMaps: Set<String> = [
    "authorization_parameters", "token_parameters", "exchange_parameters", "refresh_parameters",
    "token_headers", "response", "query", "headers", "form", "json", "xml", "cookies", "take",
  ]

  private static let stepLists: Set<String> = ["authorize", "exchange", "renew", "revoke"]

  /// Puts `over` over `base`, both of which stand after `key`.
  mutating func merge(_ base: Node, _ over: Node, key: String?) -> Node {
    if let key, Self.stepLists.contains(key), let merged = mergeSteps(base, over) { return merged }
    guard base.isMap, over.isMap, key != "scopes", !(over.namesVerb && key != nil) else {
      return over
    }
    var members = (key == "api" ? base.withoutReason(ofBaseIn: over) : base).members
    for member in over.members {
      let index = members.firstIndex { $0.key == member.key }
      if member.value.isRemoval, !(key.map(Self.parameterMaps.contains) ?? false) {
        guard let index else {
          bag.add(
            "'$<none>' takes away what was inherited, and there is no '\(member.key)'",
            code: "nothing-removed", at: member.value.place)
          continue
        }
        members.remove(at: index)
      } else if let index {
        let value = merge(members[index].value, member.value, key: member.key)
        members[index] = Node.Member(member.key, at: member.keyPlace, value)
      } else {
        members.append(member)
      }
    }
    return Node(.map(members), at: over.place)
  }

  /// Steps with an id of the base merge in its place, the others follow; nil where no id is shared.
  private mutating func mergeSteps(_ base: Node, _ over: Node) -> Node? {
    guard let old = base.elements, let new = over.elements else { return nil }
    let shared = new.compactMap { $0["id"]?.text }.filter { id in
      old.contains { $0["id"]?.text == id }
    }
    if shared.isEmpty { return nil }
    var steps = old
    for step in new {
      if let id = step["id"]?.text, let index = steps.firstIndex(where: { $0["id"]?.text == id }) {
        steps[index] = merge(steps[index], step, key: nil)
      } else {
        steps.append(step)
      }
    }
    return Node(.list(steps), at: over.place)
  }
}
