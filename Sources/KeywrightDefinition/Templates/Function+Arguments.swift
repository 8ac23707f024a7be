extension Function.Signature {
  /// Checks what stands in a function's brackets, as far as it can be seen there.
  func check(
    _ given: [Expression], of name: String, at range: Range<Int>
  ) throws(TemplateFailure) {
    let isFit =
      repeatsLast ? given.count >= arguments.count : given.count == arguments.count
    guard isFit else {
      let wanted = repeatsLast ? "\(arguments.count) or more" : "\(arguments.count)"
      throw TemplateFailure(
        message: "'\(name)' is called with \(given.count) arguments; it takes \(wanted)",
        code: "argument-count", range: range)
    }
    for (index, expression) in given.enumerated() {
      try arguments[min(index, arguments.count - 1)].check(expression, of: name)
    }
  }
}

extension Function.Argument {
  fileprivate func check(_ expression: Expression, of name: String) throws(TemplateFailure) {
    switch self {
    case .literal, .pattern, .word:
      guard case .text(let text) = expression.form else {
        throw TemplateFailure(
          message: "the argument of '\(name)' is written there, as a text in double quotes",
          code: "argument-type", range: expression.range)
      }
      if case .word(let words) = self, !words.contains(text) {
        throw TemplateFailure(
          message: "'\(name)' knows no '\(text)'; wanted one of "
            + words.map { "\"\($0)\"" }.joined(separator: ", ") + didYouMean(text, among: words),
          code: "argument-type", range: expression.range)
      }
      if case .pattern = self { try Self.check(pattern: text, in: expression) }
    case .integer:
      guard case .text = expression.form else { return }
      throw TemplateFailure(
        message: "'\(name)' takes a number, as in '\(name)(8)'", code: "argument-type",
        range: expression.range)
    case .text, .bytes, .condition: break
    }
  }

  private static func check(
    pattern text: String, in expression: Expression
  ) throws(TemplateFailure) {
    do {
      _ = try Pattern(text)
    } catch {
      throw TemplateFailure(
        message: error.message, code: error.code, range: expression.range)
    }
  }
}
