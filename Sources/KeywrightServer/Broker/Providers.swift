internal import GRDB
internal import Keywright
package import KeywrightDefinition

/// The providers that an installation knows: those that it carries, those of its own specs, and those that only old
/// connections still need.
package struct Providers: Sendable {
  /// What can be connected, by id.
  let entries: [String: KeywrightDefinition.Catalogue.Entry]

  /// The same, as the engine runs it; those of old connections too.
  let running: Keywright.Catalogue

  /// The definition of a provider that runs; nil where there is none.
  let definitions: [String: Definition]

  /// The definitions' digests, by provider.
  let digests: [String: String]

  /// Brings providers together; of two with one id the later one counts.
  package init(_ entries: [KeywrightDefinition.Catalogue.Entry], old: [Definition] = []) {
    self.entries = Dictionary(entries.map { ($0.definition.id, $0) }) { $1 }
    var definitions = Dictionary(old.map { ($0.id, $0) }) { $1 }
    definitions.merge(self.entries.mapValues(\.definition)) { $1 }
    self.definitions = definitions
    digests = definitions.mapValues(\.digest)
    running = Keywright.Catalogue(definitions.values.sorted { $0.id < $1.id })
  }

  /// Brings providers together with those that only connections of a store still need.
  package init(_ entries: [KeywrightDefinition.Catalogue.Entry], keptIn store: Store) async throws {
    let texts = try await store.read { database in
      try String.fetchAll(
        database,
        sql:
          "SELECT text FROM definition WHERE digest IN (SELECT definition FROM connection) ORDER BY digest"
      )
    }
    self.init(entries, old: texts.compactMap { try? Definition(reading: Array($0.utf8)) })
  }

  /// The ids of what can be connected, sorted.
  var ids: [String] { entries.keys.sorted() }

  func entry(_ id: String) throws(APIError) -> KeywrightDefinition.Catalogue.Entry {
    guard let entry = entries[id] else {
      throw APIError(
        404, "unknown_provider", "there is no provider '\(id)'" + didYouMean(id, among: ids))
    }
    return entry
  }

  func method(_ id: String, of provider: String) throws(APIError) -> Method {
    guard let definition = definitions[provider], let method = definition.method(id) else {
      throw APIError(
        400, "unknown_provider",
        "the provider '\(provider)' or its method '\(id)' is no longer known; give its spec with --specs"
      )
    }
    return method
  }
}

extension Method {
  /// What the interface calls such a way of authorizing; the definition itself knows steps alone.
  var authMode: String {
    if leaves { return "OAUTH2" }
    let parts = Set(exchange.flatMap(\.credentials).flatMap(\.parts).map(\.name))
    let isOpen = ask.allSatisfy { !$0.isSecret } && parts.isEmpty
    if isOpen, exchange.allSatisfy({ $0.request == nil }) { return "NONE" }
    if parts.contains("username") || parts.contains("password") { return "BASIC" }
    if exchange.allSatisfy({ $0.request == nil }) {
      return parts.isSubset(of: ["access_token", "api_key"]) ? "API_KEY" : "CUSTOM"
    }
    let asksClient = ask.contains { $0.name == "client_id" }
    return asksClient || ask.isEmpty ? "OAUTH2_CC" : "TWO_STEP"
  }
}
