package import KeywrightDefinition

extension Catalogue.Entry {
  /// What a compiled spec says of itself.
  package init(_ provider: CompiledProvider) {
    let root = provider.spec.root
    self.init(
      definition: provider.definition,
      categories: (root["categories"]?.elements ?? []).compactMap(\.text).sorted(),
      links: (root["links"]?.members ?? [])
        .map { Link(name: $0.key, url: $0.value.text ?? "") }.sorted { $0.name < $1.name },
      notes: (root["notes"]?.elements ?? []).compactMap(\.text),
      scopes: provider.scopes
        .compactMap { scope in
          scope.description.map { Described(name: scope.name, text: $0) }
        }.sorted { $0.name < $1.name })
  }
}
