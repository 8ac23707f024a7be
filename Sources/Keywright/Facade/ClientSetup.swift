/// What the integrator fills in, once per integration: an input of each step, never kept with a flow.
public protocol ClientSetup: Sendable {
  /// The values, by the spec's names.
  var setupFields: ProviderFields { get }
}

/// A client that is registered with a provider and holds a secret (RFC 6749 §2.1, "confidential").
public struct OAuthClient: ClientSetup {
  /// The client identifier.
  public let id: String

  /// The client secret.
  public let secret: Secret

  /// Takes what the provider gave at registration.
  public init(id: String, secret: Secret) {
    self.id = id
    self.secret = secret
  }

  /// The client's values, by the names of `oauth2`.
  public var setupFields: ProviderFields { [("client_id", id), ("client_secret", secret)] }
}

/// A client without a secret: PKCE alone shows that it is the one that began (RFC 6749 §2.1, "public").
public struct PublicClient: ClientSetup {
  /// The client identifier.
  public let id: String

  /// Takes what the provider gave at registration.
  public init(id: String) { self.id = id }

  /// The client's values, by the names of `oauth2`.
  public var setupFields: ProviderFields { [("client_id", id)] }
}

/// What the integrator fills in, for a provider that is chosen at run time.
public struct AnyClient: ClientSetup {
  /// The client's values, by the spec's names.
  public let setupFields: ProviderFields

  /// Takes entries by the spec's names; they are checked where they are used.
  public init(_ entries: [String: String]) { setupFields = ProviderFields(entries: entries) }
}

/// Nothing is filled in: for methods that need no client.
public struct NoClient: ClientSetup {
  /// Nothing.
  public init() {}

  /// The client's values, by the names of `oauth2`.
  public var setupFields: ProviderFields { [] }
}
