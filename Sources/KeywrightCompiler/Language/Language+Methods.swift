extension Language {
  /// A kind with the keys that only it has.
  package struct Preset: Sendable {
    /// The preset's name, as `kind` says it.
    package let kind: String
    /// One sentence for the reference.
    package let meaning: String
    /// The keys that no other kind has.
    package let keys: [Key]
    /// Those keys and the ones that every kind has.
    package let record: Record

    init(kind: String, _ meaning: String, keys: [Key] = []) {
      self.kind = kind
      self.meaning = meaning
      self.keys = keys
      record = Record(keys: Language.methodKeys + keys)
    }
  }

  /// The kinds that this version knows.
  package static let presets: [Preset] = [
    Preset(
      kind: "oauth2", "OAuth 2.0: a person consents, or the client speaks for itself.",
      keys: oauth2Keys),
    Preset(
      kind: "basic", "A user name and a password (RFC 7617).",
      keys: [
        Key("username", .template, "The user name, where it is not the field of that name."),
        Key("password", .template, "The password, where it is not the field of that name."),
      ]),
    Preset(kind: "api_key", "One key, carried as a bearer token where nothing else is said."),
    Preset(kind: "none", "No credential: requests go as they are."),
    Preset(kind: "custom", "Nothing: all is written."),
  ]

  /// The keys of a method of some kind; nil where there is no such kind.
  package static func method(kind: String) -> Record? {
    presets.first { $0.kind == kind }?.record
  }

  /// Kinds that come later.
  package static let laterKinds = ["oauth1", "jwt", "aws_sigv4"]

  private static let stage = Shape.either([
    .record(.step), .list(.either([.word(["preset"]), .record(.step)])),
  ])

  static let renewal = Shape.either([
    .word(["refresh_token", "repeat", "sign", "person"]), .record(.step),
    .list(.either([.text, .record(.step)])),
  ])

  static let refreshTokenWords = Shape.word(["replaced_if_given", "rotates", "kept", "none"])

  static let refreshToken = Shape.either([refreshTokenWords, .record(.refreshToken)])

  /// The keys that every kind has.
  package static let methodKeys: [Key] = [
    Key("kind", .text, "A preset, or `custom`; the method's id where none is written."),
    Key("title", .text, "What people call it, where there are several ways in."),
    Key(
      "nango", .either([.text, .record(.nango), .list(.either([.text, .record(.nango)]))]),
      "The key by which Nango's users know the method."),
    Key("setup", fields, "What the integrator fills in."),
    Key("ask", fields, "What the person fills in."),
    Key("hints", fields, "What the caller may fill in."),
    Key("api", .record(.api), "How requests reach the API."),
    Key("verify", verifications, "Is a credential good?"),
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
        .word(
          ["client_secret_post", "client_secret_basic", "client_secret_basic_raw", "none"],
          later: ["private_key_jwt", "client_secret_jwt", "tls_client_auth"]),
        .record(.carrier), .later("several client authentications"),
      ]), "The carrier that `with: client` means."),
    Key("authorize", stage, "How the person consents."),
    Key("exchange", stage, "Which requests make the credential."),
    Key("renew", renewal, "How the credential is replaced."),
    Key("revoke", stage, "How the credential is ended."),
    Key("accept", .condition, "For every request of the method that has none of its own."),
    Key("error", .record(.error), "For every request of the method, key by key."),
    Key("save", saving, "Values to keep of the answer that makes the preset's credential."),
    Key(
      "credentials", .map(.record(.rule), names: .value),
      "The credentials of a method that has several."),
    Key(
      "sign", .either([.word(["none"]), .record(.carrier)]), "How a request carries the credential."
    ),
    Key(
      "refresh_token", refreshToken,
      "What a new refresh token means for the old one, and how long they work."),
    .later("let", "Values made from filled ones, for every step."),
    .later("tls", "The client certificate of all its requests."),
    .later("deprecated", "What to use instead."),
  ]

  private static let oauth2Keys: [Key] = [
    Key(
      "grant",
      .either([
        .word(
          ["authorization_code", "client_credentials"],
          later: ["password", "device_code", "jwt_bearer", "saml2_bearer", "token_exchange"]),
        .record(.grant),
      ]), "The grant (RFC 6749 §1.3)."),
    Key("client", .word(["setup", "ask"]), "Who holds the client: the integrator, or the person."),
    Key("authorization_endpoint", .template, "Where the person consents (RFC 6749 §3.1)."),
    Key("token_endpoint", .template, "Where tokens are issued (RFC 6749 §3.2)."),
    Key("refresh_endpoint", .template, "Where they are renewed, if that is elsewhere."),
    Key("revocation_endpoint", .template, "Where they are revoked (RFC 7009)."),
    Key(
      "unsafe", .text,
      "Why `http` is allowed in these endpoints; never with an integrator's secret."),
    .later("device_authorization_endpoint", "Where a device begins (RFC 8628)."),
    .later("introspection_endpoint", "Where tokens are looked up (RFC 7662)."),
    .later("pushed_authorization_request_endpoint", "Where requests are pushed (RFC 9126)."),
    .later("registration", "Dynamic client registration (RFC 7591)."),
    .later("discovery", "Where the endpoints are found."),
    Key("issuer", .template, "The authorization server's identifier (RFC 9207)."),
    Key("iss", .word(["required"]), "The answer always names its issuer."),
    Key("pkce", .word(["S256", "plain", "off"]), "The code challenge method (RFC 7636)."),
    Key("authorization_parameters", texts, "Further parameters of the authorization request."),
    Key(
      "token_parameters", .map(.json, names: .free), "Further parameters of exchange and refresh."),
    Key("exchange_parameters", .map(.json, names: .free), "Further parameters of the exchange."),
    Key("refresh_parameters", .map(.json, names: .free), "Further parameters of the refresh."),
    Key("token_headers", headers, "Headers of exchange and refresh."),
    Key("take", taking, "What else may come back: name and type."),
    Key(
      "state_in", .either([.text]), "The parameter that carries the state, where it is not `state`."
    ),
    Key("answer", .word(["form_post"]), "The browser brings the answer as a form."),
    Key(
      "token_body", .word(["form", "json", "query"]), "How parameters go to the token endpoint."),
    Key("token_format", .word(["json", "form"]), "How the token endpoint answers."),
    Key(
      "token_type", .either([.text, .list(.text)]), "The token types that an answer may name."),
    Key("response", texts, "Parts of the credential that stand elsewhere in the answer."),
    .later("assertion", "What an assertion grant sends."),
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

  /// Words that stand where a step's id could, and a credential's name.
  static let reservedIDs: Set<String> = [
    "preset", "repeat", "person", "sign", "refresh_token", "client", "credential", "nobody", "none",
  ]
}
