internal import KeywrightDefinition

extension OpenAPI {
  /// What several operations take or give, by name.
  static var schemas: [(name: String, schema: Schema)] {
    [
      ("Error", error), ("Success", success), ("Connected", connected),
      ("Provider", .object(providerMembers(.reference("Method")), isOpen: false)),
      ("WholeProvider", wholeProvider), ("Method", .object(methodMembers)),
      ("WholeMethod", wholeMethod), ("FormField", formField), ("Integration", integration),
      ("Connection", .object(connectionMembers + wholeConnectionMembers)),
      ("ListedConnection", .object(connectionMembers + [configuration])),
      ("Credentials", credentials), ("EndUser", endUser), ("Tags", tags),
      ("ConnectToken", connectToken), ("ConnectSession", connectSession),
      ("Attempt", .object(attemptMembers)),
      ("WholeAttempt", .object(attemptMembers + [.required("stages", .array(of: stage))])),
      ("Environment", environment), ("SecretKey", .object(secretKeyMembers)),
      (
        "NewSecretKey",
        .object(
          secretKeyMembers + [
            .required("secret_key", .text().described("Shown now, and never again."))
          ])
      ),
      ("AdminToken", .object([.required("token", .text(pattern: "^kw_admin_"))])),
      ("Health", .object([.required("result", .choice(["ok"]))])),
    ]
  }

  private static var error: Schema {
    let detail = Schema.object([
      .required("code", .text()), .required("message", .text()),
      .required("path", .array(of: .text()).described("Where in the input, outermost first.")),
    ])
    return .object([
      .required(
        "error",
        .object([
          .required("code", .text().described("Stable, and safe to branch on.")),
          .required("message", .text().described("What was found, what is wanted and what to do.")),
          .optional("errors", .array(of: detail)),
          .optional("payload", .object([], isOpen: true)),
        ]))
    ])
  }

  private static var success: Schema { .object([.required("success", .truth)]) }

  private static var connected: Schema {
    .object([.required("providerConfigKey", .text()), .required("connectionId", .text())])
  }

  // MARK: Providers

  private static let modes = [
    "OAUTH2", "OAUTH2_CC", "API_KEY", "BASIC", "TWO_STEP", "CUSTOM", "NONE",
  ]

  private static func providerMembers(_ method: Schema) -> [Property] {
    [
      .required("name", .text()), .required("display_name", .text()),
      .required("categories", .array(of: .text())), .required("auth_mode", .text().orNull),
      .required("docs", .text(format: "uri").orNull), .required("methods", .array(of: method)),
    ]
  }

  private static var wholeProvider: Schema {
    .object(
      providerMembers(.reference("WholeMethod")) + [
        .required("links", .map(of: .text(format: "uri"))),
        .required("notes", .array(of: .text())), .required("scopes", .map(of: .text())),
      ])
  }

  private static var methodMembers: [Property] {
    [
      .required("id", .text()), .required("title", .text().orNull),
      .required("auth_mode", .choice(modes)),
    ]
  }

  private static var wholeMethod: Schema {
    let fields = Schema.array(of: .reference("FormField"))
    let scopes = Schema.array(of: .text())
    return .object(
      methodMembers + [
        .required("setup", fields.described("What an integration is set up with.")),
        .required("ask", fields.described("What whoever connects fills in.")),
        .required("authorization_params", fields), .required("scopes", scopes),
        .required("required_scopes", scopes), .required("default_scopes", scopes),
      ])
  }

  private static var formField: Schema {
    .object([
      .required("name", .text()), .required("title", .text()), .required("type", .text()),
      .required("help", .text().orNull), .required("example", .text().orNull),
      .required("link", .text().orNull), .required("pattern", .text().orNull),
      .required("secret", .truth), .required("optional", .truth),
      .required("choices", .array(of: .text())),
    ])
  }

  // MARK: Integrations

  /// What an integration is named by.
  static var integrationKey: Schema {
    .text(atLeast: 1, atMost: 255, pattern: "^[A-Za-z0-9._~-]+$").without([".", ".."])
  }

  private static var integration: Schema {
    let setup = Schema.object([.required("type", .choice(modes))], isOpen: true)
    return .object([
      .required("unique_key", integrationKey), .required("display_name", .text()),
      .required("provider", .text()), .required("method", .text()),
      .required("auth_mode", .choice(modes)), .required("scopes", .array(of: .text())),
      .required(
        "callback_url", .text(format: "uri").orNull.described("What is registered at the provider.")
      ),
      .required("missing_credentials", .array(of: .text())),
      .required(
        "connection_config",
        .map(of: .text()).described(
          "What no connection is asked for, since the integration says it.")),
      .required("created_at", .time),
      .required("updated_at", .time),
      .optional("credentials", setup.described("There where 'include' asks for it.")),
    ])
  }

  // MARK: Connections

  /// What a connection is named by.
  static var connectionID: Schema {
    .text(
      atLeast: 1, atMost: 255,
      pattern: #"^[^:\u0000-\u001f\u007f-\u009f\u2028\u2029]+$"#
    ).described("1 to 255 bytes, without ':' and control characters.")
  }

  private static var configuration: Property {
    .required("connection_config", .map(of: .text()))
  }

  private static var connectionMembers: [Property] {
    let failure = Schema.object([
      .required("type", .choice(["auth"])),
      .required("log_id", .text().orNull.described("The entry of Activity that tells of it.")),
    ])
    return [
      .required("id", .integer(in: 1...Int64.max)), .required("connection_id", .text()),
      .required("provider_config_key", integrationKey), .required("provider", .text()),
      .required("state", .choice(["ok", "broken"])),
      .required(
        "reason",
        .object([.required("code", .text().orNull), .required("message", .text().orNull)]).orNull),
      .required("errors", .array(of: failure)),
      .required(
        "account",
        .object([
          .required("id", .text()), .required("name", .text().orNull),
          .required("email", .text().orNull),
        ]).orNull.described("Whose it is at the provider, where that tells.")),
      .required("end_user", .reference("EndUser").orNull), .required("tags", .reference("Tags")),
      .required("metadata", .object([], isOpen: true)), .required("created", .time),
      .required("created_at", .time), .required("updated_at", .time),
    ]
  }

  private static var wholeConnectionMembers: [Property] {
    let scopes = Schema.array(of: .text())
    return [
      configuration,
      .required(
        "scopes", .object([.required("granted", scopes), .required("missing", scopes)])),
      .required("last_fetched_at", .time.orNull),
      .required("credentials", .reference("Credentials")),
    ]
  }

  private static var credentials: Schema {
    .object(
      [
        .optional("type", .choice(modes)), .optional("access_token", .text()),
        .optional("token", .text()), .optional("refresh_token", .text()),
        .optional("apiKey", .text().orNull), .optional("username", .text()),
        .optional("password", .text()), .optional("expires_at", .time),
        .optional("parts", .map(of: .text())), .optional("raw", .map(of: .text())),
        .optional("by_name", .map(of: .object([], isOpen: true))),
      ], isOpen: true
    ).described("What 'type' says that it has; empty where none is shown.")
  }

  private static var endUser: Schema {
    .object(
      [
        .required("id", .text(atLeast: 1)), .optional("email", .text().orNull),
        .optional("display_name", .text().orNull),
      ], isOpen: true
    ).described("The user of the integrator's, as its backend knows it.")
  }

  private static var tags: Schema {
    .map(
      of: .text(atLeast: 1, atMost: 255),
      names: .text(pattern: "^[A-Za-z][A-Za-z0-9_./-]{0,63}$"), atMost: 10
    ).described(
      "Short texts by which a backend finds its connections; a value has 255 bytes at most.")
  }

  // MARK: Connect sessions

  private static var connectToken: Schema {
    .object([
      .required("token", .text(pattern: "^nango_connect_session_[0-9a-f]{64}$")),
      .required("connect_link", .text(format: "uri")), .required("expires_at", .time),
    ])
  }

  private static var connectSession: Schema {
    .object(
      sessionMembers + [
        .optional("allowed_integrations", .array(of: .text()).orNull),
        .required("expires_at", .time),
        .required("is_reconnecting", .truth),
      ])
  }

  /// What a backend says about the connection that is to be made.
  static var sessionMembers: [Property] {
    let scopes = Schema.either([.text(), .array(of: .text())])
    let defaults = Schema.object([
      .optional("user_scopes", scopes.orNull),
      .optional("authorization_params", .map(of: .text()).orNull),
      .optional("connection_config", .map(of: .text()).orNull),
    ])
    return [
      .optional("end_user", .reference("EndUser").orNull),
      .optional(
        "organization",
        .object(
          [.required("id", .text(atLeast: 1)), .optional("display_name", .text().orNull)],
          isOpen: true
        ).orNull),
      .optional(
        "integrations_config_defaults",
        .map(of: defaults).orNull.described("By the integration; a browser can't change it.")),
      .optional("overrides", .object([], isOpen: true).orNull),
      .optional("tags", .reference("Tags").orNull),
      .optional("allow_other_account", .truth.orNull),
    ]
  }

  // MARK: Activity

  private static var attemptMembers: [Property] {
    [
      .required("id", .text(format: "uuid")), .required("number", .integer(in: 1...Int64.max)),
      .required("kind", .choice(Attempt.Kind.allCases.map(\.rawValue))),
      .required("state", .choice(Attempt.states)), .required("integration", .text().orNull),
      .required("provider", .text().orNull), .required("connection_id", .text().orNull),
      .required("code", .text().orNull), .required("message", .text().orNull),
      .required("next_step", .text().orNull), .required("started_at", .time),
      .required("ended_at", .time.orNull),
    ]
  }

  private static var stage: Schema {
    .object([
      .required("at_ms", .integer(in: 0...Int64.max)), .required("stage", .text()),
      .optional("step", .text()), .required("message", .text()),
      .optional("took_ms", .integer(in: 0...Int64.max)), .optional("request", .text()),
      .optional("status", .integer(in: 100...999)), .optional("response", .any),
    ])
  }

  // MARK: Administration

  /// What an environment is named by.
  static var environmentName: Schema {
    .text(atLeast: 1, atMost: 64, pattern: "^[A-Za-z0-9_-]+$")
  }

  private static var environment: Schema {
    .object([
      .required("name", environmentName), .required("public_key", .text(pattern: "^kw_pk_")),
      .required("hmac_enabled", .truth), .required("has_hmac_key", .truth),
      .required("callback_url", .text().orNull),
      .required("default_callback_url", .text(format: "uri")),
      .required("retention_days", .integer(in: 1...3_650)), .required("created_at", .time),
    ])
  }

  private static var secretKeyMembers: [Property] {
    [
      .required("id", .text(format: "uuid")), .required("name", .text()),
      .required("prefix", .text()), .required("created_at", .time),
      .required("last_used_at", .time.orNull), .required("revoked", .truth),
    ]
  }
}
