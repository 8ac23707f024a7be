/// What the names of an expression mean, where it is evaluated.
package protocol Bindings {
  /// The value of a name; nil where it is absent.
  func value(of name: String) -> Value?
}

extension Dictionary: Bindings where Key == String, Value == KeywrightDefinition.Value {
  /// The value of a name; nil where there is none.
  package func value(of name: String) -> KeywrightDefinition.Value? { self[name] }
}

/// Why an expression has no value here. It names the expression, never a value.
package struct EvaluationFailure: Error, Hashable, CustomStringConvertible {
  /// What went wrong.
  package enum Reason: String, Sendable {
    case absent = "is absent"
    case notText = "is no text"
    case notTruth = "is neither true nor false"
  }

  /// The expression, in the language.
  package let expression: String
  /// What is wrong with its value.
  package let reason: Reason

  /// Joins an expression to what is wrong with its value.
  package init(expression: String, reason: Reason) {
    self.expression = expression
    self.reason = reason
  }

  /// The expression and what is wrong with it.
  package var description: String { "'\(expression)' \(reason.rawValue)" }
}

extension Expression {
  /// Evaluates the expression: nil where it is absent.
  ///
  /// What can't be converted is absent, so that `else` can answer it.
  package func value(in bindings: some Bindings) -> Value? {
    switch form {
    case .text(let text): return .text(text)
    case .integer(let integer): return .integer(integer)
    case .boolean(let truth): return .boolean(truth)
    case .none: return .nothing
    case .name(let name): return bindings.value(of: name)
    case .member(let one, let member): return one.value(in: bindings)?.member(member)
    case .call(let function, let receiver, let arguments):
      guard let value = receiver.value(in: bindings), value != .nothing else { return nil }
      return function.apply(to: value, arguments.map { $0.value(in: bindings) })
    case .not(let one): return one.truth(in: bindings).map { .boolean(!$0) }
    case .and(let one, let other):
      return Self.both(one.truth(in: bindings), { other.truth(in: bindings) }, decisive: false)
    case .or(let one, let other):
      return Self.both(one.truth(in: bindings), { other.truth(in: bindings) }, decisive: true)
    case .equals(let one, let other):
      return .boolean(Value.areEqual(one.value(in: bindings), other.value(in: bindings)))
    case .differs(let one, let other):
      return .boolean(!Value.areEqual(one.value(in: bindings), other.value(in: bindings)))
    case .otherwise(let one, let other): return one.value(in: bindings) ?? other.value(in: bindings)
    case .plus(let one, let other):
      guard let one = one.value(in: bindings), let other = other.value(in: bindings) else {
        return nil
      }
      return one.adding(other)
    case .minus(let one, let other):
      guard let one = one.value(in: bindings)?.integer,
        let other = other.value(in: bindings)?.integer
      else { return nil }
      let (difference, overflow) = one.subtractingReportingOverflow(other)
      return overflow ? nil : .integer(difference)
    }
  }

  /// Whether a condition holds; nil where it is absent or no truth value.
  package func truth(in bindings: some Bindings) -> Bool? {
    switch value(in: bindings) {
    case .boolean(let truth), .dynamic(.boolean(let truth)): truth
    default: nil
    }
  }

  private static func both(_ one: Bool?, _ other: () -> Bool?, decisive: Bool) -> Value? {
    if one == decisive { return .boolean(decisive) }
    guard one != nil, let other = other() else { return nil }
    return .boolean(other)
  }
}

extension Template {
  /// Evaluates the template: an expression that stands alone keeps its type, all else is text.
  ///
  /// Nil where `none` stands in it: the entry is left out.
  /// - Throws: ``EvaluationFailure`` where an expression is absent or has no text.
  package func value(in bindings: some Bindings) throws(EvaluationFailure) -> Value? {
    if let expression = soleExpression {
      guard let value = expression.value(in: bindings) else {
        throw EvaluationFailure(expression: expression.description, reason: .absent)
      }
      return value == .nothing ? nil : value
    }
    return try text(in: bindings).map { .text($0) }
  }

  /// Evaluates the template as text; nil where `none` stands in it.
  package func text(in bindings: some Bindings) throws(EvaluationFailure) -> String? {
    var result = ""
    for segment in segments {
      switch segment {
      case .literal(let text): result += text
      case .expression(let expression):
        guard let text = try expression.text(in: bindings) else { return nil }
        result += text
      }
    }
    return result
  }
}

extension Expression {
  /// Evaluates the expression as text; nil where it is `none`.
  package func text(in bindings: some Bindings) throws(EvaluationFailure) -> String? {
    guard let value = value(in: bindings) else {
      throw EvaluationFailure(expression: description, reason: .absent)
    }
    if value == .nothing { return nil }
    guard let text = value.text else {
      throw EvaluationFailure(expression: description, reason: .notText)
    }
    return text
  }
}
