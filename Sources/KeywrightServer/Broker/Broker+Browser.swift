internal import Keywright
internal import KeywrightDefinition
internal import Logging

extension Broker {
  /// An authorization that began.
  struct Started: Sendable {
    /// Where the browser goes.
    let url: String
    /// What its cookie holds.
    let cookie: String
    let endsAt: Int64
  }

  // MARK: It leaves

  /// Begins an authorization in a browser.
  func start(_ wish: ConnectionWish) async throws -> Started {
    let caller = try await caller(wish)
    try limiter.take(caller.bucket)
    let examined = try await examined(wish, by: caller)
    guard examined.method.leaves else {
      throw APIError(
        400, "auth_mode_err",
        "'\(examined.integration.key)' is authorized without a browser: send what it asks for to /api-auth or /auth"
      )
    }
    let attempt = try await activity.begin(
      .authorization, in: caller.environment.id, of: examined.integration,
      connectionID: examined.connectionID, connection: examined.existing?.id, isWritten: true)
    do {
      return try await begin(examined, wish, attempt)
    } catch {
      log(error, "an authorization could not be begun")
      let told = Self.told(error, about: examined)
      await activity.end(attempt, AttemptEnding(told.isAboutFilledIn ? told : error))
      throw told
    }
  }

  private func begin(
    _ examined: ExaminedWish, _ wish: ConnectionWish, _ attempt: Attempt
  ) async throws -> Started {
    let (caller, integration) = (examined.caller, examined.integration)
    let redirectURI = try RedirectURI(
      caller.environment.callbackURL ?? publicURL.callback(for: integration.key))
    attempt.note("start", "an authorization of '\(integration.key)' begins")
    let method = try providers.running.provider(integration.provider).method(integration.method)
    let client = try integrations.client(of: integration)
    let pending = try await Attempt.$current.withValue(attempt) {
      try await method.begin(
        ProviderFields(entries: examined.fields), client: client, scopes: examined.scopes,
        hints: ProviderFields(entries: examined.hints), redirectURI: redirectURI, over: transport,
        in: surroundings)
    }
    guard let state = pending.stateParameter else {
      throw APIError(400, "auth_mode_err", "this method gives the provider nothing to bring back")
    }
    var plan = FlowPlan(
      connectionID: examined.connectionID, mayReplace: caller.isVouchedFor,
      allowsOtherAccount: examined.allowsOtherAccount, session: caller.session?.id,
      activity: attempt.id, socket: wish.socket, endUser: examined.endUser, tags: examined.tags)
    plan.opening = wish.opening
    let end = now + Engine.timeLimit
    let cookie = try await flows.keep(
      pending.plainText, state: state, plan: plan, of: integration, until: end)
    if let ticket = wish.opening.ticket {
      try await tickets.begin(ticket, in: integration.environment, until: end)
    }
    attempt.note("authorize", "the browser goes to \(Sieve(secrets: []).address(pending.url))")
    try await activity.save(attempt)
    return Started(url: inBrowser(pending.url), cookie: cookie, endsAt: end)
  }

  // MARK: It comes back

  /// A browser that came to the callback.
  struct Return: Sendable {
    /// What it brought, as it brought it: a query or a form.
    let query: String
    /// The integration that the address names; nil for the shared address.
    let integration: String?
    /// What its cookies hold, of those that flows have.
    let cookies: [String]
  }

  /// How an authorization in a browser ended.
  struct Ending: Sendable {
    /// What the browser's cookie holds, which has served its purpose.
    let cookie: String
    let integration: String
    let provider: String
    let connectionID: String
    let socket: String?
    /// Who hears of it, and where the browser goes.
    let opening: ConnectionWish.Opening
    /// Nil where it succeeded.
    let error: APIError?
  }

  /// Finishes the authorization that a browser came back from.
  /// - Throws: ``RefusedReturn`` where it is none of ours, and nothing is done.
  func finish(_ back: Return) async throws -> Ending {
    let (flow, integration, cookie) = try await awaited(back)
    let attempt = try await activity.resume(flow.plan.activity)
    guard let text = try await flows.take(flow) else { throw Self.used }
    var failure: APIError?
    do {
      try await complete(text, back.query, flow, integration, attempt)
    } catch {
      if let attempt { await activity.end(attempt, AttemptEnding(error)) }
      log(error, "an authorization could not be finished")
      failure = Self.told(error)
    }
    let ending = Ending(
      cookie: cookie, integration: integration.key, provider: integration.provider,
      connectionID: flow.plan.connectionID, socket: flow.plan.socket, opening: flow.plan.opening,
      error: failure)
    if let ticket = ending.opening.ticket { await tickets.end(ticket, ending.message) }
    await sockets.tell(ending.socket, ending.message)
    return ending
  }

  static let expired = APIError(
    400, "expired_flow", "the authorization took longer than ten minutes; start again")

  static let used = APIError(
    400, "used_state", "this authorization was finished already: start another one if it is needed")

  /// A browser that came back with what nobody waits for.
  struct RefusedReturn: Error {
    let error: APIError
    /// The page that may hear of it, and where the browser may go.
    var opening = ConnectionWish.Opening()
  }

  /// The flow that a browser came back for, if it may end it.
  private func awaited(_ back: Return) async throws -> (Flow, Integration, cookie: String) {
    let flow: Flow
    do { flow = try await self.flow(of: back) } catch let error as APIError {
      // Whose it is can't be told by what it brought; perhaps by what the browser keeps, which began one flow.
      let origins = Set(try await flows.ofBrowser(back.cookies).map(\.plan.opening.origin))
      throw RefusedReturn(
        error: error, opening: .init(origin: origins.count == 1 ? origins.first ?? nil : nil))
    }
    do {
      let (integration, cookie) = try await check(back, flow)
      return (flow, integration, cookie)
    } catch let error as APIError {
      // It is the browser that began it: the page that it came from goes on.
      let returnURL = error.code == Self.expired.code ? flow.plan.opening.returnURL : nil
      throw RefusedReturn(
        error: error, opening: .init(origin: flow.plan.opening.origin, returnURL: returnURL))
    }
  }

  /// The flow of a browser that came back.
  private func flow(of back: Return) async throws -> Flow {
    let pairs = FormText.pairs(back.query) ?? []
    if let flow = try await flows.find(pairs.map(\.value)) { return flow }
    if pairs.contains(where: { $0.name == "state" }) {
      throw APIError(
        400, "unknown_state",
        "no authorization of this server has this state; one that was begun more than an hour ago is no longer known: start again"
      )
    }
    throw APIError(
      400, "missing_state",
      "the provider sent the browser here by itself; start from the application that wants the connection"
    )
  }

  private func check(_ back: Return, _ flow: Flow) async throws -> (Integration, cookie: String) {
    guard let integration = try await integrations.withID(flow.integration) else { throw Self.used }
    if let name = back.integration, name != integration.key {
      throw APIError(
        400, "other_integration",
        "this address is that of another integration than the one that the authorization was begun with"
      )
    }
    // The browser's cookie ended with the flow: what was finished is told as that.
    if flow.isUsed { throw Self.used }
    let mine = back.cookies.first { isEqualDigest(of: $0, flow.cookieDigest) }
    guard let mine else {
      throw APIError(
        400, "other_browser",
        "this browser did not begin the authorization, or keeps no cookie of this server: allow cookies, and start again in one browser"
      )
    }
    if flow.expiresAt <= now {
      throw Self.expired
    }
    return (integration, mine)
  }

  private func complete(
    _ text: [UInt8], _ query: String, _ flow: Flow, _ integration: Integration, _ attempt: Attempt?
  ) async throws {
    attempt?.note("callback", "the browser came back")
    // Whoever waits for it has said that nobody wants it any more.
    if let ticket = flow.plan.opening.ticket, let error = try await tickets.refusal(ticket) {
      throw error
    }
    // Of several flows of one session the first to end makes the connection; the others send nothing.
    if let session = flow.plan.session { try await sessions.checkOpen(session) }
    let pending = try providers.running.pending(plainText: text, of: integration.provider)
    let client = try integrations.client(of: integration)
    let connection = try await Attempt.$current.withValue(attempt) {
      try await pending.finish(
        callback: "/?\(query)", client: client, over: transport, in: surroundings)
    }
    let row = try await commit(connection, flow.plan, integration)
    attempt?.note("commit", "the connection '\(row.connectionID)' is stored")
    attempt?.belongs(to: row.id, named: row.connectionID)
    if let attempt { await activity.end(attempt, .success(Self.summary(of: row))) }
  }

  static func summary(of row: ConnectionRow) -> String {
    let whose = row.accountName ?? row.accountID
    return "connected" + (whose.map { " to \($0)" } ?? "")
      + (row.missing.isEmpty ? "" : "; not granted: \(row.missing.joined(separator: " "))")
  }

  /// Writes a fault of the server's own into its log, since nobody else is told of it.
  func log(_ error: any Error, _ what: String) {
    if error is APIError || error is AuthorizationError { return }
    logger.error("\(what)", metadata: ["error": "\(error)"])
  }

  /// What went wrong, for whoever asked: faults of the server's own are told in its log alone.
  static func told(_ error: any Error) -> APIError {
    switch error {
    case let error as APIError: error
    case let error as AuthorizationError: APIError(error)
    default: APIError(500, "internal_error", "the server failed; its log says why")
    }
  }
}

extension Broker.Ending {
  /// What the socket is told, in the words that frontends read.
  var message: JSON {
    var members: [JSON.Member] = [
      .init("message_type", .string(error == nil ? "success" : "error")),
      .init("provider_config_key", .string(integration)),
      .init("connection_id", .string(connectionID)),
    ]
    if let error {
      members.append(.init("error_type", .string(error.code)))
      members.append(.init("error_desc", .string(error.message)))
    } else {
      members.append(.init("is_pending", .boolean(false)))
    }
    return .object(members)
  }
}

extension Broker {
  /// Tells whoever waits why nothing was begun.
  /// - Returns: who may hear of it, and where the browser may go: what a refused wish says of itself is checked first.
  func heard(_ error: APIError, by wish: ConnectionWish?) async -> ConnectionWish.Opening {
    guard let wish else { return .init() }
    let environment = try? await environment(of: wish)
    if let ticket = wish.opening.ticket {
      tickets.refuse(ticket, in: environment?.id, by: error)
    }
    guard let environment,
      (try? wish.check(environment.allowedOrigins, ofServer: publicURL.origin)) != nil
    else { return .init() }
    return wish.opening
  }

  /// The environment of whoever asks, without starting anything; nil where it can't be told.
  private func environment(of wish: ConnectionWish) async throws -> DeploymentEnvironment? {
    if let token = wish.sessionToken {
      return try await environments.withID(sessions.open(token).environment)
    }
    guard let key = wish.publicKey else { return nil }
    return try await environments.withPublicKey(key)
  }
}
