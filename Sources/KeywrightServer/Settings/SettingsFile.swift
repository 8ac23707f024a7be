internal import Configuration
internal import Foundation
internal import KeywrightDefinition

/// A JSON file of settings, each of them known and of the right kind.
struct SettingsFile: Sendable {
  let path: String
  let provider: FileProvider<JSONSnapshot>
  private let values: JSON

  /// Reads a file.
  ///
  /// It is read twice: once by our own strict reader, since Configuration's provider does not list
  /// its keys, keeps one of two equal ones, and takes `true` for a number and `1` for a truth.
  /// - Parameter source: where the path was given.
  init(at path: String, from source: SettingsError.Source) async throws(SettingsError) {
    self.path = path
    func failure(_ wanted: String) -> SettingsError {
      SettingsError(
        .unreadableFile, Setting.config.name, from: source, found: path, wanted: wanted)
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw failure("the path of a JSON file that can be read")
    }
    do {
      values = try JSON(reading: Array(bytes))
    } catch {
      throw failure("a file of JSON, which this is not: \(error)")
    }
    guard case .object(let members) = values else {
      throw failure("a file of one JSON object")
    }
    for member in members { try Self.check(member, path) }
    do {
      // By a reader, and not by a FilePath, whose package would have to be imported for that alone.
      let place = InMemoryProvider(values: ["filePath": ConfigValue(.string(path), isSecret: false)]
      )
      provider = try await FileProvider(config: ConfigReader(provider: place))
    } catch {
      throw failure("a file that does not change while it is read")
    }
  }

  /// What stands under a setting's key; nil where nothing does, or `null`.
  subscript(setting: Setting) -> JSON? {
    guard let key = setting.fileKey, let value = values[key], value != .null else { return nil }
    return value
  }

  private static func check(_ member: JSON.Member, _ path: String) throws(SettingsError) {
    let key = member.name
    let source = SettingsError.Source.file(key: key, path: path)
    guard let setting = Setting.all.first(where: { $0.key.isSameBytes(as: key) }) else {
      let hint = didYouMean(key, among: Setting.all.compactMap(\.fileKey))
      throw SettingsError(
        .unknown, key, from: source, found: nil, wanted: hint.isEmpty ? "; --help lists all" : hint)
    }
    if setting.isSecret { throw setting.misplaced(in: source) }
    if setting.fileKey == nil {
      throw SettingsError(
        .unknown, key, from: source, found: nil, wanted: "; a file names no other file")
    }
    if member.value != .null, !setting.takes(member.value) {
      throw setting.misfit(in: source, found: member.value.compactText)
    }
  }
}

extension Setting {
  /// Whether a value is of the setting's kind at all.
  fileprivate func takes(_ value: JSON) -> Bool {
    switch (kind, value) {
    case (.text, .string), (.truth, .boolean): true
    case (.integer, .number(let digits)): Int(digits) != nil
    case (.list, .array(let elements)): elements.allSatisfy { $0.text != nil }
    default: false
    }
  }
}
