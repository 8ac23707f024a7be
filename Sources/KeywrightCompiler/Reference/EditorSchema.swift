package import KeywrightDefinition

/// The JSON Schema of specs (draft 2020-12), for editors: made of the language's table.
///
/// It knows shapes, keys and words; names, types and proofs are the compiler's.
package enum EditorSchema {
  /// The whole schema.
  package static var json: JSON {
    var definitions: [JSON.Member] = [
      .init(
        "scalar", object([("type", .array(["string", "number", "boolean"].map { .string($0) }))])),
      .init("removal", object([("const", .string("$<none>"))])),
    ]
    for name in Record.Name.allCases where name != .file {
      definitions.append(.init(name.rawValue, record(Language.record(name), of: name)))
    }
    for preset in Language.presets {
      definitions.append(.init("method-\(preset.kind)", record(preset.record, of: nil)))
    }
    definitions.append(.init("method", method))
    guard case .object(var members) = record(Language.record(.file), of: .file) else {
      return .null
    }
    members.insert(
      contentsOf: [
        .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
        .init("title", .string("A spec of Keywright")),
      ], at: 0)
    members.append(.init("$defs", .object(definitions)))
    return .object(members)
  }

  private static func object(_ members: [(String, JSON)]) -> JSON {
    .object(members.map { .init($0.0, $0.1) })
  }

  private static func reference(_ name: String) -> JSON {
    object([("$ref", .string("#/$defs/\(name)"))])
  }

  private static func any(of schemas: [JSON]) -> JSON { object([("anyOf", .array(schemas))]) }

  // MARK: Records

  private static func record(_ record: Record, of name: Record.Name?) -> JSON {
    let keys = record.keys.filter { $0.availability == .now }
    let properties = keys.map { key -> JSON.Member in
      guard case .object(let members) = property(key.shape) else { return .init(key.name, .null) }
      return .init(
        key.name, .object([.init("description", .string(key.meaning.plain))] + members))
    }
    var members: [(String, JSON)] = [
      ("type", .string("object")), ("properties", .object(properties)),
      ("additionalProperties", .boolean(false)),
    ]
    // What a method refines may lack what the file says; a spec that extends another has what that says.
    let required = keys.filter(\.isRequired).map(\.name)
    switch name {
    case .file?:
      members.append(("required", .array([.string("name")])))
      members.append(
        (
          "anyOf",
          .array(["auth", "extends"].map { object([("required", .array([.string($0)]))]) })
        ))
    case .api?, .account?, nil: break
    default:
      if !required.isEmpty { members.append(("required", .array(required.map { .string($0) }))) }
    }
    return object(members)
  }

  /// What may stand after a key: its shape, or `$<none>`, which takes away.
  private static func property(_ shape: Shape) -> JSON {
    switch shape {
    case .text, .template, .condition, .json, .type, .requestLine, .identifier: schema(shape)
    default: any(of: [schema(shape), reference("removal")])
    }
  }

  // MARK: Shapes

  private static func schema(_ shape: Shape) -> JSON {
    switch shape {
    case .text, .template, .condition, .type: return reference("scalar")
    case .truth: return object([("type", .string("boolean"))])
    case .webAddress: return text("^https://")
    case .requestLine: return text("^(GET|POST|PUT|PATCH|DELETE) .")
    case .seconds:
      return object([
        ("type", .string("integer")), ("minimum", .integer(CredentialRule.times.lowerBound)),
        ("maximum", .integer(CredentialRule.times.upperBound)),
      ])
    case .identifier: return text("^[A-Za-z][A-Za-z0-9]*$")
    case .word(let words, _): return object([("enum", .array(words.map { .string($0) }))])
    case .list(let element):
      return object([
        ("type", .string("array")), ("items", schema(element)), ("minItems", .integer(1)),
      ])
    case .map(let value, let names):
      let values = any(of: [schema(value), reference("removal")])
      return object([
        ("type", .string("object")), ("additionalProperties", values),
        ("propertyNames", object([("pattern", .string(pattern(names)))])),
        ("minProperties", .integer(1)),
      ])
    case .record(let name): return reference(name.rawValue)
    case .json: return object([])
    case .methods: return methods
    case .later: return .boolean(false)
    case .either(let shapes):
      let schemas = shapes.map(schema).filter { $0 != .boolean(false) }
      return schemas.count == 1 ? schemas[0] : any(of: schemas)
    }
  }

  private static func text(_ pattern: String) -> JSON {
    object([("type", .string("string")), ("pattern", .string(pattern))])
  }

  private static func pattern(_ names: NameRule) -> String {
    switch names {
    case .value: "^[A-Za-z_][A-Za-z0-9_]*$"
    case .method: "^[a-z0-9][a-z0-9_-]*$"
    case .header: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
    case .free: "."
    }
  }

  // MARK: Methods

  /// The ways in: a method named after a kind needs no `kind`.
  private static var methods: JSON {
    let named = Language.presets.map { preset -> JSON.Member in
      let isKinded = object([("required", .array([.string("kind")]))])
      return .init(
        preset.kind,
        object([
          ("if", isKinded), ("then", reference("method")),
          ("else", reference("method-\(preset.kind)")),
        ]))
    }
    return object([
      ("type", .string("object")), ("properties", .object(named)),
      ("additionalProperties", any(of: [reference("method"), reference("removal")])),
      ("propertyNames", object([("pattern", .string(pattern(.method)))])),
      ("minProperties", .integer(1)),
    ])
  }

  /// A method by its kind. Where a spec extends another the kind may be the base's: then any kind's keys will do.
  private static var method: JSON {
    let kinds = Language.presets.map { JSON.string($0.kind) }
    let choices = Language.presets.map { preset in
      object([
        (
          "if",
          object([
            ("properties", object([("kind", object([("const", .string(preset.kind))]))])),
            ("required", .array([.string("kind")])),
          ])
        ),
        ("then", reference("method-\(preset.kind)")),
      ])
    }
    return object([
      ("type", .string("object")),
      ("properties", object([("kind", object([("enum", .array(kinds))]))])),
      ("allOf", .array(choices)),
    ])
  }
}

extension String {
  /// The sentence without the marks of Markdown.
  fileprivate var plain: String { filter { $0 != "`" } }
}
