import KeywrightDefinition

/// What may stand somewhere in a spec.
package indirect enum Shape: Sendable {
  /// Literal text.
  case text
  /// Text with `$<…>` in it.
  case template
  /// A condition, without `$<…>`.
  case condition
  /// `true` or `false`.
  case truth
  /// A literal https URL.
  case webAddress
  /// `GET /path`: a method of HTTP and a URL.
  case requestLine
  /// A whole number of seconds, one to ten years.
  case seconds
  /// A Swift identifier.
  case identifier
  /// The name of a type.
  case type
  /// One word of a closed set; further words come later, and are refused with "not yet".
  case word([String], later: [String] = [])
  /// A list, of one element or more.
  case list(Shape)
  /// Names of the author's, each with a value.
  case map(Shape, names: NameRule)
  /// A map with keys of the language.
  case record(Record.Name)
  /// The body of a request, where plain literals have a type.
  case json
  /// The ways in: a map whose values have the keys of their kind.
  case methods
  /// Part of the language, and not yet of this version.
  case later(String)
  /// The first that fits the node: texts, lists and maps are told apart.
  case either([Shape])

  /// What a message says is wanted.
  package var wanted: String {
    switch self {
    case .text: "a text"
    case .template: "a template"
    case .condition: "a condition"
    case .truth: "true or false"
    case .webAddress: "an address that begins with 'https://'"
    case .requestLine: "a method and a path, as in 'GET /me'"
    case .seconds: CredentialRule.wantedTime
    case .identifier: "a Swift identifier"
    case .type: "a type"
    case .word(let words, _): words.map { "'\($0)'" }.joined(separator: " or ")
    case .list(.record(let name)): "a list of such maps as \(name.article) is"
    case .list(let shape): "a list of which each is \(shape.wanted)"
    case .map(.record(.field), _): "a map of names, as in 'team: { title: Team }'"
    case .map: "a map of names"
    case .record(.saved): "a map, as in '{ from: $<body.id>, type: text }'"
    case .record(let name): "a map with the keys of \(name.article)"
    case .json: "JSON"
    case .methods: "a map of methods"
    case .later(let what): what
    case .either(let shapes):
      shapes.filter { !$0.isLater }.map(\.wanted)
        .joined(separator: ", or ")
    }
  }

  /// Whether this version refuses what stands there.
  var isLater: Bool { if case .later = self { true } else { false } }

  /// Whether a node is of the kind that this shape wants, scalars, lists and maps apart.
  func fitsKind(of node: Node) -> Bool {
    switch (self, node.content) {
    case (.either(let shapes), _): shapes.contains { $0.fitsKind(of: node) }
    case (.json, _): true
    case (.list, .list), (.map, .map), (.record, .map), (.methods, .map), (.later, .list): true
    case (.list, _), (.map, _), (.record, _), (.methods, _), (.later, _): false
    case (_, .scalar): true
    default: false
    }
  }
}

/// What a name of the author's may be.
package enum NameRule: Sendable {
  /// A value's name: letters, digits and `_`, and no word or name of the language.
  case value
  /// A method's id: lower-case letters, digits, `-` and `_`.
  case method
  /// A header's name: a token of RFC 9110 §5.6.2.
  case header
  /// Anything printable: a parameter, a scope.
  case free
}

/// A map with keys of the language.
package struct Record: Sendable {
  /// The records of the language.
  package enum Name: String, Sendable, CaseIterable {
    case file, field, taken, saved, made, api, step, carrier, account, error, rule, nango, grant
    case refreshToken = "refresh_token"

    var article: String {
      switch self {
      case .file: "a spec"
      case .field, .taken, .saved, .made: "a value"
      case .api: "'api'"
      case .step: "a step"
      case .carrier: "a carrier"
      case .account: "'account'"
      case .error: "'error'"
      case .rule: "a credential's rule"
      case .nango: "'nango'"
      case .grant: "'grant'"
      case .refreshToken: "'refresh_token'"
      }
    }
  }

  /// The keys, in the order of the reference.
  package let keys: [Key]

  /// Those without which a record is an error.
  let required: [Key]

  private let index: [String: Int]

  /// A record of some keys.
  init(keys: [Key]) {
    self.keys = keys
    required = keys.filter(\.isRequired)
    index = Dictionary(
      keys.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The key with a name.
  func key(_ name: String) -> Key? { place(of: name).map { keys[$0] } }

  /// Where a key stands among ``keys``.
  func place(of name: String) -> Int? { index[name] }
}

/// A key of the language: its name, what may stand after it, and what it means.
package struct Key: Sendable {
  /// Whether this version understands the key.
  package enum Availability: Sendable {
    case now
    /// Part of the language, and refused with "not yet".
    case later
  }

  /// As it is written in a spec.
  package let name: String
  /// What may stand after it.
  package let shape: Shape
  /// Whether this version understands it.
  package let availability: Availability
  /// Whether a record without it is an error.
  package let isRequired: Bool

  /// One sentence for the reference and for editors.
  package let meaning: String

  /// A key that is understood.
  init(_ name: String, _ shape: Shape, isRequired: Bool = false, _ meaning: String) {
    self.name = name
    self.shape = shape
    availability = .now
    self.isRequired = isRequired
    self.meaning = meaning
  }

  private init(later name: String, _ meaning: String) {
    self.name = name
    shape = .json
    availability = .later
    isRequired = false
    self.meaning = meaning
  }

  /// A key that comes later.
  static func later(_ name: String, _ meaning: String) -> Key { Key(later: name, meaning) }
}
