package import KeywrightDefinition
package import Logging

/// Everything that whoever runs the server decides, checked.
///
/// Flags win over the environment, that over the JSON file, and that over the defaults;
/// ``helpText`` lists them all.
package struct ServerSettings: Sendable {
  /// How lines of the log look.
  package enum LogFormat: String, Sendable, CaseIterable {
    /// For people.
    case text
    /// For programs: one object a line.
    case json
  }

  /// The folder of the database. Default `keywright-data`.
  package let data: String

  /// The address to listen on. Default 127.0.0.1.
  package let host: String

  /// The port to listen on, 0 for a free one. Default 3003.
  package let port: Int

  /// Where browsers reach the server, without a `/` at its end; nil where nobody says.
  package let publicURL: String?

  /// Folders of specs beside the catalogue's.
  package let specs: [String]

  /// Whether simulated providers answer in place of real ones. Default false.
  package let simulate: Bool

  /// Origins, and those on this machine that answer for them.
  package let originMap: [String: String]

  /// The file of the encryption key; nil for the one in the data folder.
  package let encryptionKeyFile: String?

  /// The encryption key itself; nil where the variable is not set, and empty where it is set to
  /// nothing.
  package let encryptionKey: Secret?

  /// The least that is logged. Default info.
  package let logLevel: Logger.Level

  /// How the log is written. Default text.
  package let logFormat: LogFormat

  /// How many authorizations one environment may begin in a minute. Default 600.
  package let rateLimit: Int

  /// How long requests may take to end once the server is told to stop. Unit: seconds. Default 20.
  package let shutdownSeconds: Int

  /// Brings all places together.
  /// - Parameters:
  ///   - flags: by name without dashes, each with its values in their order; a switch has none.
  ///   - environment: the whole of it, as the process got it.
  package init(
    flags: [String: [String]], environment: [String: String]
  ) async throws(SettingsError) {
    let reader = try await SettingsReader.opening(flags: flags, environment: environment)
    data = try reader.word(.data)
    host = try reader.host(.host)
    port = try reader.integer(.port)
    publicURL = try reader.publicURL(.publicURL)
    specs = try reader.list(.specs)
    simulate = try reader.truth(.simulate)
    originMap = try reader.origins(.originMap)
    encryptionKeyFile = try reader.filledText(.encryptionKeyFile)
    encryptionKey = try reader.text(.encryptionKey).map { Secret($0) }
    logLevel = try reader.choice(.logLevel)
    logFormat = try reader.choice(.logFormat)
    rateLimit = try reader.integer(.rateLimit)
    shutdownSeconds = try reader.integer(.shutdownSeconds)
  }
}
