import KeywrightDefinition

extension SourceText {
  /// Where some bytes of a scalar's text stand in the file, through quotes, escapes and folding.
  ///
  /// A scalar that the compiler made has no text of its own: its whole place is returned.
  func place(of range: Range<Int>?, in node: Node) -> Place {
    guard case .scalar(let text, let style) = node.content, style != .made else {
      return node.place
    }
    if range == nil, case .cut = style { return place(of: 0..<text.utf8.count, in: node) }
    guard let range else { return node.place }
    if case .cut(let count, let inner) = style {
      // What was cut off is a verb and a space: that it is spelled with spaces does not matter here.
      let whole = Node(
        .scalar(String(repeating: "x", count: count) + text, inner), at: node.place)
      return placeAfter(count, range, in: whole)
    }
    if case .joined(let prefix, let length, let inner) = style {
      let own = prefix..<prefix + length
      guard own.contains(range.lowerBound), range.upperBound <= own.upperBound else {
        return node.place
      }
      let part = Array(text.utf8)[own]
      let scalar = Node(.scalar(String(decoding: part, as: UTF8.self), inner), at: node.place)
      return place(of: range.lowerBound - prefix..<range.upperBound - prefix, in: scalar)
    }
    let map = ScalarAlignment(source: bytes, node.place, text: Array(text.utf8), style).offsets
    guard range.lowerBound < map.count, range.upperBound <= map.count else { return node.place }
    if range.isEmpty { return Place(map[range.lowerBound], map[range.lowerBound] + 1, in: file) }
    let last = map[range.upperBound - 1]
    return Place(map[range.lowerBound], last + 1, in: file)
  }
}

extension SourceText {
  /// Where some bytes stand of a scalar whose first bytes were cut off; those are found in the file as they are.
  private func placeAfter(_ count: Int, _ range: Range<Int>, in whole: Node) -> Place {
    guard case .scalar(let text, let style) = whole.content else { return whole.place }
    let quote = style.isQuoted ? 1 : 0
    let head = bytes[min(whole.place.start + quote, bytes.count)...].prefix(count)
    let full = Array(head) + Array(text.utf8.dropFirst(count))
    return place(
      of: range.lowerBound + count..<range.upperBound + count,
      in: Node(.scalar(String(decoding: full, as: UTF8.self), style), at: whole.place))
  }
}

/// Walks a scalar's text and its source side by side.
private struct ScalarAlignment {
  /// For each byte of the text the byte of the file it came from, and at the end the byte after the last.
  let offsets: [Int]

  init(source: [UInt8], _ place: Place, text: [UInt8], _ style: Node.Style) {
    var offsets: [Int] = []
    var position = place.start
    if style == .singleQuoted || style == .doubleQuoted { position += 1 }
    if style == .block {
      // The header line, `|` or `>`, holds no text.
      while position < place.end, source[position] != UInt8(ascii: "\n") { position += 1 }
    }
    var index = 0
    while index < text.count, position < place.end {
      if style == .doubleQuoted, source[position] == UInt8(ascii: "\\") {
        let (width, produced) = Self.escape(in: source, at: position)
        offsets.append(contentsOf: repeatElement(position, count: produced))
        index += produced
        position += width
      } else if source[position] == text[index] {
        offsets.append(position)
        index += 1
        position += 1
        if style == .singleQuoted, text[index - 1] == UInt8(ascii: "'") { position += 1 }
      } else if text[index] == 0x20 || text[index] == 0x0A, Self.isSpace(source[position]) {
        // A folded line end: the text has one space or line end for it and the indentation after it.
        offsets.append(position)
        index += 1
        while position < place.end, Self.isSpace(source[position]) { position += 1 }
      } else {
        position += 1
      }
    }
    offsets.append(position)
    self.offsets = offsets
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D
  }

  /// How many bytes an escape takes in the file, and how many it makes.
  private static func escape(in source: [UInt8], at position: Int) -> (width: Int, produced: Int) {
    guard position + 1 < source.count else { return (1, 1) }
    let digits =
      switch source[position + 1] {
      case UInt8(ascii: "x"): 2
      case UInt8(ascii: "u"): 4
      case UInt8(ascii: "U"): 8
      default: 0
      }
    guard digits > 0, position + 2 + digits <= source.count else { return (2, 1) }
    let hex = String(decoding: source[position + 2..<position + 2 + digits], as: UTF8.self)
    let scalar = UInt32(hex, radix: 16).flatMap(Unicode.Scalar.init)
    return (2 + digits, scalar.map { UTF8.width($0) } ?? 1)
  }
}
