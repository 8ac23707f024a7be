/// One setting of the server: what it is called in each place that it can be set in.
package struct Setting: Sendable {
  /// What texts of a setting are.
  enum Kind: Sendable {
    case text
    case integer(ClosedRange<Int>)
    case truth
    /// Several texts: a flag is repeated, a variable is split, a file has an array.
    case list(separator: Character)
  }

  /// In kebab case, as the flag: `public-url`.
  package let name: String

  /// What holds where nobody says anything, as a person would write it; nil where that is nothing.
  package let defaultText: String?

  /// What it does, in one sentence.
  package let help: String

  /// Whether its value may be seen by nobody: it comes from the environment alone.
  package let isSecret: Bool

  let kind: Kind
  private let isInFile: Bool

  private init(
    _ name: String, _ kind: Kind, default text: String? = nil, isSecret: Bool = false,
    isInFile: Bool = true, _ help: String
  ) {
    self.name = name
    self.kind = kind
    defaultText = text
    self.isSecret = isSecret
    self.isInFile = isInFile && !isSecret
    self.help = help
  }

  /// The flag without its value, such as `--public-url`; nil for a secret, which other users could
  /// read there.
  package var flag: String? { isSecret ? nil : "--" + name }

  /// The environment variable, such as `KEYWRIGHT_PUBLIC_URL`.
  package var environmentVariable: String { "KEYWRIGHT_" + key.uppercased() }

  /// The key in a JSON file, such as `public_url`; nil where a file can't have it.
  package var fileKey: String? { isInFile ? key : nil }

  /// The name by which it is looked up, in whatever place.
  var key: String { name.replacing("-", with: "_") }
}

extension Setting {
  static let config = Setting(
    "config", .text, isInFile: false, "A JSON file of settings, by the keys of this table.")
  static let data = Setting(
    "data", .text, default: "keywright-data",
    "The folder of the database; made where it is missing.")
  static let host = Setting("host", .text, default: "127.0.0.1", "The address to listen on.")
  static let port = Setting(
    "port", .integer(0...65_535), default: "3003", "The port to listen on; 0 takes a free one.")
  static let publicURL = Setting(
    "public-url", .text, "Where browsers reach the server: https, or http on this machine itself.")
  static let specs = Setting(
    "specs", .list(separator: ":"), "A folder of specs beside the catalogue's; may be repeated.")
  static let simulate = Setting(
    "simulate", .truth, default: "false", "Lets simulated providers answer in place of real ones.")
  static let originMap = Setting(
    "origin-map", .list(separator: ","),
    "A=B lets the origin B on this machine answer for the origin A; may be repeated.")
  static let encryptionKeyFile = Setting(
    "encryption-key-file", .text,
    "The file of the encryption key, if not the one in the data folder.")
  static let encryptionKey = Setting(
    "encryption-key", .text, isSecret: true, "The encryption key itself: 32 bytes in base64.")
  static let logLevel = Setting(
    "log-level", .text, default: "info",
    "The least that is logged: trace, debug, info, notice, warning, error or critical.")
  static let logFormat = Setting(
    "log-format", .text, default: "text",
    "How logs are written: text for people, json for programs.")
  static let rateLimit = Setting(
    "rate-limit", .integer(1...1_000_000), default: "600",
    "How many authorizations one environment may begin in a minute.")
  static let shutdownSeconds = Setting(
    "shutdown-seconds", .integer(0...3_600), default: "20",
    "How long requests may take to end once the server is told to stop.")

  /// Every setting, in the order of the help.
  package static let all = [
    config, data, host, port, publicURL, specs, simulate, originMap, encryptionKeyFile,
    encryptionKey, logLevel, logFormat, rateLimit, shutdownSeconds,
  ]
}
