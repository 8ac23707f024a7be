import KeywrightDefinition

/// What libyaml could not read, in words that say what to write instead.
struct YAMLFailure {
  let message: String
  let code: String
  let place: Place

  /// - Parameters:
  ///   - problem: what libyaml says.
  ///   - position: where it stopped.
  ///   - context: where that began which it was reading.
  init(problem: String, at position: Int, context: Int, hasContext: Bool, in source: SourceText) {
    let bytes = source.bytes
    let start = hasContext ? min(context, bytes.count) : position
    let byte = position < bytes.count ? bytes[position] : nil
    func place(_ offset: Int) -> Place { Place(offset, offset + 1, in: source.file) }
    let first = start < bytes.count ? bytes[start] : nil
    switch problem {
    case "mapping values are not allowed in this context", "did not find expected ',' or '}'",
      "did not find expected ',' or ']'":
      if byte == UInt8(ascii: ":") {
        (message, code) = ("a ': ' within a text; put the text into quotes", "quote-text")
        self.place = place(source.startOfText(before: position))
        return
      }
      if byte == nil || bytes[position...].allSatisfy({ $0 == 0x20 || $0 == 0x0A }),
        let first, "{[".utf8.contains(first)
      {
        let sign = String(decoding: [first], as: UTF8.self)
        (message, code) = ("a '\(sign)' that is not closed", "yaml-syntax")
        self.place = place(start)
        return
      }
      message = "something unexpected within braces or brackets; a comma parts their entries"
    case "found unexpected end of stream"
    where first == UInt8(ascii: "\"") || first == UInt8(ascii: "'"):
      (message, code) = ("a quote that is never closed", "yaml-syntax")
      self.place = place(start)
      return
    case "could not find expected ':'":
      (message, code) = (
        "a line without its ':'; wanted 'key: value', and a comment begins with '#'", "yaml-syntax"
      )
      self.place = place(start)
      return
    case "did not find expected alphabetic or numeric character":
      let sign = first.map { String(decoding: [$0], as: UTF8.self) } ?? "*"
      (message, code) = (
        "'\(sign)' begins a text, which YAML takes for a sign of its own; put the text into quotes",
        "quote-text"
      )
      self.place = place(start)
      return
    case "found character that cannot start any token":
      let sign = byte.map { String(decoding: [$0], as: UTF8.self) } ?? ""
      message = "a text can't begin with '\(sign)'; put the text into quotes"
    case "did not find expected key":
      if let quote = source.quotedText(before: position) {
        message = "a text goes on after its closing quote; put the whole into single quotes"
        code = "quote-template"
        self.place = place(quote)
        return
      }
      message = "wanted a key here; is the line indented as those above it are?"
    case "did not find expected '-' indicator":
      message = "wanted '- ' here, as the elements above have it"
    case "control characters are not allowed":
      message = "a character that no text file holds; remove it"
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      message = "an escape that YAML does not have; single quotes take a backslash as it is"
    default: message = "YAML: \(problem)"
    }
    code = "yaml-syntax"
    self.place = place(position)
  }
}

extension SourceText {
  /// Where the plain text begins, on one line, that a byte stands in or behind.
  fileprivate func startOfText(before position: Int) -> Int {
    var start = position
    while start > 0 {
      let byte = bytes[start - 1]
      if byte == 0x0A || "{[,".utf8.contains(byte) { break }
      if byte == 0x20, start > 1,
        bytes[start - 2] == UInt8(ascii: ":") || bytes[start - 2] == UInt8(ascii: "-")
      {
        break
      }
      start -= 1
    }
    while start < position, bytes[start] == 0x20 { start += 1 }
    return start
  }

  /// Where a text in quotes begins that ends on the same line, before a byte that no quote may be followed by.
  fileprivate func quotedText(before position: Int) -> Int? {
    let line = bytes[..<position].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let end = bytes[line..<position].last { $0 != 0x20 }
    guard let end, end == UInt8(ascii: "\"") || end == UInt8(ascii: "'") else { return nil }
    return bytes[line..<position].firstIndex(of: end)
  }
}
