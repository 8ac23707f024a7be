/// Why the server can't be set up: what was found in which place, and what is wanted there.
///
/// No secret is ever in it, and of a URL neither a user's name nor a query.
package struct SettingsError: Error, Hashable, CustomStringConvertible {
  /// What kind of mistake it is; stable.
  package enum Code: String, Sendable {
    /// The value is none that the setting takes.
    case misfit
    /// There is no such flag, or no such key of a file.
    case unknown
    /// A flag that takes one value came more than once.
    case repeated
    /// A secret stands where others can read it.
    case misplacedSecret = "misplaced_secret"
    /// The file can't be read, or is no JSON object.
    case unreadableFile = "unreadable_file"
  }

  /// Where a setting was given.
  package enum Source: Sendable, Hashable, CustomStringConvertible {
    /// By the flag's name, dashes included.
    case flag(String)
    /// By the variable's name.
    case environmentVariable(String)
    /// By the key in it, and the path as it was given.
    case file(key: String, path: String)
    /// Nowhere.
    case defaultValue

    /// For the middle of a sentence: `environment variable KEYWRIGHT_PORT`.
    package var description: String {
      switch self {
      case .flag(let name): "flag \(name.escapedForTerminal)"
      case .environmentVariable(let name): "environment variable \(name)"
      case .file(let key, let path):
        "key '\(key.escapedForTerminal)' of the file '\(path.escapedForTerminal)'"
      case .defaultValue: "its default"
      }
    }
  }

  /// What kind of mistake it is.
  package let code: Code

  /// The setting's name, or the unknown word in its place.
  package let setting: String

  /// Where it was given.
  package let source: Source

  /// The text that was given, cut and escaped for a terminal; nil where it may not be seen.
  package let found: String?

  /// What is wanted instead, as the end of the sentence.
  package let wanted: String

  init(
    _ code: Code, _ setting: String, from source: Source, found: String?, wanted: String
  ) {
    self.code = code
    self.setting = setting
    self.source = source
    self.found = found.map(Self.shown)
    self.wanted = wanted
  }

  /// One sentence: `setting 'port' from flag --port: found '80x', wanted a number`.
  package var description: String {
    switch code {
    case .unknown: "unknown \(source)\(wanted)"
    case .misplacedSecret: "setting '\(setting)' from \(source): found a secret, wanted \(wanted)"
    case .misfit, .repeated, .unreadableFile:
      """
      setting '\(setting)' from \(source): \
      found \(found.map { "'\($0)'" } ?? "an unfit value"), wanted \(wanted)
      """
    }
  }

  private static func shown(_ text: String) -> String {
    let text = text.escapedForTerminal
    return text.count > 120 ? text.prefix(120) + "…" : text
  }
}
