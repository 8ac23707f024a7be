package import KeywrightDefinition

/// The bytes of a file, with its name and its lines.
package struct SourceText: Sendable {
  /// The name that diagnostics print.
  package let name: String
  /// The file's bytes, without a byte-order mark.
  package let bytes: [UInt8]
  /// Whether it holds nothing but line ends and printing characters of ASCII, as most specs do.
  let isPlain: Bool
  /// Which of the files of one compilation this is; 0 is the spec itself.
  package var file = 0

  /// Takes a file's bytes. A byte-order mark at the start is no part of the text.
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    self.bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    isPlain = Self.isPlain(self.bytes)
  }

  /// Minima and maxima alone, since the processor takes those of many bytes at a time.
  private static func isPlain(_ bytes: [UInt8]) -> Bool {
    bytes.reduce(0, max) < 0x7F && bytes.reduce(.max, min) >= UInt8(ascii: "\n")
      // What lies between a line end and a space comes first, once a line end is moved to the last place.
      && bytes.reduce(.max) { min($0, $1 &- 0x0B) } >= 0x20 - 0x0B
  }

  /// Takes a text.
  package init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }

  /// Line and column of a byte.
  /// - Complexity: O(length of the text); lines are counted only where something is wrong
  package func position(at offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    let start = (bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    let lines = bytes[..<start].count { $0 == UInt8(ascii: "\n") }
    let scalars = bytes[start..<offset].count { $0 & 0xC0 != 0x80 }
    return Position(line: lines + 1, column: scalars + 1, offset: offset)
  }

  /// The text of a place.
  package func text(of place: Place) -> String {
    String(decoding: bytes[place.start..<min(place.end, bytes.count)], as: UTF8.self)
  }

  /// The byte where a line begins; lines count from 0.
  func start(ofLine line: Int) -> Int {
    var start = 0
    for _ in 0..<line {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return start }
      start = end + 1
    }
    return start
  }

  /// The text of the line that a byte stands in, without its end.
  package func line(at offset: Int) -> String {
    let offset = min(max(offset, 0), bytes.count)
    let start = (bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
