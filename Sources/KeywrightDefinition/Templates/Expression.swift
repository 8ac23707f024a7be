/// What stands between `$<` and `>`, or by itself in a condition.
package struct Expression: Sendable {
  /// The operator or operand, with what it is applied to.
  package enum Form: Sendable, Hashable {
    case text(String)
    case integer(Int64)
    case boolean(Bool)
    /// The word `none`: leaves an entry out, and equals what is absent.
    case none
    case name(String)
    /// `body.data`, `body.0` or `body."odd-key"`.
    indirect case member(Expression, Member)
    indirect case call(Function, on: Expression, arguments: [Expression])
    indirect case not(Expression)
    indirect case and(Expression, Expression)
    indirect case or(Expression, Expression)
    indirect case equals(Expression, Expression)
    indirect case differs(Expression, Expression)
    /// `a else b`: the first that is present.
    indirect case otherwise(Expression, Expression)
    indirect case plus(Expression, Expression)
    indirect case minus(Expression, Expression)
  }

  /// What follows a dot.
  package enum Member: Sendable, Hashable {
    case name(String)
    case index(Int)
  }

  /// The operator or operand.
  package let form: Form

  /// Where the expression stands, in bytes of the template it was read from.
  ///
  /// No part of its value: two expressions that say the same are equal wherever they stand.
  package let range: Range<Int>

  /// Joins a form to its place.
  package init(_ form: Form, at range: Range<Int>) {
    self.form = form
    self.range = range
  }
}

extension Expression: Hashable {
  /// Places aside.
  package static func == (one: Expression, other: Expression) -> Bool { one.form == other.form }

  /// Hashes the form, places aside.
  package func hash(into hasher: inout Hasher) { hasher.combine(form) }
}

extension Expression {
  /// The operands, from left to right.
  package var operands: [Expression] {
    switch form {
    case .text, .integer, .boolean, .none, .name: []
    case .member(let one, _), .not(let one): [one]
    case .call(_, let receiver, let arguments): [receiver] + arguments
    case .and(let one, let other), .or(let one, let other), .equals(let one, let other),
      .differs(let one, let other), .otherwise(let one, let other), .plus(let one, let other),
      .minus(let one, let other):
      [one, other]
    }
  }

  /// The operands of a chain of `and`, or the expression itself.
  package var conjuncts: [Expression] {
    guard case .and(let one, let other) = form else { return [self] }
    return one.conjuncts + other.conjuncts
  }

  /// Whether this, or an expression in it, is one of some kind.
  package func holds(_ isWanted: (Expression) -> Bool) -> Bool {
    if isWanted(self) { return true }
    switch form {
    case .text, .integer, .boolean, .none, .name: return false
    case .member(let one, _), .not(let one): return one.holds(isWanted)
    case .call(_, let receiver, let arguments):
      return receiver.holds(isWanted) || arguments.contains { $0.holds(isWanted) }
    case .and(let one, let other), .or(let one, let other), .equals(let one, let other),
      .differs(let one, let other), .otherwise(let one, let other), .plus(let one, let other),
      .minus(let one, let other):
      return one.holds(isWanted) || other.holds(isWanted)
    }
  }

  /// Whether this reads the name, or a member of it, anywhere.
  package func reads(_ name: String) -> Bool {
    holds { if case .name(name) = $0.form { true } else { false } }
  }
}
