package import KeywrightDefinition

extension Catalogue.Entry {
  /// What a compiled spec says of itself.
  package init(_ provider: CompiledProvider) {
    let root = provider.spec.root
    self.init(
      definition: provider.definition,
      categories: (root["categories"]?.elements ?? []).compactMap(\.text).sorted(),
      links: (root["links"]?.members ?? [])
        .map { Link(name: $0.key, url: $0.value.text ?? "") }.sorted(byName: \.name),
      notes: (root["notes"]?.elements ?? []).compactMap(\.text),
      scopes: provider.scopes
        .compactMap { scope in
          scope.description.map { Described(name: scope.name, text: $0) }
        }.sorted(byName: \.name),
      nango: provider.spec.methods.flatMap { method in
        method.nangoKeys.map { key in
          NangoKey(
            key: key.name.text ?? "", method: method.key, set: Self.texts(key.node["set"]),
            fields: Self.texts(key.node["fields"]))
        }
      }.sorted(byName: \.key))
  }

  private static func texts(_ map: Node?) -> [String: String] {
    Dictionary((map?.members ?? []).map { ($0.key, $0.value.text ?? "") }) { one, _ in one }
  }
}

extension Node.Member {
  /// The keys by which Nango's users know a method: each as it was written, and what stands with it.
  var nangoKeys: [(name: Node, node: Node)] {
    guard let nango = value["nango"] else { return [] }
    return (nango.elements ?? [nango]).map { (name: $0["key"] ?? $0, node: $0) }
  }
}

extension Array {
  /// The elements by their names. Most specs have them in that order already.
  fileprivate func sorted(byName name: (Element) -> String) -> [Element] {
    let isSorted = zip(self, dropFirst()).allSatisfy { name($0) <= name($1) }
    return isSorted ? self : sorted { name($0) < name($1) }
  }
}
