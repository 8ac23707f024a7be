package import KeywrightDefinition
internal import Synchronization

/// A definition with what is made of it once: its digest, and an engine for each method.
final class LoadedDefinition: Sendable {
  let definition: Definition
  private let engines: [String: Engine]

  var id: String { definition.id }
  let digest: String

  init(_ definition: Definition) {
    self.definition = definition
    let digest = definition.digest
    self.digest = digest
    engines = Dictionary(
      definition.methods.map { ($0.id, Engine(definition, $0, digest: digest)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The engine of a method.
  /// - Throws: where the definition has no such method.
  func engine(_ method: String) throws(AuthorizationError) -> Engine {
    guard let engine = engines[method] else {
      throw AuthorizationError(.incompatible, "'\(id)' has no method '\(method)'")
    }
    return engine
  }
}

/// The definitions of generated types, each read once in a process.
enum LoadedDefinitions {
  private static let known = Mutex<[ObjectIdentifier: LoadedDefinition]>([:])

  static func definition(
    of provider: any Provider.Type
  ) throws(AuthorizationError) -> LoadedDefinition {
    let type = ObjectIdentifier(provider)
    if let loaded = known.withLock({ $0[type] }) { return loaded }
    let bytes = provider.keywrightDefinition.withUTF8Buffer { Array($0) }
    let loaded: LoadedDefinition
    do {
      loaded = LoadedDefinition(try Definition(reading: bytes))
    } catch {
      throw AuthorizationError(.incompatible, "the generated definition can't be read: \(error)")
    }
    known.withLock { $0[type] = loaded }
    return loaded
  }
}

extension Provider {
  /// The definition, read from the generated file.
  static func definition() throws(AuthorizationError) -> LoadedDefinition {
    try LoadedDefinitions.definition(of: Self.self)
  }

  /// What the engine and a simulator run.
  package static func compiledDefinition() throws(AuthorizationError) -> Definition {
    try definition().definition
  }
}
