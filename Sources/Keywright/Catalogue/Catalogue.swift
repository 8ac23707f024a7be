package import KeywrightDefinition

/// Providers that are chosen at run time, by their ids.
///
/// ```swift
/// let catalogue: Catalogue = [Zendesk.self, Slack.self]
/// let all = try Catalogue(reading: Array(FileManager.default.contents(atPath: "catalogue.json")!))
/// ```
public struct Catalogue: Sendable, ExpressibleByArrayLiteral {
  private let definitions: [String: Result<LoadedDefinition, AuthorizationError>]

  /// Providers by their generated types. A definition that can't be read is told where it is asked for.
  public init(arrayLiteral providers: any Provider.Type...) { self.init(providers) }

  /// Providers by their generated types.
  public init(_ providers: [any Provider.Type]) {
    var definitions: [String: Result<LoadedDefinition, AuthorizationError>] = [:]
    for provider in providers {
      let definition = Result { () throws(AuthorizationError) in try provider.definition() }
      let id = (try? definition.get().id) ?? "\(provider)"
      definitions[id] = definition
    }
    self.definitions = definitions
  }

  /// The text that `keywright generate` writes as `catalogue.json`.
  /// - Throws: ``AuthorizationError`` where it is of another version, or no catalogue.
  public init(reading text: [UInt8]) throws(AuthorizationError) {
    do {
      let catalogue = try KeywrightDefinition.Catalogue(reading: text)
      definitions = Dictionary(
        catalogue.entries.map { ($0.definition.id, .success(LoadedDefinition($0.definition))) },
        uniquingKeysWith: { first, _ in first })
    } catch {
      throw AuthorizationError(.incompatible, "the catalogue can't be read: \(error.message)")
    }
  }

  /// A catalogue of providers by their definitions, whose ids are distinct.
  package init(_ providers: [Definition]) {
    definitions = Dictionary(
      providers.map { ($0.id, .success(LoadedDefinition($0))) }, uniquingKeysWith: { $1 })
  }

  /// A catalogue of one provider, by its definition.
  package init(_ definition: Definition) {
    self.init([definition])
  }

  /// The ids of the providers, sorted.
  public var ids: [String] { definitions.keys.sorted() }

  /// A provider.
  /// - Throws: ``AuthorizationError/Code/unknownProvider`` where there is none of that id.
  public func provider(_ id: String) throws(AuthorizationError) -> AnyProvider {
    AnyProvider(try definition(id))
  }

  func definition(_ id: String) throws(AuthorizationError) -> LoadedDefinition {
    guard let definition = definitions[id] else {
      throw AuthorizationError(
        .unknownProvider, "there is no provider '\(id)'" + didYouMean(id, among: definitions.keys))
    }
    return try definition.get()
  }

  /// Opens a flow that was kept, of a provider by its id.
  public func open(
    pending sealed: String, of id: String, with key: SealingKey
  ) throws(AuthorizationError) -> AnyPending {
    try AnyPending(opening: sealed, with: key, of: definition(id))
  }

  /// Opens a connection that was kept, of a provider by its id.
  public func open(
    connection sealed: String, of id: String, with key: SealingKey
  ) throws(AuthorizationError) -> AnyConnection {
    try AnyConnection(opening: sealed, with: key, of: definition(id))
  }
}

/// A provider that is chosen at run time.
public struct AnyProvider: Sendable {
  private let loaded: LoadedDefinition
  private var definition: Definition { loaded.definition }

  /// A provider by its definition, as a compiler gives it.
  package init(_ definition: Definition) { self.init(LoadedDefinition(definition)) }

  init(_ loaded: LoadedDefinition) { self.loaded = loaded }

  /// The id, such as `zendesk`.
  public var id: String { definition.id }

  /// What people call it.
  public var name: String { definition.name }

  /// The ids of its methods; the first is the default.
  public var methods: [String] { definition.methods.map(\.id) }

  /// A method.
  /// - Parameter id: nil is the first one.
  /// - Throws: ``AuthorizationError/Code/incompatible`` where there is none of that id.
  public func method(_ id: String? = nil) throws(AuthorizationError) -> AnyMethod {
    try AnyMethod(loaded, id: id ?? definition.methods.first?.id ?? "")
  }
}

extension AnyProvider: CustomStringConvertible, CustomReflectable {
  /// The provider's name.
  public var description: String { "<provider \(id)>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
