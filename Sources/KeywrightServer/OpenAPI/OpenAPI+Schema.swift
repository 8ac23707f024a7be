internal import KeywrightDefinition

extension OpenAPI {
  /// A schema by its keywords, in JSON Schema's dialect 2020-12.
  struct Schema: Sendable {
    private var members: [JSON.Member]

    private init(_ type: String? = nil, _ members: [JSON.Member] = []) {
      self.members = (type.map { [.init("type", .string($0))] } ?? []) + members
    }

    var json: JSON { .object(members) }
  }

  /// A member of an object.
  struct Property: Sendable {
    let name: String
    let schema: Schema
    let isRequired: Bool

    static func required(_ name: String, _ schema: Schema) -> Property {
      Property(name: name, schema: schema, isRequired: true)
    }

    static func optional(_ name: String, _ schema: Schema) -> Property {
      Property(name: name, schema: schema, isRequired: false)
    }
  }
}

extension OpenAPI.Schema {
  typealias Schema = OpenAPI.Schema

  /// Whatever JSON can say.
  static var any: Schema { Schema() }

  static var truth: Schema { Schema("boolean") }

  static func reference(_ name: String) -> Schema {
    Schema(nil, JSON.reference("schemas", name).members ?? [])
  }

  /// A text; lengths count characters.
  static func text(
    atLeast: Int? = nil, atMost: Int? = nil, pattern: String? = nil, format: String? = nil
  ) -> Schema {
    var members: [JSON.Member] = []
    if let atLeast { members.append(.init("minLength", .integer(Int64(atLeast)))) }
    if let atMost { members.append(.init("maxLength", .integer(Int64(atMost)))) }
    if let pattern { members.append(.init("pattern", .string(pattern))) }
    if let format { members.append(.init("format", .string(format))) }
    return Schema("string", members)
  }

  /// A moment, as RFC 3339 has it.
  static var time: Schema { text(format: "date-time") }

  /// Origins of pages.
  static var origins: Schema {
    array(of: text(pattern: originPattern)).described(
      "Whose pages may call what is made for browsers, such as https://app.example.com: https, or http on this machine. None lets all call, and nobody embed."
    )
  }

  private static let name = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
  /// A name has a letter in its last part: what has none is an address.
  private static var originPattern: String {
    "^(https://(\(name)\\.){1,3}[a-z]{2,20}|https?://(localhost|127\\.0\\.0\\.1))(:[1-9][0-9]{0,3})?$"
  }

  static func choice(_ texts: [String]) -> Schema {
    Schema("string", [.init("enum", .texts(texts))])
  }

  static func integer(in range: ClosedRange<Int64>? = nil) -> Schema {
    guard let range else { return Schema("integer", [.init("format", .string("int64"))]) }
    return Schema(
      "integer",
      [
        .init("format", .string("int64")), .init("minimum", .integer(range.lowerBound)),
        .init("maximum", .integer(range.upperBound)),
      ])
  }

  static func array(of element: Schema) -> Schema {
    Schema("array", [.init("items", element.json)])
  }

  /// An object of values of one kind, under names of the caller's.
  static func map(of value: Schema, names: Schema? = nil, atMost: Int? = nil) -> Schema {
    var members: [JSON.Member] = [.init("additionalProperties", value.json)]
    if let names { members.append(.init("propertyNames", names.json)) }
    if let atMost { members.append(.init("maxProperties", .integer(Int64(atMost)))) }
    return Schema("object", members)
  }

  /// An object with members of its own.
  /// - Parameter isOpen: whether it may have others too.
  static func object(_ properties: [OpenAPI.Property], isOpen: Bool = false) -> Schema {
    let required = properties.filter(\.isRequired).map(\.name)
    var members: [JSON.Member] = []
    if !properties.isEmpty {
      members.append(
        .init("properties", .object(properties.map { .init($0.name, $0.schema.json) })))
    }
    if !required.isEmpty { members.append(.init("required", .texts(required))) }
    if !isOpen { members.append(.init("additionalProperties", .boolean(false))) }
    return Schema("object", members)
  }

  static func either(_ schemas: [Schema]) -> Schema {
    Schema(nil, [.init("anyOf", .array(schemas.map(\.json)))])
  }

  /// The same, or `null`.
  var orNull: Schema {
    var copy = self
    guard let index = members.firstIndex(where: { $0.name == "type" }),
      case .string(let type) = members[index].value
    else { return .either([self, Schema("null")]) }
    copy.members[index] = .init("type", .texts([type, "null"]))
    return copy
  }

  /// The same, but for some texts.
  func without(_ texts: [String]) -> Schema {
    var copy = self
    copy.members.append(.init("not", .object([.init("enum", .texts(texts))])))
    return copy
  }

  func described(_ words: String) -> Schema {
    var copy = self
    copy.members.append(.init("description", .string(words)))
    return copy
  }
}
