import KeywrightDefinition

/// What is generated of one provider, all of it text: made on whichever core compiled the spec.
struct EmittedProvider: Sendable {
  let id: String
  let swiftName: String

  /// What its header says it was made of.
  let origin: String

  /// Its Swift file.
  let swiftText: String
  /// Its line in the catalogue; nil where none is made.
  let line: String?

  /// - Parameters:
  ///   - origin: what the header of the Swift file says it was made of.
  init(_ provider: CompiledProvider, origin: String, isListed: Bool) {
    id = provider.definition.id
    swiftName = provider.swiftName
    self.origin = origin
    let json = provider.definition.json
    swiftText = ProviderEmitter(provider, json, origin: origin).text()
    line = isListed ? Catalogue.Entry(provider).json(definition: json).compactText : nil
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
    ProviderEmitter(self, definition.json, origin: origin).text()
  }
}
