internal import HTTPTypes

extension OpenAPI {
  /// What the person who runs the installation calls.
  static var admin: [Operation] { logIn + environments + keys }

  private static let name = Parameter(
    name: "name", place: .path, summary: "The environment's name.", schema: environmentName)

  // MARK: Log-in

  private static var logIn: [Operation] {
    let token = Answer.json("Somebody is logged in.", .reference("AdminToken"), status: 201)
    return [
      Operation(
        method: .get, path: "/admin/status", id: "getAdminStatus", tag: .admin,
        summary: "Tells whether there is an administrator.",
        answers: [.json("Whether there is one.", .object([.required("is_set_up", .truth)]))]),
      Operation(
        method: .post, path: "/admin/setup", id: "setUpAdmin", tag: .admin,
        summary: "Sets the first password, with the token that the server printed, and logs in.",
        body: Body(
          schema: .object([
            .required("token", .text(atLeast: 1)),
            .required("password", .text(atLeast: 12, atMost: 1_024).described("Counted in bytes.")),
          ])), answers: [token], refusals: [400, 401, 409, 413, 429]),
      Operation(
        method: .post, path: "/admin/session", id: "logIn", tag: .admin, summary: "Logs in.",
        body: Body(schema: .object([.required("password", .text(atLeast: 1))])),
        answers: [token], refusals: [400, 401, 413, 429]),
      Operation(
        method: .delete, path: "/admin/session", id: "logOut", tag: .admin, summary: "Logs out.",
        security: [.adminSession], answers: [.nothing("The token no longer works.")],
        refusals: [401]),
    ]
  }

  // MARK: Environments

  private static var environments: [Operation] {
    let environment = Schema.reference("Environment")
    return [
      Operation(
        method: .get, path: "/admin/environments", id: "listEnvironments", tag: .admin,
        summary: "Lists the environments.", security: [.adminSession],
        answers: [.data("The environments, by name.", .array(of: environment))], refusals: [401]),
      Operation(
        method: .post, path: "/admin/environments", id: "createEnvironment", tag: .admin,
        summary: "Makes an environment.", security: [.adminSession],
        body: Body(schema: .object([.required("name", environmentName)])),
        answers: [.data("The environment.", environment, status: 201)],
        refusals: [400, 401, 409, 413]),
      Operation(
        method: .get, path: "/admin/environments/{name}", id: "getEnvironment", tag: .admin,
        summary: "Shows an environment.", security: [.adminSession], parameters: [name],
        answers: [.data("The environment.", environment)], refusals: [401, 404]),
      Operation(
        method: .patch, path: "/admin/environments/{name}", id: "changeEnvironment", tag: .admin,
        summary: "Changes an environment.", security: [.adminSession], parameters: [name],
        body: Body(schema: change, isRequired: false),
        answers: [.data("The environment.", environment)], refusals: [400, 401, 404, 413]),
    ]
  }

  private static var change: Schema {
    .object([
      .optional(
        "hmac_enabled", .truth.orNull.described("Whether a browser has to bring a digest.")),
      .optional(
        "hmac_key",
        .either([.text(atMost: 0), .text(atLeast: 32)]).orNull.described(
          "32 bytes or more; an empty text takes it away.")),
      .optional(
        "callback_url",
        .either([.text(atMost: 0), .text(pattern: "^[A-Za-z][A-Za-z0-9+.-]*:[!\"$-~]+$")]).orNull
          .described(
            "An absolute URL without '#': https, http on this machine, or an application's scheme; an empty text takes it away."
          )),
      .optional("allowed_origins", Schema.origins.orNull),
      .optional(
        "retention_days", .integer(in: 1...3_650).orNull.described("How long Activity is kept.")),
    ])
  }

  // MARK: Keys

  private static var keys: [Operation] {
    [
      Operation(
        method: .get, path: "/admin/environments/{name}/keys", id: "listSecretKeys", tag: .admin,
        summary: "Lists the secret keys of an environment.", security: [.adminSession],
        parameters: [name],
        answers: [.data("The keys, the oldest first.", .array(of: .reference("SecretKey")))],
        refusals: [401, 404]),
      Operation(
        method: .post, path: "/admin/environments/{name}/keys", id: "createSecretKey", tag: .admin,
        summary: "Makes a secret key, which is shown once.", security: [.adminSession],
        parameters: [name],
        body: Body(schema: .object([.optional("name", .text().orNull)]), isRequired: false),
        answers: [.data("The key.", .reference("NewSecretKey"), status: 201)],
        refusals: [400, 401, 404, 413]),
      Operation(
        method: .delete, path: "/admin/environments/{name}/keys/{id}", id: "revokeSecretKey",
        tag: .admin, summary: "Revokes a secret key.", security: [.adminSession],
        parameters: [
          name,
          Parameter(
            name: "id", place: .path, summary: "The key's id.", schema: .text(format: "uuid")),
        ], answers: [.nothing("It opens nothing any more.")], refusals: [401, 404]),
    ]
  }
}
