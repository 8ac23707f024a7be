/// UTF-8 that is written front to back into one buffer: what is generated has thousands of small parts, and as strings
/// that are put together each of them would be copied several times.
package struct GrowingText: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int

  /// How many bytes have been written.
  package private(set) var count = 0

  /// Writes nothing yet.
  /// - Parameter capacity: how many bytes have room before the buffer grows.
  package init(capacity: Int = 1_024) {
    self.capacity = capacity
    start = .allocate(capacity: capacity)
  }

  deinit { start.deallocate() }

  // MARK: What is added

  /// Adds one byte.
  package mutating func add(_ byte: UInt8) {
    if count == capacity { grow(by: 1) }
    start[count] = byte
    count += 1
  }

  /// Adds bytes.
  package mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let first = bytes.baseAddress else { return }
    if capacity - count < bytes.count { grow(by: bytes.count) }
    (start + count).update(from: first, count: bytes.count)
    count += bytes.count
  }

  /// Adds a text.
  package mutating func add(_ text: String) {
    let isAdded: Void? = text.utf8.withContiguousStorageIfAvailable { add($0) }
    if isAdded == nil { for byte in text.utf8 { add(byte) } }
  }

  /// Adds a text.
  package static func += (text: inout GrowingText, other: String) { text.add(other) }

  /// Adds texts, one behind the other: a list of any length would be allocated each time.
  package mutating func write(
    _ first: String, _ second: String, _ third: String = "", _ fourth: String = "",
    _ fifth: String = "", _ sixth: String = ""
  ) {
    add(first)
    add(second)
    if !third.isEmpty { add(third) }
    if !fourth.isEmpty { add(fourth) }
    if !fifth.isEmpty { add(fifth) }
    if !sixth.isEmpty { add(sixth) }
  }

  /// Adds a text in double quotes, as Swift and the language write it: by escapes, where it is no printing ASCII.
  package mutating func add(quoted text: String) {
    add(UInt8(ascii: "\""))
    if text.isPlainLiteral {
      add(text)
    } else {
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": add("\\\"")
        case "\\": add("\\\\")
        case "\n": add("\\n")
        case " "..."~": add(UInt8(truncatingIfNeeded: scalar.value))
        default: add("\\u{\(String(scalar.value, radix: 16))}")
        }
      }
    }
    add(UInt8(ascii: "\""))
  }

  /// Adds some spaces.
  package mutating func addSpaces(_ spaces: Int) {
    if capacity - count < spaces { grow(by: spaces) }
    (start + count).update(repeating: UInt8(ascii: " "), count: spaces)
    count += spaces
  }

  private mutating func grow(by wanted: Int) {
    capacity = max(capacity * 2, count + wanted)
    let longer = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    longer.update(from: start, count: count)
    start.deallocate()
    start = longer
  }

  // MARK: What is there

  /// The last byte; nil where nothing has been written.
  package var last: UInt8? { count > 0 ? start[count - 1] : nil }

  /// Takes back what stands behind an offset.
  package mutating func cut(to offset: Int) {
    precondition(offset <= count)
    count = offset
  }

  /// Looks at what has been written behind an offset.
  package borrowing func withBytes<Result>(
    from offset: Int = 0, _ look: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    precondition(offset <= count)
    return look(UnsafeBufferPointer(start: start + offset, count: count - offset))
  }

  /// A copy of what has been written.
  package var bytes: [UInt8] { withBytes { Array($0) } }

  /// A copy of what has been written.
  package var string: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}

extension String {
  /// Whether it stands in double quotes as it is: printing ASCII, without a quote and a backslash.
  package var isPlainLiteral: Bool {
    utf8.withContiguousStorageIfAvailable(\.isPlainLiteral) ?? utf8.allSatisfy(\.isPlainInLiteral)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether these stand in double quotes as they are: printing ASCII, without a quote and a backslash.
  ///
  /// Eight bytes are looked at together; the last eight of a longer text may have been looked at before.
  var isPlainLiteral: Bool {
    guard count >= 8, let first = baseAddress else { return allSatisfy(\.isPlainInLiteral) }
    let raw = UnsafeRawPointer(first)
    var offset = 0
    while offset < count - 8 {
      if raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self).holdsSpecialByte {
        return false
      }
      offset += 8
    }
    return !raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self).holdsSpecialByte
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The first quote or backslash at or behind an offset, of which there has to be one.
  func firstQuoteOrBackslash(from start: Int) -> Int {
    var index = start
    if let first = baseAddress {
      let raw = UnsafeRawPointer(first)
      while index <= count - 8 {
        let word = UInt64(
          littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let found = word.marks(of: UInt8(ascii: "\"")) | word.marks(of: UInt8(ascii: "\\"))
        if found != 0 { return index + found.trailingZeroBitCount / 8 }
        index += 8
      }
    }
    while self[index] != UInt8(ascii: "\""), self[index] != UInt8(ascii: "\\") { index += 1 }
    return index
  }
}

extension UInt8 {
  /// Whether it stands in double quotes as it is.
  fileprivate var isPlainInLiteral: Bool {
    self &- 0x20 < 0x5F && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
  }
}

extension UInt64 {
  /// A byte, eight times.
  private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// Marks the high bit of bytes that are a certain one. The lowest mark is right; one above it may be wrong.
  fileprivate func marks(of byte: UInt8) -> UInt64 {
    let others = self ^ Self.each(byte)
    return (others &- Self.each(1)) & ~others & Self.each(0x80)
  }

  /// Whether one of the eight bytes does not stand in double quotes as it is.
  fileprivate var holdsSpecialByte: Bool {
    let isBeyondASCII = self & Self.each(0x80) != 0
    // Below a space: the subtraction borrows, which a byte with a high bit would hide; such are found above.
    let isControl = (self &- Self.each(0x20)) & ~self & Self.each(0x80) != 0
    return isBeyondASCII || isControl
      || marks(of: 0x7F) | marks(of: UInt8(ascii: "\"")) | marks(of: UInt8(ascii: "\\")) != 0
  }
}
