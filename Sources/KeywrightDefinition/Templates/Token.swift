/// One word, number, text or sign of an expression.
struct Token {
  enum Kind: Equatable {
    /// A name.
    case word(String)
    /// A word of the grammar, which no name may be.
    case keyword(Keyword)
    case integer(Int64)
    case text(String)
    case sign(Sign)
    case end

    /// The text of a word; empty for anything else.
    var word: String {
      switch self {
      case .word(let word): word
      case .keyword(let keyword): keyword.rawValue
      default: ""
      }
    }

    /// How a message names it.
    var found: String {
      switch self {
      case .word, .keyword: "'\(word)'"
      case .integer(let integer): "'\(integer)'"
      case .text: "text"
      case .sign(let sign): "'\(sign.rawValue)'"
      case .end: "end of the expression"
      }
    }
  }

  /// A word of the grammar.
  enum Keyword: String {
    case or, and, not, `else`, `true`, `false`, none

    /// The keyword that some bytes are; nil where they are a name, as most are.
    init?(_ bytes: ArraySlice<UInt8>) {
      switch (bytes.count, bytes.first) {
      case (2, UInt8(ascii: "o")): self = .or
      case (3, UInt8(ascii: "a")): self = .and
      case (3, UInt8(ascii: "n")): self = .not
      case (4, UInt8(ascii: "e")): self = .else
      case (4, UInt8(ascii: "t")): self = .true
      case (4, UInt8(ascii: "n")): self = .none
      case (5, UInt8(ascii: "f")): self = .false
      default: return nil
      }
      if !bytes.elementsEqual(rawValue.utf8) { return nil }
    }
  }

  /// A sign of the grammar.
  enum Sign: String {
    case open = "("
    case close = ")"
    case dot = "."
    case comma = ","
    case plus = "+"
    case minus = "-"
    case end = ">"
    case equals = "=="
    case differs = "!="

    /// The sign that a byte begins; nil where it begins none.
    init?(_ byte: UInt8, before next: UInt8?) {
      switch byte {
      case UInt8(ascii: "("): self = .open
      case UInt8(ascii: ")"): self = .close
      case UInt8(ascii: "."): self = .dot
      case UInt8(ascii: ","): self = .comma
      case UInt8(ascii: "+"): self = .plus
      case UInt8(ascii: "-"): self = .minus
      case UInt8(ascii: ">"): self = .end
      case UInt8(ascii: "=") where next == UInt8(ascii: "="): self = .equals
      case UInt8(ascii: "!") where next == UInt8(ascii: "="): self = .differs
      default: return nil
      }
    }

    var width: Int { self == .equals || self == .differs ? 2 : 1 }
  }

  let kind: Kind
  let range: Range<Int>
}

/// Cuts an expression into tokens, on demand: what follows the closing `>` is never looked at.
struct TokenReader {
  let bytes: [UInt8]
  var position: Int

  /// Where the token before the one that was read last ended.
  private(set) var previousEnd = 0
  private var lastEnd = 0

  init(bytes: [UInt8], position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func next() throws(TemplateFailure) -> Token {
    let token = try scan()
    previousEnd = lastEnd
    lastEnd = token.range.upperBound
    return token
  }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func scan() throws(TemplateFailure) -> Token {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x09 { position += 1 }
    let start = position
    guard let byte else { return Token(kind: .end, range: start..<start) }
    if byte.isLetter || byte == UInt8(ascii: "_") {
      while let byte = self.byte, byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") {
        position += 1
      }
      if let keyword = Token.Keyword(bytes[start..<position]) {
        return Token(kind: .keyword(keyword), range: start..<position)
      }
      return Token(kind: .word(text(from: start)), range: start..<position)
    }
    if byte.isDigit { return try integer(from: start) }
    if byte == UInt8(ascii: "\"") { return try string(from: start) }
    return try sign(byte, from: start)
  }

  private func text(from start: Int) -> String {
    String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func integer(from start: Int) throws(TemplateFailure) -> Token {
    while let byte, byte.isDigit { position += 1 }
    guard let value = Int64(text(from: start)) else {
      throw TemplateFailure(
        message: "'\(text(from: start))' is no 64-bit integer", code: "expression-syntax",
        range: start..<position)
    }
    return Token(kind: .integer(value), range: start..<position)
  }

  private mutating func sign(_ byte: UInt8, from start: Int) throws(TemplateFailure) -> Token {
    let next = start + 1 < bytes.count ? bytes[start + 1] : nil
    guard let sign = Token.Sign(byte, before: next) else {
      // The whole scalar, so that a message never shows half a character.
      var end = start + 1
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      let found = String(decoding: bytes[start..<end], as: UTF8.self)
      throw TemplateFailure(
        message: "unexpected '\(found)' in an expression"
          + Self.remedy(for: found, next: bytes[end...].first),
        code: "expression-syntax", range: start..<end)
    }
    position += sign.width
    if sign == .minus, !hasSpaceAround(start) {
      throw TemplateFailure(
        message:
          "'-' needs a space on both sides; in a name write '_', or put the name into double quotes",
        code: "expression-syntax",
        range: start..<position)
    }
    return Token(kind: .sign(sign), range: start..<position)
  }

  /// What is written here for a sign of other languages.
  private static func remedy(for sign: String, next: UInt8?) -> String {
    switch sign {
    case "&": "; write 'and'"
    case "|": "; write 'or'"
    case "!": "; write 'not'"
    case "=": next == UInt8(ascii: "=") ? "" : "; write '=='"
    case "'": "; a text stands in double quotes"
    case "?": "; 'a else b' is the first that is present"
    case "[": "; an element is written '.0', a member '.name'"
    case "<": "; sizes are not compared here"
    case "*", "/", "%": "; there are '+' and '-' alone"
    default: ""
    }
  }

  private func hasSpaceAround(_ index: Int) -> Bool {
    index > 0 && bytes[index - 1] == 0x20 && index + 1 < bytes.count && bytes[index + 1] == 0x20
  }

  private mutating func string(from start: Int) throws(TemplateFailure) -> Token {
    position += 1
    var text: [UInt8] = []
    while let byte {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        return Token(kind: .text(String(decoding: text, as: UTF8.self)), range: start..<position)
      case UInt8(ascii: "\\"): try escape(into: &text)
      default: text.append(byte)
      }
    }
    throw TemplateFailure(
      message: "a text without its closing '\"'", code: "expression-unfinished",
      range: start..<position)
  }

  private mutating func escape(into text: inout [UInt8]) throws(TemplateFailure) {
    let start = position - 1
    let byte = self.byte
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(bytes[start + 1])
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "u"): text.append(contentsOf: try scalar(from: start))
    default:
      throw TemplateFailure(
        message: "unknown escape; wanted \\\" \\\\ \\n or \\u{…}", code: "expression-syntax",
        range: start..<min(position, bytes.count))
    }
  }

  private mutating func scalar(from start: Int) throws(TemplateFailure) -> [UInt8] {
    let open = position
    while let byte, byte != UInt8(ascii: "}"), position - open < 9 { position += 1 }
    let digits = text(from: min(open + 1, position))
    let isBraced = open < bytes.count && bytes[open] == UInt8(ascii: "{") && byte != nil
    position += 1
    guard isBraced, let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
      throw TemplateFailure(
        message: "no character; wanted \\u{…} with hexadecimal digits",
        code: "expression-syntax", range: start..<min(position, bytes.count))
    }
    return Array(String(scalar).utf8)
  }
}
