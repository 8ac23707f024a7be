/// What the names of an expression mean, where it is evaluated.
package protocol Bindings {
  /// The value of a name; nil where it is absent.
  func value(of name: String) -> Value?

  /// The digest of some bytes, or their HMAC where there is a key; nil where there is no cryptography at hand.
  /// - Parameter name: `md5`, `sha1`, `sha256` or `sha512`.
  func digest(_ bytes: [UInt8], key: [UInt8]?, by name: String) -> [UInt8]?
}

extension Bindings {
  /// Without cryptography a digest is absent.
  package func digest(_ bytes: [UInt8], key: [UInt8]?, by name: String) -> [UInt8]? { nil }
}

/// Bindings in which `item` is one element of a list.
private struct ItemBindings: Bindings {
  let item: Value
  let base: any Bindings

  func value(of name: String) -> Value? {
    name == "item" ? item : base.value(of: name)
  }

  func digest(_ bytes: [UInt8], key: [UInt8]?, by name: String) -> [UInt8]? {
    base.digest(bytes, key: key, by: name)
  }
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
  package func value(in bindings: any Bindings) -> Value? {
    switch form {
    case .text(let text): return .text(text)
    case .integer(let integer): return .integer(integer)
    case .boolean(let truth): return .boolean(truth)
    case .none: return .nothing
    case .name(let name):
      // JSON's `null` counts as absent, wherever it stands.
      let value = bindings.value(of: name)
      return value == .dynamic(.null) ? nil : value
    case .member(let one, .name(let name)) where one.isHeader:
      return one.value(in: bindings)?.member(.name(FieldName.canonical(name)))
    case .member(let one, let member): return one.value(in: bindings)?.member(member)
    case .call(let function, let receiver, let arguments):
      return Self.call(function, on: receiver, arguments, in: bindings)
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
      return one == .nothing || other == .nothing ? .nothing : one.adding(other)
    case .minus(let one, let other):
      guard let one = one.value(in: bindings)?.integer,
        let other = other.value(in: bindings)?.integer
      else { return nil }
      let (difference, overflow) = one.subtractingReportingOverflow(other)
      return overflow ? nil : .integer(difference)
    }
  }

  /// A function on an absent value is absent, on `none` it is `none`.
  private static func call(
    _ function: Function, on receiver: Expression, _ arguments: [Expression],
    in bindings: any Bindings
  ) -> Value? {
    guard let value = receiver.value(in: bindings) else { return nil }
    if value == .nothing { return .nothing }
    if case .condition? = function.signature?.arguments.first {
      return value.elements.flatMap { elements in
        func holds(_ item: Value) -> Bool {
          arguments[0].truth(in: ItemBindings(item: item, base: bindings)) == true
        }
        switch function {
        case .find: return elements.first(where: holds)
        case .filter: return .list(elements.filter(holds))
        default: return .boolean(elements.contains(where: holds))
        }
      }
    }
    let values = arguments.compactMap { $0.value(in: bindings) }
    guard values.count == arguments.count else { return nil }
    return function.apply(to: value, values, in: bindings)
  }

  /// Whether a condition holds; nil where it is absent or no truth value.
  package func truth(in bindings: any Bindings) -> Bool? {
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
  package func value(in bindings: any Bindings) throws(EvaluationFailure) -> Value? {
    if let expression = soleExpression {
      guard let value = expression.value(in: bindings) else {
        throw EvaluationFailure(expression: expression.description, reason: .absent)
      }
      return value == .nothing ? nil : value
    }
    return try text(in: bindings).map { .text($0) }
  }

  /// Evaluates the template as text; nil where `none` stands in it.
  package func text(in bindings: any Bindings) throws(EvaluationFailure) -> String? {
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
  package func text(in bindings: any Bindings) throws(EvaluationFailure) -> String? {
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
