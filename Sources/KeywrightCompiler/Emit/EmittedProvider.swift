import KeywrightDefinition

/// What is generated of one provider, all of it text: made on whichever core compiled the spec.
struct EmittedProvider: Sendable {
  let id: String
  let swiftName: String

  /// What its header says it was made of.
  let origin: String

  /// Its Swift file.
  private(set) var swiftText: String

  /// Whether its Swift file lies there with this text, so that the text was let go: of a thousand providers most are
  /// as they were.
  private(set) var isOnDisk = false

  /// Its line in the catalogue; nil where none is made.
  let line: String?

  /// - Parameters:
  ///   - origin: what the header of the Swift file says it was made of.
  init(_ provider: CompiledProvider, origin: String, isListed: Bool) {
    id = provider.definition.id
    swiftName = provider.swiftName
    self.origin = origin
    let definition = provider.definition.compactBytes
    swiftText = ProviderEmitter(provider, definition, origin: origin).text()
    line = isListed ? Catalogue.Entry(provider).line(definition: definition) : nil
  }

  /// Lets the text go, if the file at a path has it.
  mutating func compare(with path: String) {
    isOnDisk = readFile(path)?.isText(swiftText) ?? false
    if isOnDisk { swiftText = "" }
  }

  /// The module that the provider belongs to.
  var module: String {
    let first = id.prefix(1).uppercased()
    return first.utf8.allSatisfy { $0 >= 0x41 && $0 <= 0x5A } ? first : "Digits"
  }
}

extension CompiledProvider {
  /// The text of its Swift file.
  /// - Parameter origin: what the header says the file was made of.
  package func swiftText(origin: String) -> String {
    ProviderEmitter(self, definition.compactBytes, origin: origin).text()
  }
}
