/// What an expression gives: data, never read again as a template.
package enum Value: Sendable, Hashable {
  case text(String)
  case integer(Int64)
  case boolean(Bool)
  case bytes([UInt8])
  case list([Value])
  /// Part of an answer, whose type is decided by where it goes.
  case dynamic(JSON)
  /// A group of values that is read by `.name`, such as `callback` or `credential`.
  case record([String: Value])
  /// The word `none`: leaves the entry out. (What is absent is no value at all.)
  case nothing
}

extension Value {
  /// The value as text: what a dynamic scalar says, an integer in digits; nil for what has no text.
  package var text: String? {
    switch self {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .boolean(let truth): truth ? "true" : "false"
    case .dynamic(let json): json.scalarText
    case .bytes, .list, .record, .nothing: nil
    }
  }

  /// The value as an integer; a text of digits that fits into 64 bits is one.
  package var integer: Int64? {
    switch self {
    case .integer(let integer): integer
    case .text(let text): Int64(strict: text)
    case .dynamic(.number(let text)), .dynamic(.string(let text)): Int64(strict: text)
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
    case .text(let text): return .string(text)
    case .integer(let integer): return .integer(integer)
    case .boolean(let truth): return .boolean(truth)
    case .dynamic(let json): return json
    case .list(let values):
      let elements = values.compactMap(\.json)
      return elements.count == values.count ? .array(elements) : nil
    case .bytes, .record, .nothing: return nil
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
