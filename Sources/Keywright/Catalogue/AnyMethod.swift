internal import KeywrightDefinition

/// A way to connect to a provider that is chosen at run time. The generated methods are typed views of one.
public struct AnyMethod: Sendable {
  let engine: Engine

  init(_ definition: LoadedDefinition, id: String) throws(AuthorizationError) {
    engine = try definition.engine(id)
  }

  /// The method's id, such as `oauth`.
  public var id: String { engine.method.id }

  /// What people call it; nil where the provider has one way in.
  public var title: String? { engine.method.title }

  /// Whether a person consents in a browser: then it is begun and finished, else it connects at once.
  public var needsBrowser: Bool { engine.method.leaves }

  /// What the integrator fills in, once per integration.
  public var setup: [FormField] {
    engine.method.setup.filter { !$0.isGenerated }.map(FormField.init)
  }

  /// What the person fills in, once per connection.
  public var ask: [FormField] { engine.method.ask.filter { !$0.isGenerated }.map(FormField.init) }

  /// What the caller may say to the browser.
  public var hints: [FormField] { engine.method.hints.map(FormField.init) }

  /// The scopes that the spec names; others may be asked for too.
  public var scopes: [String] { engine.method.scopes.known }

  /// Begins a flow: gives the URL for the browser, and what is to be kept until it comes back.
  ///
  /// - Parameters:
  ///   - asked: what the person filled in.
  ///   - client: what is registered with the provider; needed again to finish, and kept nowhere.
  ///   - scopes: what the person is asked to allow; nil is what the spec says. Its required ones are added.
  ///   - hints: what the spec's `hints` name; it goes to the browser and is not kept.
  ///   - redirectURI: where the browser comes back to, byte for byte as it is registered.
  /// - Throws: ``AuthorizationError`` where a field, a scope or the client does not fit.
  public func begin(
    _ asked: ProviderFields = [], client: some ClientSetup, scopes: [String]? = nil,
    hints: ProviderFields = [], redirectURI: RedirectURI, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> AnyPending {
    let setup = try Setup(client, for: engine.method)
    let state = try beginning(asked, scopes, hints, redirectURI, surroundings)
    let (next, effect) = engine.advance(state, .begin, setup: setup, in: surroundings)
    switch effect {
    case .redirect(let url): return AnyPending(engine: engine, state: next, url: url)
    case .failed(let error), .denied(let error): throw error
    case .request:
      throw AuthorizationError(
        .incompatible,
        "this method asks the provider before the browser leaves: begin it over a transport")
    case .done:
      throw AuthorizationError(.incompatible, "this method does not begin with the browser")
    }
  }

  /// Begins a flow of a method that may ask the provider something before the browser leaves.
  ///
  /// - Parameter transport: what brings those requests to the provider; most methods make none.
  /// - Throws: ``AuthorizationError`` where a field, a scope or the client does not fit, or the provider refuses.
  public func begin(
    _ asked: ProviderFields = [], client: some ClientSetup, scopes: [String]? = nil,
    hints: ProviderFields = [], redirectURI: RedirectURI, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> AnyPending {
    let runner = Runner(
      engine: engine, setup: try Setup(client, for: engine.method), surroundings: surroundings)
    let state = try beginning(asked, scopes, hints, redirectURI, surroundings)
    let (next, url) = try await runner.go(state, .begin, over: transport)
    guard let url else {
      throw AuthorizationError(.incompatible, "this method does not begin with the browser")
    }
    return AnyPending(engine: engine, state: next, url: url)
  }

  private func beginning(
    _ asked: ProviderFields, _ scopes: [String]?, _ hints: ProviderFields,
    _ redirectURI: RedirectURI, _ surroundings: Surroundings
  ) throws(AuthorizationError) -> FlowState {
    let method = engine.method
    return FlowState(
      connectingBy: engine, fields: try method.filled(asked),
      scopes: try method.scopes.asked(scopes), hints: try method.hinted(hints),
      redirectURI: redirectURI.text, at: surroundings.now())
  }

  /// Connects: makes the credential, and asks the provider whether it is good and whose it is.
  /// - Throws: ``AuthorizationError`` where a field does not fit, or the provider refuses.
  public func connect(
    _ asked: ProviderFields = [], client: some ClientSetup = NoClient(),
    over transport: some Transport, in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> AnyConnection {
    guard !needsBrowser else {
      throw AuthorizationError(
        .incompatible, "'\(id)' begins with the browser: begin it, and finish it")
    }
    let state = FlowState(
      connectingBy: engine, fields: try engine.method.filled(asked), at: surroundings.now())
    let runner = Runner(
      engine: engine, setup: try Setup(client, for: engine.method), surroundings: surroundings)
    let end = try await runner.run(state, .begin, over: transport)
    return AnyConnection(AnyConnectionRecord(end, of: engine.method), of: engine)
  }
}

extension AnyMethod: CustomStringConvertible, CustomReflectable {
  /// The method's id.
  public var description: String { "<method \(id)>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A field of a form, as the spec describes it.
public struct FormField: Sendable, Hashable {
  /// The field's name, by which its entry is passed.
  public let name: String
  /// What a form calls it.
  public let title: String
  /// One sentence on where to find it.
  public let help: String?
  /// An entry that fits.
  public let example: String?
  /// The type's name in the spec language, such as `host_label`.
  public let type: String
  /// Whether its entry is never shown.
  public let isSecret: Bool
  /// Whether it may be left empty.
  public let isOptional: Bool
  /// What can be chosen, where that is a closed set.
  public let choices: [String]

  init(_ field: Field) {
    name = field.name
    title = field.title ?? field.name
    help = field.help
    example = field.example
    type = (field.isList ? "list of " : "") + field.type.rawValue
    isSecret = field.isSecret
    isOptional = field.isOptional || field.standard != nil || field.condition != nil
    choices = field.choices.map(\.value)
  }
}
