#if HTTPClient && Server

  import ArgumentParser
  import Foundation
  import Keywright
  import KeywrightCompiler
  import KeywrightDefinition
  import KeywrightHTTPClient
  import KeywrightServer
  import Logging
  import Metrics

  /// One run of the server, from its settings to its end.
  struct ServerRun {
    private let settings: ServerSettings
    private let folder: URL
    private let logger: Logger
    private let metrics = MetricsRegistry()

    init(_ settings: ServerSettings, isDataNamed: Bool) {
      self.settings = settings
      let name =
        settings.simulate && !isDataNamed && settings.data == "keywright-data"
        ? "keywright-simulated" : settings.data
      folder = URL(fileURLWithPath: name)
      let (level, isJSON) = (settings.logLevel, settings.logFormat == .json)
      LoggingSystem.bootstrap { label in
        let handler: any LogHandler =
          isJSON ? JSONLogHandler(label: label, level: level) : TextLogHandler(level: level)
        return handler
      }
      MetricsSystem.bootstrap(metrics)
      logger = Logger(label: "keywright")
    }

    func run() async throws {
      let source = Vault.KeySource(
        variable: settings.encryptionKey?.reveal(), file: settings.encryptionKeyFile)
      try await Vault.examine(folder, by: source)
      let lock = try FolderLock(folder)
      let store = try Store(in: folder)
      defer { withExtendedLifetime(lock) {} }
      let (vault, madeAt) = try await Vault.opening(store, by: source)
      try await store.dedicate(toSimulation: settings.simulate)
      if let madeAt {
        logger.notice(
          "made a key; keep a copy of it, apart from the database", metadata: ["file": "\(madeAt)"])
      }
      let providers = try await Providers(entries(), keptIn: store)
      if settings.simulate {
        let world = try SimulatedWorld(providers)
        try await serve(store, vault, providers, world, world: world)
      } else {
        let transport = HTTPClientTransport(origins: try OriginMap(settings.originMap))
        do { try await serve(store, vault, providers, transport, world: nil) } catch {
          await transport.shutdown()
          throw error
        }
        await transport.shutdown()
      }
    }

    private func serve(
      _ store: Store, _ vault: Vault, _ providers: Providers, _ transport: any Transport,
      world: SimulatedWorld?
    ) async throws {
      let host = try await host(store)
      let publicURL = try PublicURL(
        settings.publicURL
          ?? "http://\(host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host):\(settings.port)")
      var inBrowser: (@Sendable (String) -> String)?
      if world != nil { inBrowser = { SimulatedWorld.address(of: $0, at: publicURL) } }
      let broker = Broker(
        store: store, vault: vault, providers: providers, transport: transport,
        publicURL: publicURL,
        rateLimit: settings.rateLimit, logger: logger,
        inBrowser: inBrowser)
      // Told as soon as they are made: what is shown once must not be lost where the start fails.
      if let first = try await broker.prepareFirstEnvironments() {
        say("environment '\(first.name)': secret key \(first.secretKey) (shown once)")
      }
      for (name, key) in try await broker.publicKeys() {
        say("environment '\(name)': public key \(key)")
      }
      let token =
        try await broker.administrator.exists() ? nil : broker.administrator.makeSetupToken()
      let server = KeywrightServer(
        broker, host: host, port: settings.port, logger: logger,
        exposition: { [metrics] in metrics.exposition() }, world: world)
      do {
        try await server.run(
          shutdownAfter: Duration.seconds(settings.shutdownSeconds), obeyingSignals: true
        ) { port in tell(port, publicURL, token) }
      } catch let error where "\(error)".contains("bind(") {
        throw StoreFailure(
          "nothing can listen on \(host):\(settings.port); another program may have that port: choose one with --port"
        )
      }
    }

    /// The address to listen on: this machine alone, until somebody has set a password.
    private func host(_ store: Store) async throws -> String {
      let isLocal = ["127.0.0.1", "::1", "localhost"].contains(settings.host)
      if isLocal { return settings.host }
      if settings.simulate {
        logger.warning("simulated providers are for this machine alone; listening on 127.0.0.1")
        return "127.0.0.1"
      }
      guard try await store.hasAdministrator() else {
        logger.warning(
          "listening on 127.0.0.1 alone until there is an administrator: use the token below, or 'keywright admin password'"
        )
        return "127.0.0.1"
      }
      return settings.host
    }

    private func tell(_ port: Int, _ publicURL: PublicURL, _ token: String?) {
      if settings.simulate { say("Every provider is simulated: nothing leaves this machine.") }
      if let token { say("set up the administrator, once: \(publicURL.text)/setup#\(token)") }
      say("Keywright serves at \(publicURL.text) (port \(port))")
    }

    // MARK: Providers

    /// The built-in providers, and those of folders: a spec that is wrong is named, and the others serve.
    private func entries() throws -> [KeywrightDefinition.Catalogue.Entry] {
      var entries = try SpecOptions.builtIn().entries
      for path in settings.specs {
        let folder: SpecFolder
        do { folder = try SpecFolder([path], catalogue: nil) } catch {
          complain("error: --specs \(path): \(error)")
          throw ExitCode(78)
        }
        for compilation in try folder.compiled() {
          for diagnostic in compilation.diagnostics { complain(diagnostic.description) }
          if let provider = compilation.provider {
            entries.append(.init(provider))
          } else {
            complain("warning: that spec is left out; the others serve")
          }
        }
      }
      return entries
    }
  }

#endif
