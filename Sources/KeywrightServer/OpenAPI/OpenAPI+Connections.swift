internal import HTTPTypes

extension OpenAPI {
  /// What is done with connections; the name in the singular is that of older clients.
  static var connections: [Operation] {
    let operations =
      [list, take, metadata(.post, "set"), metadata(.patch, "merge")]
      + [read, change, delete, verify]
    return operations
      + operations.map { operation in
        operation.twin(
          operation.path.replacing("/connections", with: "/connection"),
          id: operation.id + "ByOldName")
      }
  }

  private static let id = Parameter(
    name: "id", place: .path, summary: "The connection's id.", schema: connectionID)

  private static let key = Parameter(
    name: "provider_config_key", summary: "The integration's key.", schema: .text(atLeast: 1),
    isRequired: true)

  private static var list: Operation {
    Operation(
      method: .get, path: "/connections", id: "listConnections", tag: .connections,
      summary: "Lists connections, the newest first.", security: [.secretKey],
      parameters: [
        Parameter(name: "connectionId", summary: "A connection's id.", schema: .text()),
        Parameter(
          name: "search", summary: "A part of the id, of the account or of the end user.",
          schema: .text()),
        Parameter(
          name: "integrationId", summary: "Keys of integrations, with commas between them.",
          schema: .text()),
        Parameter(name: "endUserId", summary: "The id of an end user.", schema: .text()),
        Parameter(
          name: "endUserOrganizationId", summary: "The id of an end user's organization.",
          schema: .text()),
        Parameter(
          name: "tags", summary: "Tags that it has, each with its value.",
          schema: .map(of: .text()),
          isDeep: true),
        Parameter(
          name: "state", summary: "Whether it is good.", schema: .choice(["ok", "broken"])),
        Parameter(
          name: "cursor", summary: "The 'next_cursor' of the page before.",
          schema: .integer(in: 1...Int64.max)),
        Parameter(
          name: "limit", summary: "How many at most; 10,000 where it is not there.",
          schema: .integer(in: 1...Broker.Search.most)),
        Parameter(
          name: "page", summary: "Skips so many pages, for who has no cursor.",
          schema: .integer(in: 0...1_000_000)),
      ],
      answers: [
        .json(
          "The connections.",
          .object([
            .required("connections", .array(of: .reference("ListedConnection"))),
            .required("next_cursor", .text(pattern: "^[1-9][0-9]*$").orNull),
          ]))
      ], refusals: [400, 401])
  }

  private static var take: Operation {
    Operation(
      method: .post, path: "/connections", id: "importConnection", tag: .connections,
      summary: "Takes over a connection that was made elsewhere.", security: [.secretKey],
      body: Body(
        schema: .object([
          .required("provider_config_key", .text(atLeast: 1)),
          .required(
            "credentials",
            .object([], isOpen: true).described(
              "What the method obtains or asks for, by name, each a text, a number or a truth.")),
          .optional("connection_id", connectionID.orNull),
          .optional("connection_config", .map(of: .text()).orNull),
          .optional("metadata", .object([], isOpen: true).orNull),
          .optional("tags", .reference("Tags").orNull),
          .optional("end_user", .reference("EndUser").orNull),
        ])),
      answers: [.json("The connection.", .reference("Connection"), status: 201)],
      refusals: [400, 401, 404, 409, 413, 424])
  }

  private static func metadata(_ method: HTTPRequest.Method, _ verb: String) -> Operation {
    let schema = Schema.object([
      .required(
        "connection_id",
        .either([.text(atLeast: 1), .array(of: .text())]).described("One or many.")
      ),
      .required("provider_config_key", .text(atLeast: 1)),
      .required(
        "metadata",
        .object([], isOpen: true).described("256 KB at most.")),
    ])
    return Operation(
      method: method, path: "/connections/metadata", id: verb + "Metadata", tag: .connections,
      summary: method == .post
        ? "Replaces the metadata of connections." : "Merges into the metadata of connections.",
      security: [.secretKey], body: Body(schema: schema),
      answers: [.json("What was sent.", schema)], refusals: [400, 401, 404, 413])
  }

  private static var read: Operation {
    Operation(
      method: .get, path: "/connections/{id}", id: "getConnection", tag: .connections,
      summary: "Hands out a connection with a credential that is good.", security: [.secretKey],
      parameters: [
        id, key,
        Parameter(name: "force_refresh", summary: "Renews whether or not it is due.", schema: flag),
        Parameter(name: "refresh_token", summary: "Shows the refresh token too.", schema: flag),
      ],
      answers: [.json("The connection.", .reference("Connection"))],
      refusals: [400, 401, 404, 424])
  }

  private static let flag = Schema.choice(["true", "false", "1", "0"])

  private static var change: Operation {
    Operation(
      method: .patch, path: "/connections/{id}", id: "changeConnection", tag: .connections,
      summary: "Changes what a backend says about a connection.", security: [.secretKey],
      parameters: [id, key],
      body: Body(
        schema: .object([
          .optional("tags", .reference("Tags").orNull),
          .optional("end_user", .reference("EndUser").orNull),
        ]), isRequired: false),
      answers: [.success], refusals: [400, 401, 404, 413])
  }

  private static var delete: Operation {
    Operation(
      method: .delete, path: "/connections/{id}", id: "deleteConnection", tag: .connections,
      summary: "Deletes a connection, and ends it at its provider where that can be done.",
      security: [.secretKey], parameters: [id, key],
      answers: [
        .json(
          "It is deleted.",
          .object([
            .required("success", .truth),
            .required("revoked", .truth.described("Whether the provider has ended it.")),
          ]))
      ], refusals: [400, 401, 404])
  }

  private static var verify: Operation {
    Operation(
      method: .post, path: "/connections/{id}/verify", id: "verifyConnection", tag: .connections,
      summary: "Asks the provider whether a connection is still good.", security: [.secretKey],
      parameters: [id, key], answers: [.success], refusals: [400, 401, 404, 409, 424])
  }
}
