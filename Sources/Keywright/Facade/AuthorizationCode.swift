internal import KeywrightDefinition

/// The authorization code flow of a provider (RFC 6749 §4.1): the person consents in a browser.
///
/// Its parameters are what the compiler knows: the provider, what its integrator fills in, its scopes, its hints.
public struct AuthorizationCode<
  P: Provider, Client: ClientSetup, Scope: ProviderScope, Hints: ProviderHints
>: Sendable {
  private let provider: P
  private let method: String
  private let asked: ProviderFields

  /// For generated files.
  public init(_ provider: P, method: String, asking asked: ProviderFields = []) {
    self.provider = provider
    self.method = method
    self.asked = asked
  }

  /// Begins a flow: gives the URL for the browser, and what is to be kept until it comes back.
  ///
  /// - Parameters:
  ///   - client: what is registered with the provider; needed again to finish, and kept nowhere.
  ///   - scopes: what the person is asked to allow; the spec's required ones are added.
  ///   - hints: what the spec's `hints` name, such as a `login_hint`; it goes to the browser and is not kept.
  ///   - redirectURI: where the browser comes back to, byte for byte as it is registered.
  /// - Throws: ``AuthorizationError`` where a field, a scope or the client does not fit.
  public func begin(
    client: Client, scopes: ScopeChoice<Scope> = .defaults, hints: Hints = Hints(),
    redirectURI: RedirectURI, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> Pending<P> {
    Pending(
      try AnyMethod(P.definition(), id: method).begin(
        provider.keywrightFields.merging(asked), client: client,
        scopes: scopes.scopes?.map(\.text), hints: hints.hintFields, redirectURI: redirectURI,
        in: surroundings))
  }

  /// Begins a flow of a method that asks the provider something before the browser leaves.
  ///
  /// - Parameter transport: what brings those requests to the provider; most methods make none.
  /// - Throws: ``AuthorizationError`` where a field, a scope or the client does not fit, or the provider refuses.
  public func begin(
    client: Client, scopes: ScopeChoice<Scope> = .defaults, hints: Hints = Hints(),
    redirectURI: RedirectURI, over transport: some Transport,
    in surroundings: Surroundings = .system
  ) async throws(AuthorizationError) -> Pending<P> {
    Pending(
      try await AnyMethod(P.definition(), id: method).begin(
        provider.keywrightFields.merging(asked), client: client,
        scopes: scopes.scopes?.map(\.text), hints: hints.hintFields, redirectURI: redirectURI,
        over: transport, in: surroundings))
  }
}

extension AuthorizationCode: CustomStringConvertible, CustomReflectable {
  /// The method's id.
  public var description: String { "<authorization code flow of \(method)>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What the caller may say to the browser, of one method.
public protocol ProviderHints: Sendable {
  /// Nothing is said.
  init()

  /// The hints, by the spec's names.
  var hintFields: ProviderFields { get }
}

/// The hints of a method whose spec names none.
public struct NoHints: ProviderHints {
  /// Nothing is said.
  public init() {}

  /// Nothing.
  public var hintFields: ProviderFields { [] }
}

extension Scopes {
  /// What would be asked for, or why a scope can't be.
  package func checked(_ chosen: [String]?) throws(AuthorizationError) -> [String] {
    try asked(chosen)
  }

  /// What is asked for: the chosen scopes or the defaults, with the required ones first.
  ///
  /// - Source: the scope-token of RFC 6749 §3.3
  func asked(_ chosen: [String]?) throws(AuthorizationError) -> [String] {
    var result: [String] = []
    for scope in required + (chosen ?? defaults) where !result.contains(scope) {
      let isToken =
        !scope.isEmpty && scope.utf8.count <= 1_024
        && scope.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
      guard isToken, !scope.contains(separator) else {
        throw AuthorizationError(
          .invalidScope,
          "a scope has an empty text or a character that no scope may have (RFC 6749 §3.3)")
      }
      result.append(scope)
    }
    return result
  }
}
