/// `[…]` and `[^…]`.
extension PatternReader {
  /// Reads a class from its `[` to its `]`.
  mutating func characterClass() throws(PatternFailure) -> ScalarSet {
    let open = position
    position += 1
    let isNegated = current == "^"
    if isNegated { position += 1 }
    let first = position
    var ranges: [ClosedRange<UInt32>] = []
    while current != "]" {
      if current == nil {
        throw syntax(
          "a class without its ']'; close it, or write '\\[' for the character", from: open,
          count: 1)
      }
      ranges += try member(isFirst: position == first).ranges
    }
    position += 1
    if ranges.isEmpty {
      throw syntax("an empty class; write '\\]' for a ']' in it", from: open)
    }
    let set = ScalarSet(ranges)
    guard isNegated else { return set }
    let complement = set.complement
    if complement.ranges.isEmpty { throw syntax("a class without a character", from: open) }
    return complement
  }

  /// Reads one character of a class, one escape or one range.
  private mutating func member(isFirst: Bool) throws(PatternFailure) -> ScalarSet {
    let start = position
    if isFirst, current == "-" {
      position += 1
      return ScalarSet("-")
    }
    let lower = try end(mayBeDash: isLast(after: 1))
    guard current == "-", !isLast(after: 1) else { return lower }
    position += 1
    let upper = try end(mayBeDash: false)
    guard let low = lower.only, let high = upper.only else {
      throw syntax(
        "'\(text(from: start))' is no range; write '\\-' for the character", from: start)
    }
    guard low <= high else {
      throw syntax("'\(text(from: start))' runs backwards; swap its ends", from: start)
    }
    return ScalarSet([low.value...high.value])
  }

  /// Whether nothing of the class stands at a place.
  private func isLast(after distance: Int) -> Bool {
    let scalar = scalar(after: distance)
    return scalar == nil || scalar == "]"
  }

  /// Reads a single character or an escape.
  private mutating func end(mayBeDash: Bool) throws(PatternFailure) -> ScalarSet {
    guard let scalar = current else { throw syntax("a class without its ']'", from: position) }
    switch scalar {
    case "\\": return try escape(isInClass: true)
    case "[": throw nestedClass()
    case "-" where !mayBeDash:
      throw syntax(
        "'-' within a class; write '\\-' for the character", from: position, count: 1)
    default:
      position += 1
      return ScalarSet(scalar)
    }
  }

  /// Other dialects nest classes here, or name them.
  private func nestedClass() -> PatternFailure {
    guard scalar(after: 1) == ":" else {
      return syntax("'[' within a class; write '\\[' for the character", from: position, count: 1)
    }
    var end = 2
    while let scalar = scalar(after: end), scalar != "]" { end += 1 }
    let written = text(from: position, to: position + end + 1)
    let known = [
      "[:alpha:]": "A-Za-z", "[:digit:]": "0-9", "[:alnum:]": "A-Za-z0-9", "[:upper:]": "A-Z",
      "[:lower:]": "a-z", "[:xdigit:]": "0-9A-Fa-f", "[:word:]": "A-Za-z0-9_",
    ]
    let instead = known[written].map { "write '\($0)'" } ?? "write out its characters"
    return unsupported(
      "'\(written)' is not part of a class; \(instead)", from: position, count: end + 1)
  }
}
