/// The groups of other dialects, all of which begin with `(?`.
extension PatternReader {
  /// Says what to write instead of the special group that opens at a scalar.
  ///
  /// The position is at the group's `?`.
  func specialGroup(at open: Int) -> PatternFailure {
    let kind = scalar(after: 1)
    let after = scalar(after: 2)
    switch (kind, after) {
    case (":", _):
      return unsupported("'(?:' is not needed; write a plain group, '('", from: open, count: 3)
    case ("=", _), ("!", _):
      return lookAround(from: open, count: 3)
    case ("<", "="), ("<", "!"):
      return lookAround(from: open, count: 4)
    case ("<", _), ("'", _), ("P", _):
      return unsupported(
        "groups have no names; write a plain group, '('", from: open, count: kind == "P" ? 4 : 3)
    case (">", _):
      return unsupported("no atomic groups; write a plain group, '('", from: open, count: 3)
    default:
      return unsupported(
        "'\(text(from: open, to: open + 3))' is not part of a pattern, which has no flags; "
          + "write both cases, as in '[Aa]'", from: open, count: 3)
    }
  }

  private func lookAround(from open: Int, count: Int) -> PatternFailure {
    unsupported(
      "'\(text(from: open, to: open + count))' looks around, which a pattern never does; "
        + "write a plain group for what the value holds", from: open, count: count)
  }
}
