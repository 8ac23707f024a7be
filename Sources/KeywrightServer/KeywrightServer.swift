internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Keywright
internal import KeywrightDefinition
package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import ServiceLifecycle
internal import UnixSignals

/// One server: the routes, the sockets and the work in the background, around a broker.
package struct KeywrightServer: Sendable {
  /// What the server does, apart from HTTP.
  package let broker: Broker
  private let host: String
  private let port: Int
  private let exposition: @Sendable () -> String
  private let interval: Duration
  private let logger: Logger
  private let world: SimulatedWorld?

  /// Brings a server together; nothing listens yet.
  ///
  /// - Parameters:
  ///   - port: 0 takes a free one.
  ///   - exposition: metrics as text.
  ///   - interval: how often the background looks for what is due.
  package init(
    _ broker: Broker, host: String = "127.0.0.1", port: Int, logger: Logger,
    exposition: @escaping @Sendable () -> String = { "" },
    renewingEvery interval: Duration = .seconds(5), world: SimulatedWorld? = nil
  ) {
    self.broker = broker
    self.host = host
    self.port = port
    self.logger = logger
    self.exposition = exposition
    self.interval = interval
    self.world = world
  }

  /// Runs until the services around it end it, or it is cancelled.
  /// - Parameters:
  ///   - grace: how long requests have to end.
  ///   - obeysSignals: whether SIGTERM and SIGINT end it.
  ///   - onRunning: is told the port.
  package func run(
    shutdownAfter grace: Duration = .seconds(20), obeyingSignals obeysSignals: Bool = false,
    onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
  ) async throws {
    try await broker.recover()
    if let world { try await broker.handOver(to: world) }
    let application = Application(
      router: router(), server: server(),
      configuration: .init(address: .hostname(host, port: port), serverName: nil),
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
      logger: logger)
    let background = BackgroundRenewal(broker, every: interval)
    var configuration = ServiceGroupConfiguration(
      services: [
        .init(service: background), .init(service: application),
      ], gracefulShutdownSignals: obeysSignals ? [.sigterm, .sigint] : [], logger: logger)
    // Who does not end by then is cancelled.
    configuration.maximumGracefulShutdownDuration = grace
    try await ServiceGroup(configuration: configuration).run()
    // What a renewal brings is kept before the store closes.
    background.end()
    await broker.keeper.drain(within: grace)
    await background.finish()
    try? await broker.writeReads()
    try? await broker.environments.writeUses()
    try? broker.store.shutDown()
  }

  /// Method and path of each route of the interface, such as `GET /connections/{id}`; pages are none, and HEAD is what
  /// GET is.
  var routes: [String] {
    router().routes.filter { route in
      let path = "\(route.path)"
      return path != "/" && route.method != .head
        && !DashboardRoutes.prefixes.contains { path.hasPrefix($0) }
    }.map { "\($0.method.rawValue) \($0.path)" }
  }

  /// All routes, within what stands around them.
  private func router() -> Router<ServerContext> {
    let bare = Router(context: ServerContext.self)
    addRoutes(to: bare)
    let router = Router(context: ServerContext.self)
    router.add(middleware: Edge(logger: logger, routes: RouteTable(bare)))
    addRoutes(to: router)
    return router
  }

  private func addRoutes(to router: Router<ServerContext>) {
    // Where the public URL has a path, a proxy in front may strip it or not.
    let prefixes = broker.publicURL.prefix.isEmpty ? [""] : ["", broker.publicURL.prefix]
    for prefix in prefixes {
      let group = prefix.isEmpty ? router.group() : router.group(RouterPath(prefix))
      BrowserRoutes(broker: broker).add(to: group.group().add(middleware: AnyOrigin()))
      BackendRoutes(broker: broker).add(to: group.group())
      AdminRoutes(broker: broker).add(to: group.group())
      ConnectRoutes(broker: broker).add(to: group.group())
      AssetRoutes(broker: broker).add(to: group.group())
      DashboardRoutes(broker: broker, isSimulated: world != nil).add(to: group.group())
      SystemRoutes(broker: broker, exposition: exposition).add(to: group.group())
      if let world {
        SimulationRoutes(world: world, root: broker.publicURL.prefix).add(to: group.group())
      }
    }
  }

  private func server() -> HTTPServerBuilder {
    let prefix = broker.publicURL.prefix
    let (sockets, random) = (broker.sockets, broker.random)
    let isSocket: @Sendable (HTTPRequestHead) -> Bool = { head in
      if sockets.isFull { return false }
      let path = head.uri.prefix { $0 != "?" }
      return ["/", "/ws", prefix, prefix + "/", prefix + "/ws"].contains(String(path))
    }
    return .http1(
      upgradingWhere: isSocket, configuration: .init(idleTimeout: .seconds(60))
    ) { socket in
      guard let id = try? random.uuid() else { return }
      sockets.add(id) { text in try? await socket.send(text) }
      defer { sockets.remove(id) }
      let hello = JSON.object([
        .init("message_type", .string("connection_ack")), .init("ws_client_id", .string(id)),
      ])
      do { try await socket.send(hello.compactText) } catch { return }
      await socket.untilClosed()
    }
  }
}
