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

  /// `keywright serve`: the server, in the foreground.
  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "serve",
      abstract: "Run the server: integrations, connections, and credentials kept fresh.",
      discussion: """
        Each setting is a flag, a variable of the environment, or a key of a JSON file (--config FILE); the first that
        is given counts, in this order.

        \(ServerSettings.helpText)
        """)

    @Option(help: "The folder of the database.") var data: String?
    @Option(help: "The port; 0 takes a free one.") var port: String?
    @Option(help: "The address to listen on.") var host: String?
    @Option(help: "Where browsers reach the server.") var publicURL: String?
    @Option(
      parsing: .singleValue, help: "A folder of specs beside the built-in ones; may be repeated.")
    var specs: [String] = []
    @Flag(help: "Let every provider be played by this server.") var simulate = false
    @Option(
      parsing: .singleValue,
      help: "An origin and what answers for it on this machine: A=B; may be repeated.")
    var originMap: [String] = []
    @Option(help: "The file of the encryption key.") var encryptionKeyFile: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel: String?
    @Option(help: "text or json.") var logFormat: String?
    @Option(help: "Authorizations that may begin in one environment in a minute.") var rateLimit:
      String?
    @Option(help: "Seconds that requests have to end.") var shutdownSeconds: String?
    @Option(help: "A JSON file of settings.") var config: String?

    private var flags: [String: [String]] {
      var flags: [String: [String]] = [:]
      for (name, value) in [
        ("data", data), ("port", port), ("host", host), ("public-url", publicURL),
        ("encryption-key-file", encryptionKeyFile), ("log-level", logLevel),
        ("log-format", logFormat), ("rate-limit", rateLimit), ("shutdown-seconds", shutdownSeconds),
        ("config", config),
      ] { flags[name] = value.map { [$0] } }
      if !specs.isEmpty { flags["specs"] = specs }
      if !originMap.isEmpty { flags["origin-map"] = originMap }
      if simulate { flags["simulate"] = [] }
      return flags
    }

    func run() async throws {
      do {
        let settings = try await ServerSettings(
          flags: flags, environment: ProcessInfo.processInfo.environment)
        try await ServerRun(settings, isDataNamed: data != nil).run()
      } catch let error as SettingsError {
        complain("error: \(error)")
        throw ExitCode(78)
      } catch let error as VaultFailure {
        complain("error: \(error)")
        throw ExitCode(78)
      } catch let error as StoreFailure {
        complain("error: \(error)")
        throw ExitCode(78)
      }
    }
  }

#endif
