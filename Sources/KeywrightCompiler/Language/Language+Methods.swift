extension Language {
  /// A kind with the keys that only it has.
  package struct Preset: Sendable {
    /// The preset's name, as `kind` says it.
    package let kind: String
    /// The keys that no other kind has.
    package let keys: [Key]
  }

  /// The kinds that this version knows.
  package static let presets: [Preset] = [
    Preset(kind: "oauth2", keys: oauth2Keys),
    Preset(
      kind: "basic",
      keys: [
        Key("username", .template, "The user name, where it is not the field of that name."),
        Key("password", .template, "The password, where it is not the field of that name."),
      ]),
    Preset(kind: "api_key", keys: []),
    Preset(kind: "none", keys: []),
    Preset(kind: "custom", keys: []),
  ]

  /// Kinds that come later.
  package static let laterKinds = ["oauth1", "jwt", "aws_sigv4"]

  private static let fields = Shape.map(.record(.field), names: .value)
  private static let texts = Shape.map(.template, names: .free)
  private static let headers = Shape.map(.template, names: .header)
  private static let stage = Shape.either([.record(.step), .list(.record(.step))])

  /// The keys that every kind has.
  static let methodKeys: [Key] = [
    Key("kind", .text, "A preset, or `custom`; the method's id where none is written."),
    Key("title", .text, "What people call it, where there are several ways in."),
    Key(
      "nango", .either([.text, .record(.nango), .list(.record(.nango))]),
      "The key by which Nango's users know the method."),
    Key("setup", fields, "What the integrator fills in."),
    Key("ask", fields, "What the person fills in."),
    .later("hints", "What the caller may fill in."),
    Key("api", .record(.api), "How requests reach the API."),
    Key(
      "verify", .either([.requestLine, .record(.step), .list(.record(.step))]),
      "Is a credential good?"),
    Key("account", .record(.account), "Whose account a connection is."),
    Key(
      "scopes", .either([.list(.text), .map(.text, names: .free)]),
      "The scopes: a list, or scope and description."),
    Key("scope_separator", .text, "What joins scopes; a space where none is written."),
    Key("required_scopes", .list(.text), "Always asked for."),
    Key("default_scopes", .list(.text), "Asked for where nobody chooses."),
    .later("scope_sets", "Further sets of scopes."),
    Key(
      "client_authentication",
      .either([
        .word(["client_secret_post", "client_secret_basic", "client_secret_basic_raw", "none"]),
        .record(.carrier),
      ]), "The carrier that `with: client` means."),
    Key("authorize", stage, "How the person consents."),
    Key("exchange", stage, "Which requests make the credential."),
    Key("renew", stage, "How the credential is replaced."),
    Key("revoke", stage, "How the credential is ended."),
    .later("accept", "For every request of the method that has none of its own."),
    .later("error", "For every request of the method that has none of its own."),
    .later("credentials", "The credentials of a method that has several."),
    Key(
      "sign", .either([.word(["none"]), .record(.carrier)]), "How a request carries the credential."
    ),
    Key(
      "refresh_token", .word(["replaced_if_given", "rotates", "kept", "none"]),
      "What a new refresh token means for the old one."),
    .later("tls", "The client certificate of all its requests."),
    .later("deprecated", "What to use instead."),
  ]

  private static let oauth2Keys: [Key] = [
    Key("grant", .word(["authorization_code"]), "The grant (RFC 6749 §1.3)."),
    .later("client", "Who holds the client."),
    Key("authorization_endpoint", .template, "Where the person consents (RFC 6749 §3.1)."),
    Key("token_endpoint", .template, "Where tokens are issued (RFC 6749 §3.2)."),
    Key("refresh_endpoint", .template, "Where they are renewed, if that is elsewhere."),
    Key("revocation_endpoint", .template, "Where they are revoked (RFC 7009)."),
    .later("device_authorization_endpoint", "Where a device begins (RFC 8628)."),
    .later("introspection_endpoint", "Where tokens are looked up (RFC 7662)."),
    .later("pushed_authorization_request_endpoint", "Where requests are pushed (RFC 9126)."),
    .later("registration", "Dynamic client registration (RFC 7591)."),
    .later("discovery", "Where the endpoints are found."),
    Key("issuer", .template, "The authorization server's identifier (RFC 9207)."),
    Key("iss", .word(["required"]), "The answer always names its issuer."),
    Key("pkce", .word(["S256", "plain", "off"]), "The code challenge method (RFC 7636)."),
    Key("authorization_parameters", texts, "Further parameters of the authorization request."),
    Key("token_parameters", texts, "Further parameters of exchange and refresh."),
    Key("exchange_parameters", texts, "Further parameters of the exchange."),
    Key("refresh_parameters", texts, "Further parameters of the refresh."),
    Key("token_headers", headers, "Headers of exchange and refresh."),
    Key(
      "take", .map(.either([.text, .record(.taken)]), names: .free),
      "What else may come back: name and type."),
    .later("state_in", "The parameter that carries the state."),
    .later("answer", "How the browser brings the answer."),
    .later("token_body", "How parameters are sent to the token endpoint."),
    Key("token_format", .word(["json", "form"]), "How the token endpoint answers."),
    .later("token_type", "The token types that an answer may name."),
    Key("response", texts, "Parts of the credential that stand elsewhere in the answer."),
    Key("save", .map(.record(.saved), names: .value), "Values of the token answer to keep."),
    .later("id_token", "The checks of an ID token."),
    .later("resource", "The resource that tokens are for (RFC 8707)."),
    .later("dpop", "Tokens bound to a key (RFC 9449)."),
  ]

  /// Names that a spec may read and therefore not declare.
  package static let reservedNames: Set<String> = [
    "scopes", "redirect_uri", "state", "nonce", "pkce", "callback", "status", "body", "header",
    "cookie", "credential", "credentials", "request", "now", "uuid", "random", "item",
    "connection", "integration",
    "or", "and", "not", "else", "true", "false", "none",
  ]
}
