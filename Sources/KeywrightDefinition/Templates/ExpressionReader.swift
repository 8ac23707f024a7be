/// Why a text is no template or expression.
package struct TemplateFailure: Error, Hashable {
  /// What was found, then what is wanted.
  package let message: String

  /// The stable code of the diagnostic.
  package let code: String

  /// Where, in bytes of the text.
  package let range: Range<Int>
}

/// Reads expressions by the grammar of `LANGUAGE.md` §2, one function a rule.
struct ExpressionReader {
  /// The deepest nesting of brackets and operators that is read.
  static let maximumDepth = 32

  private var tokens: TokenReader
  private var token: Token
  private var depth = 0

  /// Begins at a byte of the text.
  init(_ bytes: [UInt8], from start: Int) throws(TemplateFailure) {
    tokens = TokenReader(bytes: bytes, position: start)
    token = try tokens.next()
  }

  /// Reads an expression and the `>` that ends it; returns the byte after that.
  mutating func untilBracket() throws(TemplateFailure) -> (Expression, end: Int) {
    let expression = try both()
    guard case .sign(.end) = token.kind else {
      throw unexpected(wanted: "'>' or an operator")
    }
    return (expression, token.range.upperBound)
  }

  /// Reads an expression and nothing after it.
  mutating func untilEnd() throws(TemplateFailure) -> Expression {
    let expression = try both()
    guard case .end = token.kind else { throw unexpected(wanted: "an operator or the end") }
    return expression
  }

  private mutating func advance() throws(TemplateFailure) { token = try tokens.next() }

  private func unexpected(wanted: String) -> TemplateFailure {
    var message = "unexpected \(token.kind.found); wanted \(wanted)"
    if case .sign(.open) = token.kind {
      message += "; a function stands behind its value, as in 'value.base64()'"
    }
    if case .end = token.kind {
      return TemplateFailure(message: message, code: "expression-unfinished", range: token.range)
    }
    return TemplateFailure(message: message, code: "expression-syntax", range: token.range)
  }

  private mutating func take(_ keyword: Token.Keyword) throws(TemplateFailure) -> Bool {
    guard case .keyword(keyword) = token.kind else { return false }
    try advance()
    return true
  }

  private mutating func take(_ sign: Token.Sign) throws(TemplateFailure) -> Bool {
    guard case .sign(sign) = token.kind else { return false }
    try advance()
    return true
  }

  private func join(
    _ form: Expression.Form, _ one: Expression, _ other: Expression
  ) -> Expression {
    Expression(form, at: one.range.lowerBound..<other.range.upperBound)
  }

  private mutating func both() throws(TemplateFailure) -> Expression {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.maximumDepth {
      throw TemplateFailure(
        message: "brackets nested deeper than \(Self.maximumDepth)", code: "expression-syntax",
        range: token.range)
    }
    var result = try conjunction()
    while try take(.or) {
      let other = try conjunction()
      result = join(.or(result, other), result, other)
    }
    return result
  }

  private mutating func conjunction() throws(TemplateFailure) -> Expression {
    var result = try denial()
    while try take(.and) {
      let other = try denial()
      result = join(.and(result, other), result, other)
    }
    return result
  }

  private mutating func denial() throws(TemplateFailure) -> Expression {
    let start = token.range.lowerBound
    guard try take(.not) else { return try equation() }
    let operand = try equation()
    return Expression(.not(operand), at: start..<operand.range.upperBound)
  }

  private mutating func equation() throws(TemplateFailure) -> Expression {
    let one = try answer()
    if try take(.equals) {
      let other = try answer()
      return join(.equals(one, other), one, other)
    }
    if try take(.differs) {
      let other = try answer()
      return join(.differs(one, other), one, other)
    }
    return one
  }

  private mutating func answer() throws(TemplateFailure) -> Expression {
    var result = try sum()
    while try take(.else) {
      let other = try sum()
      result = join(.otherwise(result, other), result, other)
    }
    return result
  }

  private mutating func sum() throws(TemplateFailure) -> Expression {
    var result = try postfix()
    while true {
      if try take(.plus) {
        let other = try postfix()
        result = join(.plus(result, other), result, other)
      } else if try take(.minus) {
        let other = try postfix()
        result = join(.minus(result, other), result, other)
      } else {
        return result
      }
    }
  }

  private mutating func postfix() throws(TemplateFailure) -> Expression {
    var result = try primary()
    while try take(.dot) {
      let start = result.range.lowerBound
      let member = token
      switch member.kind {
      // Behind a dot the grammar's words are names like any other.
      case .word, .keyword:
        let name = member.kind.word
        try advance()
        if case .sign(.open) = token.kind {
          result = try call(name, at: member.range, on: result)
        } else {
          result = Expression(
            .member(result, .name(name)), at: start..<member.range.upperBound)
        }
      case .text(let name):
        try advance()
        result = Expression(.member(result, .name(name)), at: start..<member.range.upperBound)
      case .integer(let index):
        guard let index = Int(exactly: index) else { throw unexpected(wanted: "a smaller index") }
        try advance()
        result = Expression(.member(result, .index(index)), at: start..<member.range.upperBound)
      default: throw unexpected(wanted: "a name, a number or a text after '.'")
      }
    }
    return result
  }

  private mutating func call(
    _ name: String, at range: Range<Int>, on receiver: Expression
  ) throws(TemplateFailure) -> Expression {
    guard let function = Function(rawValue: name) else {
      let known = Function.allCases.map(\.rawValue)
      throw TemplateFailure(
        message: "unknown function '\(name)'" + didYouMean(name, among: known),
        code: "unknown-function", range: range)
    }
    guard let signature = function.signature else {
      throw TemplateFailure(
        message: "the function '\(name)' is part of the language, but not yet of this version",
        code: "not-yet", range: range)
    }
    try advance()
    var arguments: [Expression] = []
    if try !take(.close) {
      repeat { arguments.append(try both()) } while try take(.comma)
      guard case .sign(.close) = token.kind else { throw unexpected(wanted: "',' or ')'") }
      try advance()
    }
    try signature.check(arguments, of: name, at: range)
    return Expression(
      .call(function, on: receiver, arguments: arguments),
      at: receiver.range.lowerBound..<tokens.previousEnd)
  }

  private mutating func primary() throws(TemplateFailure) -> Expression {
    let range = token.range
    switch token.kind {
    case .text(let text):
      try advance()
      return Expression(.text(text), at: range)
    case .integer(let integer):
      try advance()
      return Expression(.integer(integer), at: range)
    case .keyword(.true), .keyword(.false):
      let truth = token.kind == .keyword(.true)
      try advance()
      return Expression(.boolean(truth), at: range)
    case .keyword(.none):
      try advance()
      return Expression(.none, at: range)
    case .word(let name):
      try advance()
      return Expression(.name(name), at: range)
    case .sign(.open):
      try advance()
      let inner = try both()
      guard case .sign(.close) = token.kind else { throw unexpected(wanted: "')'") }
      let end = token.range.upperBound
      try advance()
      return Expression(inner.form, at: range.lowerBound..<end)
    default: throw unexpected(wanted: "a name, a text, a number or '('")
    }
  }
}
