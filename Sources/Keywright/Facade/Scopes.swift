/// What a person can be asked to allow, of one provider.
public protocol ProviderScope: Sendable, Hashable {
  /// The scope as the provider writes it.
  var text: String { get }

  /// A scope by its text.
  init(_ text: String)
}

/// Written here once: the compiler would derive them for each of a thousand providers.
extension ProviderScope {
  /// Whether both are the same text.
  public static func == (one: Self, other: Self) -> Bool { one.text == other.text }

  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// A scope of a provider whose spec names none.
public struct AnyScope: ProviderScope {
  /// The scope as the provider writes it.
  public let text: String

  /// A scope by its text.
  public init(_ text: String) { self.text = text }
}

/// The scopes that one authorization asks for: a list, or what the spec says where nobody chooses.
///
/// Those that the spec requires are always added.
public struct ScopeChoice<Scope: ProviderScope>: Sendable, Hashable, ExpressibleByArrayLiteral {
  /// Nil where nobody chose.
  let scopes: [Scope]?

  /// What the spec says where nobody chooses.
  public static var defaults: Self { Self(scopes: nil) }

  /// A list of scopes.
  public init(_ scopes: [Scope]) { self.init(scopes: scopes) }

  /// A list of scopes.
  public init(arrayLiteral scopes: Scope...) { self.init(scopes: scopes) }

  private init(scopes: [Scope]?) { self.scopes = scopes }
}
