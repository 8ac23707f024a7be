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
    compact.withUnsafeBufferPointer { text in
      var layout = JSONLayout(text)
      layout.indent(by: margin)
      layout.value(width: width + margin, indent: margin, used: 0)
      return String(decoding: layout.bytes, as: UTF8.self)
    }
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

  private static let spaces = [UInt8](repeating: UInt8(ascii: " "), count: 32)

  private let text: UnsafeBufferPointer<UInt8>
  /// In the order in which they open.
  private var brackets: [Bracket] = []
  private var position = 0
  private var opened = 0
  private(set) var bytes: [UInt8] = []

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    bytes.reserveCapacity(text.count * 2)
    measure()
  }

  private mutating func measure() {
    var open: [Int] = []
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
    var index = start + 1
    while text[index] != UInt8(ascii: "\"") {
      index += text[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index + 1
  }

  mutating func indent(by count: Int) {
    let spaces = Self.spaces
    if count <= spaces.count {
      spaces.withUnsafeBufferPointer {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[..<count]))
      }
    } else {
      bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count))
    }
  }

  private mutating func copy(to end: Int) {
    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[position..<end]))
    position = end
  }

  /// Writes the value at the position, on one line where it fits.
  mutating func value(width: Int, indent: Int, used: Int) {
    switch text[position] {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let bracket = brackets[opened]
      let isEmpty = bracket.end == position + 2
      if isEmpty || bracket.width <= width - indent - used {
        line(to: bracket.end)
        opened = bracket.next
      } else {
        opened += 1
        elements(to: bracket.end, width: width - 1, indent: indent)
      }
    case UInt8(ascii: "\""): copy(to: endOfString(position))
    default:
      let rest = text[position...]
      copy(to: rest.firstIndex { $0 == 0x2C || $0 == 0x5D || $0 == 0x7D } ?? text.count)
    }
  }

  /// Writes the elements of a bracket, each on a line of its own.
  private mutating func elements(to end: Int, width: Int, indent count: Int) {
    let isObject = text[position] == UInt8(ascii: "{")
    copy(to: position + 1)
    while true {
      bytes.append(UInt8(ascii: "\n"))
      indent(by: count + 2)
      let start = position
      if isObject {
        copy(to: endOfString(position) + 1)
        bytes.append(UInt8(ascii: " "))
      }
      value(
        width: width, indent: count + 2, used: isObject ? position - start + 1 : 0)
      if position == end - 1 { break }
      copy(to: position + 1)
    }
    bytes.append(UInt8(ascii: "\n"))
    indent(by: count)
    copy(to: end)
  }

  /// Writes on one line, with spaces, up to an offset.
  private mutating func line(to end: Int) {
    while position < end {
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "\""):
        copy(to: endOfString(position))
        continue
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        bytes.append(byte)
        bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "{") where text[position + 1] != UInt8(ascii: "}"):
        bytes.append(byte)
        bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "}") where text[position - 1] != UInt8(ascii: "{"):
        bytes.append(UInt8(ascii: " "))
        bytes.append(byte)
      default: bytes.append(byte)
      }
      position += 1
    }
  }
}
