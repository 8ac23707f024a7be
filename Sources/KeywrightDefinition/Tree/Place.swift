/// A stretch of a source text, in bytes.
package struct Place: Sendable, Hashable {
  /// The first byte.
  package var start: Int { Int(first) }
  /// The byte after the last.
  package var end: Int { Int(after) }
  /// Which file, where a spec extends others; 0 is the spec itself.
  package var file: Int { Int(number) }

  /// A file has at most 1 MiB, and each node of it has a place.
  private let first: UInt32
  private let after: UInt32
  private let number: UInt32

  /// The bytes from `start` to before `end`.
  package init(_ start: Int, _ end: Int, in file: Int = 0) {
    first = UInt32(start)
    after = UInt32(max(start, end))
    number = UInt32(file)
  }
}
