internal import Keywright
internal import KeywrightDefinition

extension Broker {
  /// Makes a connection of what was filled in: a key, a password, or whatever else the method asks for.
  ///
  /// - Parameter failure: the code under which callers know that the provider refused.
  func connect(_ wish: ConnectionWish, failure: String) async throws -> ConnectionRow {
    let caller = try await caller(wish)
    try limiter.take(caller.bucket)
    let examined = try await examined(wish, by: caller)
    guard !examined.method.leaves else {
      throw APIError(
        400, "auth_mode_err",
        "'\(examined.integration.key)' is authorized in a browser: open /oauth/connect/\(examined.integration.key)"
      )
    }
    return try await connect(examined, failure: failure)
  }

  func connect(_ examined: ExaminedWish, failure: String) async throws -> ConnectionRow {
    let integration = examined.integration
    let attempt = try await activity.begin(
      .authorization, in: examined.caller.environment.id, of: integration,
      connectionID: examined.connectionID, connection: examined.existing?.id)
    do {
      let method = try providers.running.provider(integration.provider).method(integration.method)
      let client = try integrations.client(of: integration)
      attempt.note("start", "an authorization of '\(integration.key)' begins")
      let connection = try await Attempt.$current.withValue(attempt) {
        try await method.connect(
          ProviderFields(entries: examined.fields), client: client, over: transport,
          in: surroundings)
      }
      let plan = FlowPlan(
        connectionID: examined.connectionID, mayReplace: examined.caller.isVouchedFor,
        allowsOtherAccount: examined.allowsOtherAccount, session: examined.caller.session?.id,
        activity: attempt.id, socket: nil, endUser: examined.endUser, tags: examined.tags)
      let row = try await commit(connection, plan, integration)
      attempt.note("commit", "the connection '\(row.connectionID)' is stored")
      attempt.belongs(to: row.id, named: row.connectionID)
      await activity.end(attempt, .success(Self.summary(of: row)))
      return row
    } catch {
      log(error, "a connection could not be made")
      let told = Self.told(error, about: examined, failure: failure)
      await activity.end(attempt, AttemptEnding(told.isAboutFilledIn ? told : error))
      throw told
    }
  }

  /// A refusal by the provider under the code of the route; what was filled in wrongly is the caller's.
  private static func told(
    _ error: any Error, about wish: ExaminedWish, failure: String
  ) -> APIError {
    var told = told(error, about: wish)
    guard let error = error as? AuthorizationError, !told.isAboutFilledIn else { return told }
    switch error.code {
    case .invalidField, .incompleteSetup, .accountMismatch, .notRenewable, .storeFailed: break
    default:
      let retryAfter = told.retryAfter
      told = APIError(400, failure, "\(error.code.text): \(told.message)")
      told.retryAfter = retryAfter
    }
    return told
  }
}
