// What sends needs a transport and a listener; who only checks specs builds neither.
#if HTTPClient && Server

  import ArgumentParser
  import Foundation
  import Keywright
  import KeywrightDefinition
  import KeywrightHTTPClient
  import KeywrightSimulator

  /// `keywright connect`: an authorization from a terminal.
  struct Connect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "connect",
      abstract: "Connect an account, with the provider itself or with a simulated one.",
      discussion: """
        What the spec asks for is taken from --set, and asked for where it is missing: secrets without an echo. With
        --simulate the provider is played on this machine out of its spec; what is not set gets an example.

        Exit codes: 0 connected, 1 refused or failed, 64 wrong usage.
        """)

    @OptionGroup var provider: ProviderOptions

    @Option(
      name: .customLong("set"), parsing: .singleValue,
      help: ArgumentHelp(
        "A field's value; or @FILE, @- for standard input, env:NAME for a variable of the environment.",
        valueName: "field=value"))
    var entries: [FieldEntry] = []

    @Option(
      name: .customLong("scope"), parsing: .singleValue,
      help: "A scope to ask for; the spec's default ones where none is named.")
    var scopes: [String] = []

    @Option(help: "The port for the browser's return, on 127.0.0.1; 0 takes a free one.")
    var port = 0

    @Option(
      help:
        "The redirect URI that is registered, where it is not on this machine: the address that the browser ends at is then asked for."
    )
    var redirectURI: String?

    @Flag(help: "Print the URL, and open no browser.")
    var noBrowser = false

    @Flag(help: "Keep the connection, sealed, for 'keywright call'.")
    var save = false

    @Option(help: "The name to keep it under; the provider's id where none is given.")
    var name: String?

    @Flag(help: "Let the provider be played on this machine.")
    var simulate = false

    @Option(help: "With --simulate: what the person says, instead of the consent page.")
    var decide: Decision?

    @Option(
      name: .customLong("fault"), parsing: .singleValue,
      help: ArgumentHelp(
        "With --simulate: what goes wrong, once: 503, 429:30, latency:2, malformed, cut-off, dropped.",
        valueName: "stage=fault"))
    var faults: [String] = []

    /// What a person says on a consent page.
    enum Decision: String, ExpressibleByArgument, CaseIterable {
      case approve, decline
    }

    func validate() throws {
      _ = try faults.map(FaultEntry.init)
      guard !simulate, decide != nil || !faults.isEmpty else { return }
      throw ValidationError("--decide and --fault are about a simulated provider: add --simulate")
    }

    func run() async throws {
      let definition = try provider.definition()
      let method = try provider.chosen(in: definition)
      let filling = try Filling(method, entries, isSimulated: simulate)
      let known = method.scopes.known
      for scope in scopes where !known.isEmpty && !known.contains(scope) {
        complain(
          "warning: the spec names no scope '\(scope)'" + didYouMean(scope, among: known))
      }
      do {
        let connection =
          simulate
          ? try await simulated(definition, method, filling)
          : try await HTTPClientTransport.with { transport in
            try await connect(definition, method, filling, transport)
          }
        tell(connection, definition)
        if save { try await keep(connection, definition, method, filling) }
      } catch let error as AuthorizationError {
        complain("error: \(error)")
        throw ExitCode(1)
      } catch let refusal as SimulatedRefusal {
        complain("error: the simulated provider shows an error page: \(refusal)")
        throw ExitCode(1)
      }
    }

    private func connect(
      _ definition: Definition, _ method: Method, _ filling: Filling,
      _ transport: HTTPClientTransport, _ simulated: SimulatedProvider? = nil
    ) async throws -> AnyConnection {
      let any = try AnyProvider(definition).method(method.id)
      guard any.needsBrowser else {
        return try await any.connect(filling.person, client: filling.client, over: transport)
      }
      let wanted = scopes.isEmpty ? nil : scopes
      func begin(_ uri: RedirectURI) async throws -> AnyPending {
        try await any.begin(
          filling.person, client: filling.client, scopes: wanted, hints: filling.hints,
          redirectURI: uri, over: transport)
      }
      if let simulated, let decide {
        let pending = try await begin(RedirectURI(redirectURI ?? Rehearsal.redirectURI))
        let callback = try simulated.consent(at: pending.url, decline: decide == .decline)
        return try await pending.finish(callback: callback, client: filling.client, over: transport)
      }
      if let redirectURI {
        let pending = try await begin(RedirectURI(redirectURI))
        show(transport.origins.mapped(pending.url))
        guard let callback = Terminal.ask("the address that the browser ended at: ", isSecret: true)
        else { throw ExitCode(1) }
        return try await pending.finish(callback: callback, client: filling.client, over: transport)
      }
      return try await LoopbackRedirect.listening(port: port) { loopback in
        let pending = try await begin(loopback.redirectURI)
        show(transport.origins.mapped(pending.url))
        return try await loopback.finish(pending, client: filling.client, over: transport)
      }
    }

    private func simulated(
      _ definition: Definition, _ method: Method, _ filling: Filling
    ) async throws -> AnyConnection {
      let simulated = try SimulatedProvider(
        definition, method: method.id, registration: .init(values: filling.values, isWhole: true))
      for entry in try faults.map(FaultEntry.init) {
        simulated.fail(entry.stage, with: entry.fault)
      }
      return try await SimulatedListener.listening(for: simulated) { listener in
        try await HTTPClientTransport.with(origins: listener.origins) { transport in
          try await connect(definition, method, filling, transport, simulated)
        }
      }
    }

    private func show(_ url: String) {
      say("open this in your browser:\n\(url)")
      if !noBrowser { Terminal.open(url) }
    }

    private func tell(_ connection: AnyConnection, _ definition: Definition) {
      let account = connection.account
      let whose = account.map {
        [$0.name, "id \($0.id)"].compactMap { $0 }.joined(separator: ", ")
      }
      say(
        "connected to \(definition.name)" + (whose.map { ": \($0)" } ?? "")
          + (simulate ? " (simulated)" : ""))
      if !connection.grantedScopes.isEmpty {
        say("granted: \(connection.grantedScopes.joined(separator: " "))")
      }
      if !connection.missingScopes.isEmpty {
        say("not granted: \(connection.missingScopes.joined(separator: " "))")
      }
      if let end = connection.credential?.expiresAt {
        let left = end.seconds - Surroundings.system.now().seconds
        say("ends in \(left) s" + (connection.isRenewable() ? ", and can be renewed" : ""))
      }
      for warning in connection.warnings { complain("warning: \(warning)") }
    }

    private func keep(
      _ connection: AnyConnection, _ definition: Definition, _ method: Method, _ filling: Filling
    ) async throws {
      let saved = try SavedConnections()
      let name = name ?? definition.id
      let isPath = provider.id.hasSuffix(".yaml")
      let spec = isPath ? URL(fileURLWithPath: provider.id).standardizedFileURL.path : provider.id
      let keeper = ConnectionKeeper(
        store: saved.store, providers: Catalogue(definition), over: NoTransport())
      try await keeper.keep(connection, as: name)
      try saved.save(
        .init(
          spec: spec, method: method.id, setup: filling.client.setupFields.texts,
          isSimulated: simulate), as: name)
      say("saved as '\(name)' in \(saved.folder): keywright call \(name) PATH")
    }
  }

  /// What `--fault` says: `exchange=503`.
  struct FaultEntry {
    let stage: String
    let fault: SimulatedFault

    private static let stages = ["exchange", "renew", "account", "verify", "revoke", "api"]

    init(_ argument: String) throws {
      let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
      guard halves.count == 2, Self.stages.contains(halves[0]) else {
        throw ValidationError(
          "--fault \(argument): wanted STAGE=FAULT, with a stage of \(Self.stages.joined(separator: ", "))"
        )
      }
      guard let fault = SimulatedFault(halves[1]) else {
        throw ValidationError(
          "--fault \(argument): wanted a status of 400 to 599 such as 503, 429:30 (try again in 30 s), latency:2 "
            + "(seconds), malformed, cut-off or dropped")
      }
      stage = halves[0]
      self.fault = fault
    }
  }

  /// For a keeper that only keeps.
  struct NoTransport: Transport {
    func send(
      _ request: HTTPRequest, body: [UInt8]?
    ) async throws(TransportError) -> TransportAnswer {
      throw TransportError(.unreachable, "nothing is sent here")
    }
  }

#endif
