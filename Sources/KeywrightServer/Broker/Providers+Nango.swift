internal import KeywrightDefinition

extension Providers {
  typealias NangoKey = KeywrightDefinition.Catalogue.Entry.NangoKey

  /// What somebody names who wants to set up an integration: a provider by its id, or else a method by the key by which
  /// Nango's users know it.
  func chosen(
    _ name: String
  ) throws(APIError) -> (entry: KeywrightDefinition.Catalogue.Entry, key: NangoKey?) {
    if let entry = entries[name] { return (entry, nil) }
    let found = ids.compactMap { entries[$0] }.flatMap { entry in
      entry.nango.filter { $0.key == name }.map { (entry: entry, key: $0) }
    }
    guard found.count <= 1 else {
      let owners = found.map { "'\($0.entry.definition.id)'" }.joined(separator: " and ")
      throw APIError.invalidBody(
        "'\(name)' could be a method of \(owners); name the provider by its id", at: ["provider"])
    }
    guard let found = found.first else {
      let known = ids + entries.values.flatMap { $0.nango.map(\.key) }.sorted()
      throw APIError.invalidBody(
        "there is no provider '\(name)'" + didYouMean(name, among: known), at: ["provider"])
    }
    return (found.entry, found.key)
  }

  /// The keys by which Nango's users know a method.
  func nangoKeys(of method: String, _ provider: String) -> [NangoKey] {
    entries[provider]?.nango.filter { $0.method == method } ?? []
  }
}
