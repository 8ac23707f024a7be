/// All providers, as data: what the command line and the server read.
package struct Catalogue: Sendable, Hashable {
  /// The format of the text that this version writes and reads.
  package static let format = 1

  /// Sorted by id.
  package let entries: [Entry]

  /// One provider: what people are told, and what the engine runs.
  package struct Entry: Sendable, Hashable {
    /// What the engine runs.
    package let definition: Definition
    /// What the API is for, sorted.
    package let categories: [String]

    /// Name and address, sorted by name.
    package let links: [Link]
    /// What surprises people.
    package let notes: [String]

    /// Scopes that the spec describes, sorted by name.
    package let scopes: [Described]

    /// A scope, and what a person allows with it.
    package struct Described: Sendable, Hashable {
      /// As the provider writes it.
      package let name: String

      /// In the words of the spec.
      package let text: String

      /// Joins a scope to its words.
      package init(name: String, text: String) {
        self.name = name
        self.text = text
      }
    }

    /// What Nango's users call its methods, sorted by key.
    package let nango: [NangoKey]

    /// Joins what people are told to what the engine runs.
    package init(
      definition: Definition, categories: [String], links: [Link], notes: [String],
      scopes: [Described], nango: [NangoKey]
    ) {
      self.definition = definition
      self.categories = categories
      self.links = links
      self.notes = notes
      self.scopes = scopes
      self.nango = nango
    }

    /// A page of the provider.
    package struct Link: Sendable, Hashable {
      /// Such as `docs` or `apps`.
      package let name: String
      /// An https address.
      package let url: String

      /// Joins a name to an address.
      package init(name: String, url: String) {
        self.name = name
        self.url = url
      }
    }
  }

  /// Sorts entries by id.
  package init(_ entries: [Entry]) {
    self.entries = entries.sorted { $0.definition.id < $1.definition.id }
  }

  /// The provider with an id.
  package func entry(_ id: String) -> Entry? { entries.first { $0.definition.id == id } }
}

extension Catalogue.Entry {
  /// The entry's line in the catalogue's text.
  package var line: [UInt8] { definition.withCompactBytes { line(definition: $0) } }

  /// The entry's line, of which the definition's text has been made already.
  package func line(definition text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var writer = JSONWriter(capacity: text.count + 4_096)
    writer.object { entry in
      entry.member("id") { $0.write(definition.id) }
      entry.member("name") { $0.write(definition.name) }
      entry.member("categories") { $0.array(categories) { $0.write($1) } }
      entry.member("links") {
        $0.object(links) { writer, link in writer.member(link.name) { $0.write(link.url) } }
      }
      entry.member("notes") { $0.array(notes) { $0.write($1) } }
      entry.member("scopes") {
        $0.object(scopes) { writer, scope in writer.member(scope.name) { $0.write(scope.text) } }
      }
      entry.member("nango") { $0.object(nango) { $0.member($1.key, $1.json) } }
      entry.member("definition") { $0.insert(text) }
    }
    return writer.bytes
  }

  private init(_ json: JSON) throws(DefinitionReader.Problem) {
    definition = try Definition(json["definition"] ?? .null)
    func texts(_ json: JSON?) -> [String] {
      if case .array(let elements)? = json { elements.compactMap(\.text) } else { [] }
    }
    categories = texts(json["categories"])
    notes = texts(json["notes"])
    scopes =
      if case .object(let members)? = json["scopes"] {
        members.map { Described(name: $0.name, text: $0.value.text ?? "") }
      } else {
        []
      }
    // What an older version wrote has none.
    nango = (json["nango"]?.members ?? []).map { NangoKey($0.name, $0.value) }
    links =
      if case .object(let members)? = json["links"] {
        members.map { Link(name: $0.name, url: $0.value.text ?? "") }
      } else {
        []
      }
  }

  fileprivate static func read(_ json: JSON) throws(DefinitionReader.Problem) -> Self {
    try Self(json)
  }
}

extension Catalogue {
  /// The catalogue's text: one line a provider, so that a change to one spec changes one line.
  package var text: String {
    String(decoding: Self.parts(ofLines: entries.map(\.line)).joined(), as: UTF8.self)
  }

  /// The text of a catalogue, as parts that stand one behind the other.
  /// - Parameter lines: those of its entries, sorted by id.
  package static func parts(ofLines lines: [[UInt8]]) -> [[UInt8]] {
    var parts = [Array("{\"format\":\(format),\"providers\":[\n".utf8)]
    let comma = Array(",\n".utf8)
    for line in lines {
      if parts.count > 1 { parts.append(comma) }
      parts.append(line)
    }
    parts.append(Array("\n]}\n".utf8))
    return parts
  }

  /// Reads a catalogue's text.
  package init(reading bytes: [UInt8]) throws(DefinitionReader.Problem) {
    func problem(_ message: String) -> DefinitionReader.Problem {
      DefinitionReader.Problem(message, code: "catalogue-format", at: Path())
    }
    let json: JSON
    do {
      json = try JSON(reading: bytes)
    } catch {
      throw problem(error.description)
    }
    guard json["format"] == .integer(Int64(Self.format)),
      case .array(let providers)? = json["providers"]
    else { throw problem("a catalogue of another format; generate it again") }
    var entries: [Entry] = []
    for provider in providers { entries.append(try Entry.read(provider)) }
    self.init(entries)
  }
}
