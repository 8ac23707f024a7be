import KeywrightDefinition

/// What is generated of one provider, all of it text: made on whichever core compiled the spec.
struct EmittedProvider: Sendable {
  let id: String
  let swiftName: String

  /// What its header says it was made of.
  let origin: String

  /// Its Swift file.
  let file: Output.Content

  /// Its line in the catalogue; nil where none is made.
  let line: [UInt8]?

  /// - Parameters:
  ///   - origin: what the header of the Swift file says it was made of.
  ///   - place: where its Swift file lies, by the id and the type's name; what lies there already is not kept, since of
  ///     a thousand providers most are as they were.
  init(
    _ provider: CompiledProvider, origin: String, isListed: Bool,
    place: (_ id: String, _ swiftName: String) -> String?
  ) {
    id = provider.definition.id
    swiftName = provider.swiftName
    self.origin = origin
    let path = place(id, swiftName)
    (file, line) = provider.definition.withCompactBytes { definition in
      let text = ProviderEmitter.text(of: provider, definition, origin: origin)
      let there = path.flatMap(readFile)
      let isThere = text.withBytes { text in
        there?.withUnsafeBytes { $0.isSame(as: UnsafeRawBufferPointer(text)) } ?? false
      }
      return (
        isThere ? .asItIs : .parts([text.bytes]),
        isListed ? Catalogue.Entry(provider).line(definition: definition) : nil
      )
    }
  }

  /// The module that the provider belongs to.
  var module: String { Output.module(of: id) }
}

extension CompiledProvider {
  /// The text of its Swift file.
  /// - Parameter origin: what the header says the file was made of.
  package func swiftText(origin: String) -> String {
    definition.withCompactBytes { ProviderEmitter.text(of: self, $0, origin: origin).string }
  }
}
