internal import Configuration
internal import KeywrightDefinition

/// Looks settings up: in the flags, then the environment, then the file, then the defaults.
///
/// Configuration's readers look; what they would pass over in silence, a value that does not fit,
/// is an error here.
struct SettingsReader: Sendable {
  private let flags: [String: [String]]
  private let environment: [String: String]
  private let file: SettingsFile?
  /// Two, since a provider of variables splits them all at one character.
  private let readers: [Character: ConfigReader]

  /// Opens the file that flags or environment name, and all places with it.
  static func opening(
    flags: [String: [String]], environment: [String: String]
  ) async throws(SettingsError) -> SettingsReader {
    let reader = try SettingsReader(flags: flags, environment: environment, file: nil)
    guard let path = try reader.filledText(.config) else { return reader }
    let file = try await SettingsFile(at: path, from: reader.source(of: .config))
    return try SettingsReader(flags: flags, environment: environment, file: file)
  }

  private init(
    flags: [String: [String]], environment: [String: String], file: SettingsFile?
  ) throws(SettingsError) {
    self.flags = flags
    self.environment = environment
    self.file = file
    let given = try Self.provider(of: flags)
    let defaults = InMemoryProvider(name: "defaults", values: Self.defaults)
    let secrets = Setting.all.filter(\.isSecret).map(\.environmentVariable)
    readers = Dictionary(
      uniqueKeysWithValues: ([":", ","] as [Character]).map { separator in
        let variables = EnvironmentVariablesProvider(
          environmentVariables: environment.filter { $0.key.hasPrefix("KEYWRIGHT_") },
          secretsSpecifier: .specific(Set(secrets)), arraySeparator: separator)
        var providers: [any ConfigProvider] = [given, variables.prefixKeys(with: "keywright")]
        if let file { providers.append(file.provider) }
        return (separator, ConfigReader(providers: providers + [defaults]))
      })
  }

  private static var defaults: [AbsoluteConfigKey: ConfigValue] {
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    for setting in Setting.all {
      guard let text = setting.defaultText, let content = setting.content(of: [text]) else {
        continue
      }
      values[AbsoluteConfigKey([setting.key])] = ConfigValue(content, isSecret: false)
    }
    return values
  }

  private static func provider(of flags: [String: [String]]) throws(SettingsError)
    -> InMemoryProvider
  {
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    // Sorted, so that of two mistakes the same one is told each time.
    for (name, texts) in flags.sorted(by: { $0.key < $1.key }) {
      let source = SettingsError.Source.flag("--" + name)
      guard let setting = Setting.all.first(where: { $0.name == name }) else {
        let hint = didYouMean("--" + name, among: Setting.all.compactMap(\.flag))
        throw SettingsError(
          .unknown, name, from: source, found: nil,
          wanted: hint.isEmpty ? "; --help lists all" : hint)
      }
      if setting.isSecret { throw setting.misplaced(in: source) }
      if texts.count > 1, !setting.isList {
        throw SettingsError(
          .repeated, name, from: source, found: texts.joined(separator: " ").withoutURLSecrets,
          wanted: "one value")
      }
      guard let content = setting.content(of: texts) else {
        throw setting.misfit(in: source, found: texts.first ?? "")
      }
      values[AbsoluteConfigKey([setting.key])] = ConfigValue(content, isSecret: false)
    }
    return InMemoryProvider(name: "flags", values: values)
  }

  // MARK: Looking up

  /// A text as it was given, which may be empty; nil where nobody gave one and there is no default.
  func text(_ setting: Setting) throws(SettingsError) -> String? {
    try value(setting) { $0.string(forKey: $1, isSecret: setting.isSecret) }
  }

  /// A text that is not empty; nil where nobody gave one and there is no default.
  func filledText(_ setting: Setting) throws(SettingsError) -> String? {
    let text = try text(setting)
    if text == "" { throw misfit(setting) }
    return text
  }

  /// A text that is not empty, of a setting with a default.
  func word(_ setting: Setting) throws(SettingsError) -> String {
    guard let text = try filledText(setting) else { setting.lacksDefault() }
    return text
  }

  /// A whole number within the setting's bounds, of a setting with a default.
  func integer(_ setting: Setting) throws(SettingsError) -> Int {
    guard let number = try value(setting, { $0.int(forKey: $1) }) else { setting.lacksDefault() }
    if case .integer(let bounds) = setting.kind, !bounds.contains(number) { throw misfit(setting) }
    return number
  }

  /// Whether something is switched on, of a setting with a default.
  func truth(_ setting: Setting) throws(SettingsError) -> Bool {
    guard let truth = try value(setting, { $0.bool(forKey: $1) }) else { setting.lacksDefault() }
    return truth
  }

  /// The texts of a list, none of them empty; an empty variable is an empty list.
  func list(_ setting: Setting) throws(SettingsError) -> [String] {
    guard let texts = try value(setting, { $0.stringArray(forKey: $1) }) else { return [] }
    if texts == [""], case .environmentVariable = source(of: setting) { return [] }
    if texts.contains("") { throw misfit(setting) }
    return texts
  }

  /// - Parameter read: gives nil both where nothing was given and where it does not fit.
  private func value<Value>(
    _ setting: Setting, _ read: (ConfigReader, ConfigKey) -> Value?
  ) throws(SettingsError) -> Value? {
    let found = readers[setting.separator].flatMap { read($0, ConfigKey([setting.key])) }
    if found == nil, source(of: setting) != .defaultValue { throw misfit(setting) }
    return found
  }

  // MARK: What to say of a mistake

  /// Where the value that holds was given.
  func source(of setting: Setting) -> SettingsError.Source {
    if let flag = setting.flag, flags[setting.name] != nil { return .flag(flag) }
    let variable = setting.environmentVariable
    if environment[variable] != nil { return .environmentVariable(variable) }
    if let file, let key = setting.fileKey, file[setting] != nil {
      return .file(key: key, path: file.path)
    }
    return .defaultValue
  }

  /// The error for a value that does not fit.
  /// - Parameter wanted: nil for what the setting wants of every value.
  func misfit(_ setting: Setting, wanted: String? = nil) -> SettingsError {
    let source = source(of: setting)
    let found: String? =
      switch source {
      case .flag: flags[setting.name]?.joined(separator: " ")
      case .environmentVariable(let name): environment[name]
      case .file: file?[setting].map { $0.text ?? $0.compactText }
      case .defaultValue: setting.defaultText
      }
    return setting.misfit(in: source, found: found ?? "", wanted: wanted)
  }
}

extension Setting {
  fileprivate func lacksDefault() -> Never {
    preconditionFailure("the setting '\(name)' is read as one that has a default")
  }
}
