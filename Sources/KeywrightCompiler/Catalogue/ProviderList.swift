import KeywrightDefinition

/// A list of providers of the catalogue: an id a line; what follows `#` is a comment.
struct ProviderList {
  /// What is wrong with the list: one line for each error, with its place.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The specs of the providers that it names, in its order.
  let files: [SpecFolder.File]

  /// Reads a list.
  /// - Parameter catalogue: the folder of specs that the ids are looked up in.
  /// - Throws: ``Failure`` or ``SpecFolder/Failure``.
  init(_ source: SourceText, catalogue: String) throws {
    let known = Dictionary(
      uniqueKeysWithValues: try SpecFolder([catalogue]).files.map { ($0.id, $0) })
    var files: [SpecFolder.File] = []
    var problems: [String] = []
    for (place, id) in Self.ids(of: source) {
      if let file = known[id], !files.contains(file) {
        files.append(file)
        continue
      }
      let problem =
        known[id] != nil
        ? "'\(id)' is named twice"
        : "there is no provider '\(id)' in the catalogue\(didYouMean(id, among: known.keys))"
      let position = source.position(at: place)
      problems.append("\(source.name):\(position.line):\(position.column): error: \(problem)")
    }
    guard problems.isEmpty else { throw Failure(description: problems.joined(separator: "\n")) }
    self.files = files
  }

  /// What stands on the lines, with the byte that it begins at.
  private static func ids(of source: SourceText) -> [(place: Int, id: String)] {
    source.bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let text = line.prefix { $0 != UInt8(ascii: "#") }
      guard let start = text.firstIndex(where: { !$0.isBlank }),
        let end = text.lastIndex(where: { !$0.isBlank })
      else { return nil }
      return (start, String(decoding: text[start...end], as: UTF8.self))
    }
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}
