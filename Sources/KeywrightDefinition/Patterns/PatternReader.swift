/// Reads a pattern by the dialect of `LANGUAGE.md` §3, one function a rule.
///
/// What is accepted means the same in JavaScript under the flag `u`; where the two could
/// differ, or a reader of the pattern could err, it is refused.
struct PatternReader {
  /// The deepest nesting of groups that is read.
  static let maximumDepth = 32

  private let scalars: [Unicode.Scalar]

  /// The byte at which each scalar begins, then the number of bytes.
  private let offsets: [Int]

  /// The scalar that is read next.
  var position = 0

  /// Whether a group has been met.
  private(set) var hasGroup = false
  private var depth = 0

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    var offsets = [0]
    for scalar in scalars { offsets.append(offsets[offsets.count - 1] + scalar.utf8.count) }
    self.offsets = offsets
  }

  /// Reads the whole pattern.
  mutating func pattern() throws(PatternFailure) -> PatternSyntax {
    if scalars.isEmpty { throw syntax("an empty pattern; leave it out", from: 0) }
    let result = try alternatives()
    if current == ")" {
      throw syntax("')' closes no group; write '\\)' for the character", from: position, count: 1)
    }
    return result
  }

  private mutating func alternatives() throws(PatternFailure) -> PatternSyntax {
    var choices = [try sequence()]
    while current == "|" {
      position += 1
      choices.append(try sequence())
    }
    return choices.count == 1 ? choices[0] : .alternatives(choices)
  }

  private mutating func sequence() throws(PatternFailure) -> PatternSyntax {
    let start = position
    var parts: [PatternSyntax] = []
    while let scalar = current, scalar != "|", scalar != ")" { parts.append(try repetition()) }
    if parts.isEmpty { throw emptyAlternative(at: start) }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  /// Points at the `|` that has nothing on one side, or at the pair `()`.
  private func emptyAlternative(at start: Int) -> PatternFailure {
    if current == "|" || (start > 0 && scalars[start - 1] == "|") {
      return syntax(
        "an empty alternative; leave its '|' out and make the others optional, as in '(a|b)?'",
        from: current == "|" ? start : start - 1, count: 1)
    }
    if start > 0 {
      return syntax(
        "an empty group; leave it out, or write '\\(\\)' for the characters", from: start - 1,
        to: start + 1)
    }
    return syntax("')' closes no group; write '\\)' for the character", from: start, count: 1)
  }

  private mutating func repetition() throws(PatternFailure) -> PatternSyntax {
    let part = try atom()
    guard let (least, most) = try quantifier() else { return part }
    return .repetition(part, least: least, most: most)
  }

  private mutating func atom() throws(PatternFailure) -> PatternSyntax {
    guard let scalar = current else { throw syntax("an unfinished pattern", from: position) }
    let start = position
    switch scalar {
    case "(": return try group()
    case "[": return .scalar(try characterClass())
    case "\\": return .scalar(try escape(isInClass: false))
    case "^", "$":
      throw unsupported(
        "'\(scalar)' is not needed: 'pattern' always matches the whole value, and 'capture' "
          + "always searches; leave it out, or write '\\\(scalar)' for the character",
        from: start, count: 1)
    case "]", "}":
      throw syntax(
        "'\(scalar)' closes nothing; write '\\\(scalar)' for the character", from: start, count: 1)
    case "?", "*", "+", "{":
      _ = try quantifier()
      throw syntax(
        "nothing to repeat before '\(text(from: start))'; write '\\\(scalar)' for the character",
        from: start)
    case ".":
      position += 1
      return .scalar(.withinLine)
    default:
      position += 1
      return .scalar(ScalarSet(scalar))
    }
  }

  private mutating func group() throws(PatternFailure) -> PatternSyntax {
    let open = position
    position += 1
    if current == "?" { throw specialGroup(at: open) }
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth {
      throw tooLarge("groups nested deeper than \(Self.maximumDepth)", from: open, count: 1)
    }
    let isFirst = !hasGroup
    hasGroup = true
    // At the very end, "(" is unclosed before it is empty.
    if current == nil { throw unclosedGroup(at: open) }
    let inner = try alternatives()
    guard current == ")" else { throw unclosedGroup(at: open) }
    position += 1
    return isFirst ? .firstGroup(inner) : inner
  }

  private func unclosedGroup(at open: Int) -> PatternFailure {
    syntax(
      "a group without its ')'; close it, or write '\\(' for the character", from: open, count: 1)
  }
}

/// What the rules of other files read with.
extension PatternReader {
  /// The scalar that is read next, or nil at the end.
  var current: Unicode.Scalar? { scalar(after: 0) }

  /// The scalar that stands some places after the next.
  func scalar(after distance: Int) -> Unicode.Scalar? {
    position + distance < scalars.count ? scalars[position + distance] : nil
  }

  /// The pattern's text from a scalar to the next that is read, fit for a message.
  func text(from start: Int) -> String { text(from: start, to: position) }

  /// The pattern's text between two scalars, fit for a message.
  func text(from start: Int, to end: Int) -> String {
    scalars[start..<min(end, scalars.count)].map(\.shown).joined()
  }

  /// A failure at the scalars from `start` on: `count` of them, or to `end`, or to the position.
  func syntax(
    _ message: String, from start: Int, count: Int? = nil, to end: Int? = nil
  ) -> PatternFailure {
    failure("pattern-syntax", message, start, end ?? count.map { start + $0 })
  }

  /// As `syntax`, for what other dialects have.
  func unsupported(
    _ message: String, from start: Int, count: Int? = nil, to end: Int? = nil
  ) -> PatternFailure {
    failure("pattern-unsupported", message, start, end ?? count.map { start + $0 })
  }

  /// As `syntax`, for what goes beyond a limit.
  func tooLarge(_ message: String, from start: Int, count: Int? = nil) -> PatternFailure {
    failure("pattern-too-large", message, start, count.map { start + $0 })
  }

  private func failure(
    _ code: String, _ message: String, _ start: Int, _ end: Int?
  ) -> PatternFailure {
    let end = min(end ?? position, offsets.count - 1)
    return PatternFailure(
      message: message, code: code, range: offsets[start]..<offsets[max(start, end)])
  }
}

extension Unicode.Scalar {
  /// Itself where it is printable ASCII, else its number, so that no message holds a control
  /// character or half of a cluster.
  fileprivate var shown: String {
    if (0x20...0x7E).contains(value) { return String(self) }
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
