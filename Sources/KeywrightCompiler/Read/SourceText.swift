/// A stretch of a source text, in bytes.
package struct Place: Sendable, Hashable {
  /// The first byte.
  package let start: Int
  /// The byte after the last.
  package let end: Int

  /// The bytes from `start` to before `end`.
  package init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = max(start, end)
  }
}

/// The bytes of a file, with its name and its lines.
package struct SourceText: Sendable {
  /// The name that diagnostics print.
  package let name: String
  /// The file's bytes, without a byte-order mark.
  package let bytes: [UInt8]
  private let lineStarts: [Int]

  /// Takes a file's bytes. A byte-order mark at the start is no part of the text.
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
    self.bytes = text
    lineStarts = [0] + text.indices.filter { text[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
  }

  /// Takes a text.
  package init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }

  /// Line and column of a byte.
  /// - Complexity: O(log lines + length of the line)
  package func position(at offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let scalars = bytes[lineStarts[low]..<offset].count { $0 & 0xC0 != 0x80 }
    return Position(line: low + 1, column: scalars + 1, offset: offset)
  }

  /// The text of a place.
  package func text(of place: Place) -> String {
    String(decoding: bytes[place.start..<min(place.end, bytes.count)], as: UTF8.self)
  }

  /// The byte where a line begins; lines count from 0.
  func start(ofLine line: Int) -> Int {
    lineStarts[min(max(line, 0), lineStarts.count - 1)]
  }
}
