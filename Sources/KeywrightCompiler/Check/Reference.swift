import KeywrightDefinition

/// A name that an expression reads, with the member it takes of it.
struct Reference {
  let name: String

  /// The first member, as in `callback.code`; nil where the name stands alone.
  let member: String?

  /// Where it stands in its template, in bytes.
  let range: Range<Int>

  /// Whether an absent value is answered: by `else`, by a comparison, or by standing in a condition.
  let isAnswered: Bool
}

extension Expression {
  /// The names that are read, from left to right.
  func references(isAnswered: Bool = false) -> [Reference] {
    switch form {
    case .name(let name):
      return [Reference(name: name, member: nil, range: range, isAnswered: isAnswered)]
    case .member(let base, let member):
      if case .name(let name) = base.form {
        let text: String? =
          switch member {
          case .name(let name): name
          case .index(let index): String(index)
          }
        return [Reference(name: name, member: text, range: range, isAnswered: isAnswered)]
      }
      return base.references(isAnswered: isAnswered)
    case .otherwise(let one, let other):
      return one.references(isAnswered: true) + other.references(isAnswered: isAnswered)
    case .equals, .differs:
      return operands.flatMap { $0.references(isAnswered: true) }
    default: return operands.flatMap { $0.references(isAnswered: isAnswered) }
    }
  }
}

extension Template {
  /// The names that are read, from left to right.
  var references: [Reference] { expressions.flatMap { $0.references() } }
}
