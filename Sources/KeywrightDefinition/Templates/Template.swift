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
    guard text.holds(UInt8(ascii: "$")) else {
      self.init(literal: text)
      return
    }
    let bytes = Array(text.utf8)
    var segments: [Segment] = []
    var literal: [UInt8] = []
    func flush() {
      if literal.isEmpty { return }
      // Most begin with a literal, end with a value, and have nothing else.
      if segments.isEmpty { segments.reserveCapacity(2) }
      segments.append(.literal(String(decoding: literal, as: UTF8.self)))
      literal.removeAll(keepingCapacity: true)
    }
    func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }
    var position = 0
    while let sign = bytes[position...].firstIndex(of: UInt8(ascii: "$")) {
      if sign > position { literal += bytes[position..<sign] }
      switch (byte(sign + 1), byte(sign + 2)) {
      case (UInt8(ascii: "<"), _):
        flush()
        let (expression, end) = try Self.expression(in: bytes, at: sign)
        segments.append(.expression(expression))
        position = end
      case (UInt8(ascii: "$"), UInt8(ascii: "<")):
        literal += "$<".utf8
        position = sign + 3
      default:
        literal.append(bytes[sign])
        position = sign + 1
      }
    }
    if position < bytes.count { literal += bytes[position...] }
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

  /// Whether an expression in it is one of some kind.
  package func holds(_ isWanted: (Expression) -> Bool) -> Bool {
    segments.contains { segment in
      if case .expression(let expression) = segment { expression.holds(isWanted) } else { false }
    }
  }

  /// Whether it reads the name, or a member of it, anywhere.
  package func reads(_ name: String) -> Bool {
    segments.contains { segment in
      if case .expression(let expression) = segment { expression.reads(name) } else { false }
    }
  }

  /// The expressions, from left to right.
  package var expressions: [Expression] {
    segments.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
  }
}

extension Template: CustomStringConvertible {
  /// The template in the language; reading it gives an equal one.
  package var description: String {
    if let literalText, !literalText.holds(UInt8(ascii: "<")) { return literalText }
    var text = GrowingText(capacity: 256)
    write(to: &text)
    return text.string
  }

  /// Adds the template in the language to a text.
  func write(to text: inout GrowingText) {
    for segment in segments {
      switch segment {
      case .literal(let literal): text.add(escapingTemplateSign: literal)
      case .expression(let expression):
        text += "$<"
        expression.write(to: &text)
        text += ">"
      }
    }
  }
}

extension Expression {
  /// Reads a condition: an expression by itself, without `$<` and `>`.
  package init(reading text: String) throws(TemplateFailure) {
    var reader = try ExpressionReader(Array(text.utf8), from: 0)
    self = try reader.untilEnd()
  }
}

extension GrowingText {
  /// Adds a text, with `$<` written so that a template reads it as literal.
  fileprivate mutating func add(escapingTemplateSign text: String) {
    let start = count
    add(text)
    guard withBytes(from: start, { $0.contains(UInt8(ascii: "<")) }) else { return }
    cut(to: start)
    for byte in text.utf8 {
      if byte == UInt8(ascii: "<"), count > start, last == UInt8(ascii: "$") {
        add(UInt8(ascii: "$"))
      }
      add(byte)
    }
  }
}
