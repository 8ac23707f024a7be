/// A pattern as a tree.
///
/// There is no empty node and no empty set: the reader refuses `()`, `a|`, `{0}` and a class
/// without characters. So each part occurs in some text that matches, and each node becomes at
/// least one instruction, which bounds the compiler's work by the program's size.
indirect enum PatternSyntax {
  /// One character.
  case scalar(ScalarSet)

  /// Two or more parts, one after the other.
  case sequence([PatternSyntax])

  /// Two or more choices; the earlier is preferred.
  case alternatives([PatternSyntax])

  /// As many as possible; without a limit where `most` is nil.
  case repetition(PatternSyntax, least: Int, most: Int?)

  /// The first group of the pattern. Later ones group only, and are not in the tree.
  case firstGroup(PatternSyntax)

  /// Whether the empty text matches.
  var acceptsEmpty: Bool {
    switch self {
    case .scalar: false
    case .sequence(let parts): parts.allSatisfy(\.acceptsEmpty)
    case .alternatives(let choices): choices.contains(where: \.acceptsEmpty)
    case .repetition(let part, let least, _): least == 0 || part.acceptsEmpty
    case .firstGroup(let part): part.acceptsEmpty
    }
  }
}
