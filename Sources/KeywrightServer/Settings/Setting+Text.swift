internal import Configuration
internal import KeywrightDefinition

extension Setting {
  /// Whether it may be given more than once.
  var isList: Bool {
    if case .list = kind { true } else { false }
  }

  /// What parts a variable's texts; of no meaning where there is one text.
  var separator: Character {
    if case .list(let separator) = kind { separator } else { "," }
  }

  /// What the texts of a flag, or of the default, say; nil where they do not fit.
  ///
  /// A truth is read as Configuration reads it from a variable, and a flag without a value switches
  /// it on.
  func content(of texts: [String]) -> ConfigContent? {
    switch kind {
    case .text: texts.first.map { .string($0) }
    case .integer: texts.first.flatMap { Int($0) }.map { .int($0) }
    case .list: .stringArray(texts)
    case .truth:
      switch texts.first?.asciiLowered {
      case nil, "true", "yes", "1": .bool(true)
      case "false", "no", "0": .bool(false)
      default: nil
      }
    }
  }

  /// What every value of it has to be, for the end of a sentence.
  var wanted: String {
    switch kind {
    case .text: "a text that is not empty"
    case .integer(let bounds): "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
    case .truth: "true or false"
    case .list: "texts that are not empty"
    }
  }

  /// The error for a value that does not fit.
  func misfit(
    in source: SettingsError.Source, found: String, wanted: String? = nil
  ) -> SettingsError {
    var wanted = wanted ?? self.wanted
    if case .file = source, isList { wanted = "an array of " + wanted }
    return SettingsError(
      .misfit, name, from: source, found: isSecret ? nil : found.withoutURLSecrets, wanted: wanted)
  }

  /// The error for a secret in a place that others can read.
  func misplaced(in source: SettingsError.Source) -> SettingsError {
    SettingsError(
      .misplacedSecret, name, from: source, found: nil,
      wanted: "it in the environment variable \(environmentVariable)")
  }
}

extension String {
  /// The text without what a URL may hide: of one with user information the scheme alone, of others
  /// no query and no fragment.
  var withoutURLSecrets: String {
    let bytes = Array(utf8)
    let end = bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    // A password may hold any of these signs, so with an '@' nothing behind the scheme is safe to
    // show.
    let isSecret = bytes.contains(UInt8(ascii: "@"))
    let scheme = ["https://", "http://"].first { hasPrefix($0) } ?? ""
    if isSecret { return scheme + "…" }
    return end.map { String(decoding: bytes[..<$0], as: UTF8.self) + "…" } ?? self
  }
}
