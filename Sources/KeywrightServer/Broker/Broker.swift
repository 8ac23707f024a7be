package import Keywright
internal import KeywrightDefinition
package import Logging

/// Makes connections, keeps them fresh and hands them out: the engine's events and effects, and nothing about HTTP.
package final class Broker: Sendable {
  let store: Store
  let vault: Vault
  let providers: Providers
  let transport: any Transport
  let surroundings: Surroundings
  let publicURL: PublicURL
  /// What a provider's URL is for the browser: another one where this machine stands in for the provider.
  let inBrowser: @Sendable (String) -> String
  let logger: Logger

  let random: Random
  let environments: Environments
  let integrations: Integrations
  let sessions: ConnectSessions
  let flows: Flows
  let tickets: Tickets
  let activity: ActivityLog
  let cache = FreshCache()
  let kept: KeptConnections
  let keeper: ConnectionKeeper
  let sockets = Sockets()
  let limiter: RateLimiter
  /// Of passwords and tokens that are tried, by the address that they come from.
  let guesses: RateLimiter
  /// Who runs the installation.
  package let administrator: Administrator

  /// Brings the parts together.
  ///
  /// - Parameters:
  ///   - rateLimit: how many authorizations may begin in one environment in a minute.
  ///   - guesses: how many passwords and tokens of the administrator may be tried from one address in a minute.
  package init(
    store: Store, vault: Vault, providers: Providers, transport: any Transport,
    publicURL: PublicURL, rateLimit: Int, guesses: Int = 20, logger: Logger,
    in given: Surroundings = .system,
    inBrowser: (@Sendable (String) -> String)? = nil
  ) {
    // What the engine sends is written down in the attempt that the task works for.
    var surroundings = given
    surroundings.observe = { Attempt.current?.note($0) }
    self.store = store
    self.vault = vault
    self.providers = providers
    self.transport = transport
    self.surroundings = surroundings
    self.publicURL = publicURL
    self.inBrowser = inBrowser ?? { transport.origins.mapped($0) }
    self.logger = logger
    let now: @Sendable () -> Int64 = { given.now().seconds }
    random = Random(bytes: given.randomBytes)
    environments = Environments(store: store, vault: vault, random: random, now: now)
    integrations = Integrations(
      store: store, vault: vault, providers: providers, random: random, now: now)
    sessions = ConnectSessions(store: store, vault: vault, random: random, now: now)
    flows = Flows(store: store, vault: vault, random: random, now: now)
    tickets = Tickets(store: store, now: now)
    activity = ActivityLog(store: store, random: random, now: now)
    administrator = Administrator(store: store, random: random, now: now)
    limiter = RateLimiter(perMinute: rateLimit, now: now)
    self.guesses = RateLimiter(perMinute: guesses, now: now)
    kept = KeptConnections(
      store: store, vault: vault, providers: providers, surroundings: surroundings, cache: cache)
    keeper = ConnectionKeeper(
      store: kept, providers: providers.running, over: transport, in: surroundings)
  }

  var now: Int64 { surroundings.now().seconds }
}
