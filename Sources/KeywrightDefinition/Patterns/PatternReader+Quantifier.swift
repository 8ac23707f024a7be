/// `?`, `*`, `+` and counts.
extension PatternReader {
  /// The largest count that is read.
  static let maximumCount = 1_000

  /// Reads a quantifier, if one is next.
  mutating func quantifier() throws(PatternFailure) -> (least: Int, most: Int?)? {
    let start = position
    let result: (least: Int, most: Int?)
    switch current {
    case "?": result = (0, 1)
    case "*": result = (0, nil)
    case "+": result = (1, nil)
    case "{": result = try count()
    default: return nil
    }
    position += 1
    try refuseSecond(after: start)
    return result
  }

  /// Refuses the sign that makes a quantifier lazy or possessive, or is a second one.
  private mutating func refuseSecond(after start: Int) throws(PatternFailure) {
    let quantifier = text(from: start)
    switch current {
    case "?":
      throw unsupported(
        "'\(quantifier)?' is lazy, which a pattern never is; write '\(quantifier)' after a class "
          + "without the character that ends it, as in '[^,]\(quantifier),'", from: start,
        to: position + 1)
    case "+":
      throw unsupported(
        "'\(quantifier)+' is possessive, which a pattern never is; write '\(quantifier)'",
        from: start, to: position + 1)
    case "*", "{":
      throw syntax(
        "a second quantifier after '\(quantifier)'; put what the first repeats into a group",
        from: position, count: 1)
    default: return
    }
  }

  /// Reads `{n}`, `{n,}` or `{n,m}` up to its `}`.
  private mutating func count() throws(PatternFailure) -> (least: Int, most: Int?) {
    let start = position
    position += 1
    let least = number()
    var most = least
    if current == "," {
      position += 1
      most = number()
      if least == nil, most != nil, current == "}" {
        let written = text(from: start + 2)
        throw syntax("a count without its least; write '{0,\(written)}'", from: start, count: 2)
      }
    }
    guard let least, current == "}" else {
      throw syntax(
        "'{' begins no count such as '{2}', '{2,}' or '{2,4}'; write '\\{' for the character",
        from: start, count: 1)
    }
    try check(least, most, from: start)
    return (least, most)
  }

  private func check(_ least: Int, _ most: Int?, from start: Int) throws(PatternFailure) {
    let written = text(from: start, to: position + 1)
    if max(least, most ?? 0) > Self.maximumCount {
      throw failureOfCount("'\(written)' counts further than \(Self.maximumCount)", from: start)
    }
    guard let most else { return }
    if most < least {
      throw syntax(
        "'\(written)' counts down; write '{\(most),\(least)}'", from: start, to: position + 1)
    }
    if most == 0 {
      throw syntax(
        "'\(written)' repeats nothing; leave it out with what it repeats", from: start,
        to: position + 1)
    }
  }

  private func failureOfCount(_ message: String, from start: Int) -> PatternFailure {
    tooLarge(message, from: start, count: position + 1 - start)
  }

  /// Reads digits; a number beyond every limit stays just beyond it.
  private mutating func number() -> Int? {
    var result: Int?
    while let scalar = current, ("0"..."9").contains(scalar) {
      let digit = Int(scalar.value - 0x30)
      result = min((result ?? 0) * 10 + digit, Self.maximumCount + 1)
      position += 1
    }
    return result
  }
}
