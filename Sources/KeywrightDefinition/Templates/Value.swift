/// What an expression gives: data, never read again as a template.
package enum Value: Sendable, Hashable {
  case text(String)
  case integer(Int64)
  case boolean(Bool)
  case bytes([UInt8])
  case list([Value])
  /// One of a field's choices, with its constants by name.
  case choice(String, [String: String])
  /// The decoded pairs of a query, in their order.
  case pairs([Pair])
  /// Part of an answer, whose type is decided by where it goes.
  case dynamic(JSON)
  /// Elements of one name that stand side by side; the first speaks for them.
  case xml([XMLElement])
  /// A group of values that is read by `.name`, such as `callback` or `credential`.
  case record([String: Value])
  /// The word `none`: leaves the entry out. (What is absent is no value at all.)
  case nothing

  /// One name and its value.
  package struct Pair: Sendable, Hashable {
    /// The decoded name.
    package let name: String
    /// The decoded value.
    package let value: String

    /// Joins a name to its value.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }
}

extension Value {
  /// The value as text: what a dynamic scalar says, an integer in digits; nil for what has no text.
  package var text: String? {
    switch self {
    case .text(let text), .choice(let text, _): text
    case .integer(let integer): String(integer)
    case .boolean(let truth): truth ? "true" : "false"
    case .dynamic(let json): json.scalarText
    case .xml(let elements): elements.first.flatMap { $0.children.isEmpty ? $0.text : nil }
    case .bytes, .list, .pairs, .record, .nothing: nil
    }
  }

  /// The value as an integer; a text of digits that fits into 64 bits is one.
  package var integer: Int64? {
    switch self {
    case .integer(let integer): integer
    case .text(let text): Int64(strict: text)
    case .dynamic(.number(let text)), .dynamic(.string(let text)): Int64(strict: text)
    case .xml: text.flatMap { Int64(strict: $0) }
    default: nil
    }
  }

  /// The value as bytes: its own, or its text's UTF-8.
  package var bytes: [UInt8]? {
    if case .bytes(let bytes) = self { return bytes }
    return text.map { Array($0.utf8) }
  }

  /// The value as JSON; nil for bytes, which have no form in JSON, and for `none`.
  package var json: JSON? {
    switch self {
    case .text(let text), .choice(let text, _): return .string(text)
    case .integer(let integer): return .integer(integer)
    case .boolean(let truth): return .boolean(truth)
    case .dynamic(let json): return json
    case .xml: return text.map { .string($0) }
    case .list(let values):
      let elements = values.compactMap(\.json)
      return elements.count == values.count ? .array(elements) : nil
    case .bytes, .record, .pairs, .nothing: return nil
    }
  }

  /// The elements of a list, of a JSON array, or of XML elements of one name; nil for any other value.
  package var elements: [Value]? {
    switch self {
    case .list(let values): values
    case .dynamic(.array(let elements)): elements.map { .dynamic($0) }
    case .xml(let elements): elements.map { .xml([$0]) }
    default: nil
    }
  }

  /// Whether the type is decided by where the value goes.
  var isDynamic: Bool {
    switch self {
    case .dynamic, .xml: true
    default: false
    }
  }
}

extension Int64 {
  /// Reads an optional `-` and digits; `+5`, ` 5` and `5.0` are none.
  package init?(strict text: String) {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
    guard !digits.isEmpty, text.utf8.count - digits.count <= 1, digits.allSatisfy(\.isDigit),
      let value = Int64(text)
    else { return nil }
    self = value
  }
}
