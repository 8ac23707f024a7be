internal import HTTPTypes

extension OpenAPI {
  private static let integration = Parameter(
    name: "integration", place: .path, summary: "The integration's key.", schema: integrationKey)

  /// What browsers call.
  static var browser: [Operation] {
    [connect, result, cancel, resultPreflight, shared, filled]
      + [nil, integration].flatMap { [callback($0), post($0)] }
      + BrowserRoutes.forms.flatMap { [form($0.path), preflight($0.path)] }
  }

  private static let wish: [Parameter] = [
    Parameter(
      name: "connection_id",
      summary: "What the connection will be called; with a connect session the server names it.",
      schema: connectionID),
    Parameter(
      name: "hmac",
      summary: "hex(HMAC-SHA256(key, \"integration:connection_id\")), by the backend.",
      schema: .text(atLeast: 1)),
    Parameter(
      name: "params", summary: "What the method asks for.", schema: .map(of: .text()), isDeep: true),
    Parameter(
      name: "credentials", summary: "The same, for what is secret.", schema: .map(of: .text()),
      isDeep: true),
    Parameter(
      name: "authorization_params", summary: "What the method takes for its authorization request.",
      schema: .map(of: .text()), isDeep: true),
    Parameter(
      name: "user_scope", summary: "Scopes, with commas between them.", schema: .text(atLeast: 1)),
    Parameter(
      name: "ws_client_id", summary: "The WebSocket that is told the result.",
      schema: .text(atLeast: 1)),
  ]

  private static let ticket = Parameter(
    name: "ticket",
    summary: "Random, made up for this one authorization; whoever has it may ask how that goes.",
    schema: .text(atLeast: 22, atMost: 128, pattern: "^[A-Za-z0-9_-]+$"))

  private static let opening: [Parameter] = [
    ticket,
    Parameter(
      name: "origin",
      summary: "The origin of the page that opens the window: it is told the result, and no other.",
      schema: .text(atLeast: 1)),
    Parameter(
      name: "return_url",
      summary: "Where the browser goes in the end; it lies in one of 'allowed_origins'.",
      schema: .text(atLeast: 1)),
  ]

  private static let callers: [Scheme] = [.publicKey, .connectSessionInQuery]

  // MARK: Leaving and coming back

  private static var connect: Operation {
    var left = Answer.redirect(302, "The browser goes to the provider.")
    left.headers.append(("Set-Cookie", "Knows the browser when it comes back.", .text()))
    return Operation(
      method: .get, path: "/oauth/connect/{integration}", id: "connect", tag: .browser,
      summary: "Begins an authorization in a browser, which opens this address in a window.",
      security: callers, parameters: [integration] + wish + opening,
      answers: [
        left, .redirect(303, "It was refused, and the browser goes back to 'return_url'."),
        .nothing("A browser that only guesses gets nothing."),
      ],
      refusals: [400, 401, 403, 404, 409, 424, 429], refusesWithPages: true)
  }

  private static let asked = {
    var parameter = ticket
    parameter.isRequired = true
    return parameter
  }()

  private static var result: Operation {
    Operation(
      method: .get, path: "/oauth/result", id: "getResult", tag: .browser,
      summary: "Tells how an authorization goes that was begun with a ticket.",
      parameters: [asked], answers: [.json("How it goes.", .reference("Result"))],
      refusals: [400, 403])
  }

  private static var cancel: Operation {
    Operation(
      method: .delete, path: "/oauth/result", id: "cancel", tag: .browser,
      summary: "Cancels an authorization that runs: no connection comes of it.",
      parameters: [asked], answers: [.json("How it goes now.", .reference("Result"))],
      refusals: [400, 403])
  }

  private static var resultPreflight: Operation {
    Operation(
      method: .options, path: "/oauth/result", id: "preflightResult", tag: .browser,
      summary: "Tells a browser that pages of any origin may call it.", answers: [allowed])
  }

  private static let link = [
    Parameter(
      name: "session_token", summary: "The connect session's token.", schema: .text(atLeast: 1),
      isRequired: true),
    Parameter(
      name: "integration", summary: "The one that was chosen, where there are several.",
      schema: .text(atLeast: 1)),
  ]

  private static var shared: Operation {
    Operation(
      method: .get, path: "/connect", id: "showConnect", tag: .browser,
      summary: "Shows what can be connected behind a link that a backend shares.",
      parameters: link,
      answers: [
        .page("What can be chosen, or what is asked for."),
        .redirect(303, "Nothing is asked for, so the browser goes on."),
      ], refusals: [400, 401, 404, 409], refusesWithPages: true)
  }

  private static var filled: Operation {
    Operation(
      method: .post, path: "/connect", id: "sendConnect", tag: .browser,
      summary: "Takes what a person filled in behind a shared link.", parameters: link,
      body: Body(
        schema: .map(of: .text()), isRequired: false,
        mediaType: "application/x-www-form-urlencoded"),
      answers: [
        .page("The account is connected."), .redirect(303, "The browser goes to the provider."),
      ], refusals: [400, 401, 404, 409, 413, 429], refusesWithPages: true)
  }

  private static func callback(_ integration: Parameter?) -> Operation {
    Operation(
      method: .get, path: "/oauth/callback" + (integration == nil ? "" : "/{integration}"),
      id: integration == nil ? "finish" : "finishOfIntegration", tag: .browser,
      summary:
        "Ends an authorization: the provider sends the browser here, with what it has to say.",
      parameters: [integration].compactMap(\.self),
      answers: [
        .page("The account is connected."),
        .redirect(303, "The browser goes back to the application's 'return_url'."),
        .nothing("A browser that only guesses gets nothing."),
      ], refusals: [400, 401, 403, 404, 409, 424, 429], refusesWithPages: true)
  }

  private static func post(_ integration: Parameter?) -> Operation {
    Operation(
      method: .post, path: "/oauth/callback" + (integration == nil ? "" : "/{integration}"),
      id: integration == nil ? "park" : "parkOfIntegration", tag: .browser,
      summary: "Takes what a provider posts, and lets the browser come for it by itself.",
      parameters: [integration].compactMap(\.self),
      body: Body(
        schema: .map(of: .text()), isRequired: false,
        mediaType: "application/x-www-form-urlencoded"),
      answers: [.redirect(303, "The browser comes to the callback by itself.")],
      refusals: [400, 413], refusesWithPages: true)
  }

  // MARK: Filling in

  private static func form(_ path: String) -> Operation {
    Operation(
      method: .post, path: "/\(path)/{integration}", id: id("connectBy", path), tag: .browser,
      summary: "Connects an account with what was filled in, once the provider has taken it.",
      security: callers, parameters: [integration] + wish,
      body: Body(
        schema: .map(of: .text()).described("What the method asks for; not also in the query."),
        isRequired: false),
      answers: [.json("The account is connected.", .reference("Connected"))],
      refusals: [400, 401, 403, 404, 409, 413, 429])
  }

  private static var allowed: Answer {
    var answer = Answer.nothing("Pages of any origin may call it.")
    answer.headers = [
      ("Access-Control-Allow-Methods", "The methods.", .text()),
      ("Access-Control-Allow-Headers", "The headers.", .text()),
      ("Access-Control-Max-Age", "Seconds for which that holds.", .text()),
    ]
    return answer
  }

  private static func preflight(_ path: String) -> Operation {
    return Operation(
      method: .options, path: "/\(path)/{integration}", id: id("preflight", path), tag: .browser,
      summary: "Tells a browser that pages of any origin may call it.",
      // It is answered whatever stands there.
      parameters: [
        Parameter(
          name: "integration", place: .path, summary: "The integration's key.",
          schema: .text(atLeast: 1))
      ], answers: [allowed])
  }

  /// `connectBy` and `api-auth/api-key` as `connectByApiAuthApiKey`.
  private static func id(_ verb: String, _ path: String) -> String {
    verb
      + path.split { $0 == "/" || $0 == "-" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined()
  }
}
