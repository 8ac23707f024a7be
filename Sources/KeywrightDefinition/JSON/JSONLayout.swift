extension JSON {
  /// A text for people: what fits into `width` columns stands on one line, all else is indented by two spaces.
  /// - Parameter margin: how many spaces each line begins with, beside those columns.
  package func laidOut(width: Int, margin: Int = 0) -> String {
    var writer = JSONWriter()
    writer.write(self)
    return Self.laidOut(writer.bytes, width: width, margin: margin)
  }

  /// Lays out a text that ``JSONWriter`` wrote.
  package static func laidOut(_ compact: [UInt8], width: Int, margin: Int = 0) -> String {
    var text = GrowingText(capacity: compact.count * 2)
    compact.withUnsafeBufferPointer { layOut($0, width: width, margin: margin, into: &text) }
    return text.string
  }

  /// Adds a text that ``JSONWriter`` wrote to another, laid out.
  package static func layOut(
    _ compact: UnsafeBufferPointer<UInt8>, width: Int, margin: Int = 0,
    into text: inout GrowingText
  ) {
    var layout = JSONLayout(compact)
    text.addSpaces(margin)
    layout.value(to: &text, width: width + margin, indent: margin, used: 0)
  }
}

/// Spreads compact JSON over lines. How long each bracket is on one line is measured once, before anything is
/// written, so the work grows with the text and not with its depth.
private struct JSONLayout {
  /// An array or an object of the text.
  private struct Bracket {
    /// How long it is on one line, spaces and all.
    var width: Int
    /// Behind its last byte.
    var end = 0
    /// How many brackets begin before its end.
    var next = 0
  }

  private let text: UnsafeBufferPointer<UInt8>
  /// In the order in which they open.
  private var brackets: [Bracket] = []
  private var position = 0
  private var opened = 0

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    measure()
  }

  private mutating func measure() {
    brackets.reserveCapacity(64 + text.count / 64)
    var open: [Int] = []
    open.reserveCapacity(16)
    var spaces = 0
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "\""):
        position = endOfString(position)
        continue
      case UInt8(ascii: ","), UInt8(ascii: ":"): spaces += 1
      case UInt8(ascii: "{") where text[position + 1] != UInt8(ascii: "}"):
        open.append(brackets.count)
        brackets.append(Bracket(width: -position - spaces))
        spaces += 2
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(brackets.count)
        brackets.append(Bracket(width: -position - spaces))
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        let bracket = open.removeLast()
        brackets[bracket].end = position + 1
        brackets[bracket].width += position + 1 + spaces
        brackets[bracket].next = brackets.count
      default: break
      }
      position += 1
    }
    position = 0
  }

  /// Behind the closing quote of the string that begins at an offset.
  private func endOfString(_ start: Int) -> Int {
    var index = text.firstQuoteOrBackslash(from: start + 1)
    while text[index] == UInt8(ascii: "\\") {
      index = text.firstQuoteOrBackslash(from: index + 2)
    }
    return index + 1
  }

  /// Copies what stands between the position and an offset.
  private mutating func copy(until end: Int, to lines: inout GrowingText) {
    lines.add(UnsafeBufferPointer(rebasing: text[position..<end]))
    position = end
  }

  /// Writes the value at the position, on one line where it fits.
  mutating func value(to lines: inout GrowingText, width: Int, indent: Int, used: Int) {
    switch text[position] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let bracket = brackets[opened]
      let isEmpty = bracket.end == position + 2
      if isEmpty || bracket.width <= width - indent - used {
        line(until: bracket.end, to: &lines)
        opened = bracket.next
      } else {
        opened += 1
        elements(until: bracket.end, to: &lines, width: width - 1, indent: indent)
      }
    case UInt8(ascii: "\""): copy(until: endOfString(position), to: &lines)
    default:
      let rest = text[position...]
      copy(
        until: rest.firstIndex { $0 == 0x2C || $0 == 0x5D || $0 == 0x7D } ?? text.count, to: &lines)
    }
  }

  /// Writes the elements of a bracket that ends at an offset, each on a line of its own.
  private mutating func elements(
    until end: Int, to lines: inout GrowingText, width: Int, indent: Int
  ) {
    let isObject = text[position] == UInt8(ascii: "{")
    copy(until: position + 1, to: &lines)
    while true {
      lines.add(UInt8(ascii: "\n"))
      lines.addSpaces(indent + 2)
      let start = position
      if isObject {
        copy(until: endOfString(position) + 1, to: &lines)
        lines.add(UInt8(ascii: " "))
      }
      value(
        to: &lines, width: width, indent: indent + 2, used: isObject ? position - start + 1 : 0)
      if position == end - 1 { break }
      copy(until: position + 1, to: &lines)
    }
    lines.add(UInt8(ascii: "\n"))
    lines.addSpaces(indent)
    copy(until: end, to: &lines)
  }

  /// Writes on one line, with spaces, up to an offset.
  private mutating func line(until end: Int, to lines: inout GrowingText) {
    while position < end {
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "\""):
        copy(until: endOfString(position), to: &lines)
        continue
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        lines.add(byte)
        lines.add(UInt8(ascii: " "))
      case UInt8(ascii: "{") where text[position + 1] != UInt8(ascii: "}"):
        lines.add(byte)
        lines.add(UInt8(ascii: " "))
      case UInt8(ascii: "}") where text[position - 1] != UInt8(ascii: "{"):
        lines.add(UInt8(ascii: " "))
        lines.add(byte)
      default: lines.add(byte)
      }
      position += 1
    }
  }
}
