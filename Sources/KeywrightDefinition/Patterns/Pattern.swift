/// A regular expression of a dialect that is matched in linear time and means the same in
/// JavaScript.
///
/// - Source: `LANGUAGE.md` §3, row `pattern`
package struct Pattern: Sendable {
  /// The pattern as its author wrote it.
  package let text: String

  private let program: [PatternInstruction]

  /// Reads a pattern; throws where it is not of the dialect or too large, and says what to write.
  package init(_ text: String) throws(PatternFailure) {
    var reader = PatternReader(text)
    let syntax = try reader.pattern()
    program = try PatternCompiler.program(
      for: syntax, hasGroup: reader.hasGroup, size: text.utf8.count)
    self.text = text
  }

  /// Whether the whole of a text matches, as `new RegExp("^(?:" + text + ")$", "u")` does.
  ///
  /// Complexity: O(states × scalars), for every pattern and every text.
  package func matches(_ text: String) -> Bool {
    var simulation = PatternSimulation(program)
    return simulation.match(Array(text.unicodeScalars), whole: true) != nil
  }

  /// Searches a text, and gives the pattern's first group, or the match where it has no group.
  ///
  /// The leftmost match, as JavaScript's `new RegExp(text, "u")` finds it; nil without one, and
  /// where the first group took no part in it, as in `a|(b)`.
  ///
  /// Complexity: O(states × scalars).
  package func capture(in text: String) -> String? {
    let scalars = Array(text.unicodeScalars)
    var simulation = PatternSimulation(program)
    guard let match = simulation.match(scalars, whole: false), let begin = match.begin,
      let end = match.end
    else { return nil }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars[begin..<end])
    return String(result)
  }
}

extension Pattern: Hashable {
  /// By the text's bytes: `String` takes `é` and `e` with an accent for the same, patterns do not.
  package static func == (one: Pattern, other: Pattern) -> Bool {
    one.text.isSameBytes(as: other.text)
  }

  /// Hashes the text's bytes.
  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension Pattern: CustomStringConvertible {
  /// The pattern as its author wrote it.
  package var description: String { text }
}
