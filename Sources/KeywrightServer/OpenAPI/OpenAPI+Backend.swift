internal import HTTPTypes

extension OpenAPI {
  /// What backends call, connections aside.
  static var backend: [Operation] { providers + integrations + sessions + activity }

  // MARK: Providers

  private static var providers: [Operation] {
    [
      Operation(
        method: .get, path: "/providers", id: "listProviders", tag: .providers,
        summary: "Lists what can be connected.", security: [.secretKey],
        parameters: [
          Parameter(
            name: "search", summary: "A part of an id, a name or a category.", schema: .text())
        ],
        answers: [.data("The providers, by id.", .array(of: .reference("Provider")))],
        refusals: [400, 401]),
      Operation(
        method: .get, path: "/providers/{provider}", id: "getProvider", tag: .providers,
        summary: "Shows a provider: what it takes to set it up and to connect.",
        security: [.secretKey],
        parameters: [
          Parameter(
            name: "provider", place: .path, summary: "The provider's id.", schema: .text(atLeast: 1)
          )
        ],
        answers: [.data("The provider.", .reference("WholeProvider"))], refusals: [401, 404]),
      Operation(
        method: .get, path: "/providers.json", id: "getCatalogue", tag: .providers,
        summary: "Lists what can be connected, for anybody.",
        answers: [.json("The providers under their ids.", .map(of: .reference("Provider")))]),
    ]
  }

  // MARK: Integrations

  private static let key = Parameter(
    name: "key", place: .path, summary: "The integration's key.", schema: integrationKey)

  private static let setup: [Property] = [
    .optional("display_name", .text().orNull),
    .optional(
      "credentials",
      .map(of: .text()).orNull.described(
        "What the provider's method is set up with; 'type' is left aside, 'scopes' are scopes.")),
    .optional("scopes", .array(of: .text()).orNull),
  ]

  private static var integrations: [Operation] {
    [
      Operation(
        method: .get, path: "/integrations", id: "listIntegrations", tag: .integrations,
        summary: "Lists the integrations.", security: [.secretKey],
        answers: [.data("The integrations, by key.", .array(of: .reference("Integration")))],
        refusals: [400, 401]),
      Operation(
        method: .post, path: "/integrations", id: "createIntegration", tag: .integrations,
        summary: "Sets up a provider's method under a name of its own.", security: [.secretKey],
        body: Body(
          schema: .object(
            [
              .required(
                "provider",
                .text(atLeast: 1).described(
                  "Its id, or the key by which Nango's users know one of its methods.")),
              .optional("unique_key", integrationKey.orNull),
              .optional("method", .text(atLeast: 1).orNull),
            ] + setup)),
        answers: [.data("The integration.", .reference("Integration"), status: 201)],
        refusals: [400, 401, 404, 409, 413]),
      getIntegration,
      Operation(
        method: .patch, path: "/integrations/{key}", id: "changeIntegration", tag: .integrations,
        summary: "Changes an integration: an empty text takes a value of the set-up away.",
        security: [.secretKey], parameters: [key],
        body: Body(
          schema: .object([.optional("unique_key", integrationKey.orNull)] + setup),
          isRequired: false),
        answers: [.data("The integration.", .reference("Integration"))],
        refusals: [400, 401, 404, 409, 413]),
      Operation(
        method: .delete, path: "/integrations/{key}", id: "deleteIntegration", tag: .integrations,
        summary: "Deletes an integration and its connections.", security: [.secretKey],
        parameters: [key], answers: [.success], refusals: [401, 404]),
    ]
  }

  private static var getIntegration: Operation {
    let names = Schema.array(of: .text())
    return Operation(
      method: .get, path: "/integrations/{key}", id: "getIntegration", tag: .integrations,
      summary: "Shows an integration.", security: [.secretKey],
      parameters: [
        key,
        Parameter(
          name: "include", summary: "'credentials' shows what it is set up with.", schema: names),
        Parameter(name: "include[]", summary: "The same as 'include'.", schema: names),
      ],
      answers: [.data("The integration.", .reference("Integration"))], refusals: [400, 401, 404])
  }

  // MARK: Sessions

  private static var sessions: [Operation] {
    let token = Answer.data(
      "The token, and a page that uses it.", .reference("ConnectToken"), status: 201)
    return [
      Operation(
        method: .post, path: "/connect/sessions", id: "createConnectSession", tag: .sessions,
        summary: "Lets one browser connect an account, within half an hour.",
        security: [.secretKey],
        body: Body(
          schema: .object(
            sessionMembers + [.optional("allowed_integrations", .array(of: .text()).orNull)]),
          isRequired: false),
        answers: [token], refusals: [400, 401, 413]),
      Operation(
        method: .post, path: "/connect/sessions/reconnect", id: "createReconnectSession",
        tag: .sessions, summary: "Lets one browser connect an account anew.",
        security: [.secretKey],
        body: Body(
          schema: .object(
            [
              .required("connection_id", .text(atLeast: 1)),
              .required("integration_id", .text(atLeast: 1)),
            ] + sessionMembers)), answers: [token], refusals: [400, 401, 404, 413]),
      Operation(
        method: .get, path: "/connect/session", id: "getConnectSession", tag: .sessions,
        summary: "Shows what the backend allowed the browser.", security: [.connectSession],
        answers: [.data("The session.", .reference("ConnectSession"))], refusals: [401, 409]),
      Operation(
        method: .delete, path: "/connect/session", id: "endConnectSession", tag: .sessions,
        summary: "Ends a connect session.", security: [.connectSession],
        answers: [.nothing("It has ended.")], refusals: [401, 409]),
    ]
  }

  // MARK: Activity

  private static var activity: [Operation] {
    [
      Operation(
        method: .get, path: "/activity", id: "listActivity", tag: .activity,
        summary: "Lists what was attempted, the newest first.", security: [.secretKey],
        parameters: [
          Parameter(
            name: "kind", summary: "What was attempted.",
            schema: .choice(Attempt.Kind.allCases.map(\.rawValue))),
          Parameter(name: "state", summary: "How it stands.", schema: .choice(Attempt.states)),
          Parameter(name: "integration", summary: "An integration's key.", schema: .text()),
          Parameter(name: "connection_id", summary: "A connection's id.", schema: .text()),
          Parameter(name: "search", summary: "A part of what is told.", schema: .text()),
          Parameter(
            name: "before", summary: "The 'next_before' of the page before.",
            schema: .integer(in: 1...Int64.max)),
          Parameter(
            name: "limit", summary: "How many at most; 50 where it is not there.",
            schema: .integer(in: 1...500)),
        ],
        answers: [
          .json(
            "The attempts.",
            .object([
              .required("data", .array(of: .reference("Attempt"))),
              .required("next_before", .integer(in: 1...Int64.max).orNull),
            ]))
        ], refusals: [400, 401]),
      Operation(
        method: .get, path: "/activity/{id}", id: "getActivity", tag: .activity,
        summary: "Shows an attempt, step by step.", security: [.secretKey],
        parameters: [
          Parameter(
            name: "id", place: .path, summary: "The attempt's id.", schema: .text(format: "uuid"))
        ],
        answers: [.data("The attempt.", .reference("WholeAttempt"))], refusals: [401, 404]),
    ]
  }
}
