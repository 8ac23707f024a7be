extension JSON {
  /// The deepest nesting that is read; deeper text is refused, so no answer can exhaust the stack.
  package static let maximumDepth = 64

  /// Reads one JSON text (RFC 8259), and nothing beside it.
  ///
  /// Stricter than most: a repeated name, a trailing comma, a lone surrogate or bytes that are no UTF-8 are
  /// errors. A byte-order mark at the start is dropped.
  /// - Complexity: O(n), and O(m²) in the number of members of one object.
  package init(reading bytes: [UInt8]) throws(JSONFailure) {
    var reader = JSONReader(bytes: bytes)
    self = try reader.document()
  }

  /// Reads the text of a string.
  package init(reading text: String) throws(JSONFailure) {
    try self.init(reading: Array(text.utf8))
  }
}

/// A recursive-descent reader over bytes.
private struct JSONReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONFailure) -> JSON {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    if position < bytes.count { throw failure("text after the value") }
    return value
  }

  private func failure(_ reason: String) -> JSONFailure {
    JSONFailure(reason: reason, offset: position)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONFailure) -> JSON {
    if depth > JSON.maximumDepth { throw failure("nesting deeper than \(JSON.maximumDepth)") }
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case nil: throw failure("the end, where a value is wanted")
    default: return .number(try number())
    }
  }

  private mutating func word(_ word: String, _ value: JSON) throws(JSONFailure) -> JSON {
    guard bytes[position...].starts(with: word.utf8) else { throw failure("no JSON value") }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(JSONFailure) -> JSON {
    position += 1
    var members: [JSON.Member] = []
    skipSpace()
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failure("no member name") }
      let start = position
      let name = try string()
      if members.contains(where: { $0.name.isSameBytes(as: name) }) {
        throw JSONFailure(reason: "a repeated member name", offset: start)
      }
      skipSpace()
      guard take(":") else { throw failure("no colon after a member name") }
      skipSpace()
      members.append(JSON.Member(name, try value(depth: depth + 1)))
      skipSpace()
    } while take(",")
    guard take("}") else { throw failure("an object that does not end") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONFailure) -> JSON {
    position += 1
    var elements: [JSON] = []
    skipSpace()
    if take("]") { return .array([]) }
    repeat {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw failure("an array that does not end") }
    return .array(elements)
  }

  private mutating func number() throws(JSONFailure) -> String {
    let start = position
    _ = take("-")
    guard digits() > 0 else { throw failure("no JSON value") }
    let whole = bytes[start..<position].drop { $0 == UInt8(ascii: "-") }
    if whole.count > 1, whole.first == UInt8(ascii: "0") { throw failure("a leading zero") }
    if take("."), digits() == 0 { throw failure("no digit after the point") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      if digits() == 0 { throw failure("no digit in the exponent") }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  private mutating func string() throws(JSONFailure) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure("bytes that are no UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw failure("a control character in a string")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw failure("a string that does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONFailure) {
    position += 1
    guard let byte = next else { throw failure("a string that does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: try unicode())
    default: throw failure("an unknown escape")
    }
  }

  private mutating func unicode() throws(JSONFailure) -> [UInt8] {
    let first = try fourHex()
    var code = UInt32(first)
    if first & 0xFC00 == 0xD800 {
      guard take("\\"), take("u") else { throw failure("a lone surrogate") }
      let second = try fourHex()
      guard second & 0xFC00 == 0xDC00 else { throw failure("a lone surrogate") }
      code = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure("a lone surrogate") }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func fourHex() throws(JSONFailure) -> UInt16 {
    guard position + 4 <= bytes.count else { throw failure("a short escape") }
    let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
    guard digits.utf8.allSatisfy(\.isHexDigit), let value = UInt16(digits, radix: 16) else {
      throw failure("an escape without four hexadecimal digits")
    }
    position += 4
    return value
  }
}
