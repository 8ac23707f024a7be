/// Text with `$<expression>` in it.
package struct Template: Sendable, Hashable {
  /// A stretch of literal text, or one expression.
  package enum Segment: Sendable, Hashable {
    case literal(String)
    case expression(Expression)
  }

  /// The segments in their order; two literals never stand side by side.
  package let segments: [Segment]

  /// A template of literal text alone.
  package init(literal text: String) { self.init(segments: text.isEmpty ? [] : [.literal(text)]) }

  private init(segments: [Segment]) { self.segments = segments }

  /// A template that is exactly one expression.
  package init(_ expression: Expression) { self.init(segments: [.expression(expression)]) }

  /// Reads a template; `$$<` is a literal `$<`.
  package init(reading text: String) throws(TemplateFailure) {
    guard text.utf8.contains(UInt8(ascii: "$")) else {
      self.init(literal: text)
      return
    }
    let bytes = Array(text.utf8)
    var segments: [Segment] = []
    var literal: [UInt8] = []
    func flush() {
      if !literal.isEmpty { segments.append(.literal(String(decoding: literal, as: UTF8.self))) }
      literal = []
    }
    var position = 0
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "$") {
        literal.append(bytes[position])
        position += 1
      } else if bytes[position...].starts(with: "$$<".utf8) {
        literal.append(contentsOf: "$<".utf8)
        position += 3
      } else if bytes[position...].starts(with: "$<".utf8) {
        flush()
        let (expression, end) = try Self.expression(in: bytes, at: position)
        segments.append(.expression(expression))
        position = end
      } else {
        literal.append(bytes[position])
        position += 1
      }
    }
    flush()
    self.init(segments: segments)
  }

  private static func expression(
    in bytes: [UInt8], at start: Int
  ) throws(TemplateFailure) -> (Expression, end: Int) {
    do {
      var reader = try ExpressionReader(bytes, from: start + 2)
      return try reader.untilBracket()
    } catch  where error.code == "expression-unfinished" {
      throw TemplateFailure(
        message: "'$<' without its '>'", code: "template-unclosed", range: start..<start + 2)
    }
  }

  /// The expression, where the template is exactly one.
  package var soleExpression: Expression? {
    guard segments.count == 1, case .expression(let expression) = segments[0] else { return nil }
    return expression
  }

  /// The text, where no expression stands in it.
  package var literalText: String? {
    if segments.isEmpty { return "" }
    guard segments.count == 1, case .literal(let text) = segments[0] else { return nil }
    return text
  }

  /// The expressions, from left to right.
  package var expressions: [Expression] {
    segments.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }
}

extension Template: CustomStringConvertible {
  /// The template in the language; reading it gives an equal one.
  package var description: String {
    segments.map { segment in
      switch segment {
      case .literal(let text): text.replacingTemplateSign
      case .expression(let expression): "$<\(expression)>"
      }
    }.joined()
  }
}

extension Expression {
  /// Reads a condition: an expression by itself, without `$<` and `>`.
  package init(reading text: String) throws(TemplateFailure) {
    var reader = try ExpressionReader(Array(text.utf8), from: 0)
    self = try reader.untilEnd()
  }
}

extension String {
  /// The text with `$<` written so that a template reads it as literal.
  fileprivate var replacingTemplateSign: String {
    var bytes: [UInt8] = []
    for byte in utf8 {
      if byte == UInt8(ascii: "<"), bytes.last == UInt8(ascii: "$") {
        bytes.append(UInt8(ascii: "$"))
      }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
