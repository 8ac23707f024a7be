extension Expression: CustomStringConvertible {
  /// The expression in the language, with the fewest brackets; reading it gives an equal one.
  package var description: String {
    var text = GrowingText(capacity: 256)
    write(to: &text)
    return text.string
  }

  /// Adds the expression in the language to a text: what is made of many parts is one text that grows.
  func write(to text: inout GrowingText) { write(to: &text, within: .or) }

  private enum Level: Int {
    case or, and, not, equation, answer, sum, postfix
  }

  private var level: Level {
    switch form {
    case .or: .or
    case .and: .and
    case .not: .not
    case .equals, .differs: .equation
    case .otherwise: .answer
    case .plus, .minus: .sum
    default: .postfix
    }
  }

  private func write(to text: inout GrowingText, within outer: Level) {
    let isBracketed = level.rawValue < outer.rawValue
    if isBracketed { text += "(" }
    writePlain(to: &text)
    if isBracketed { text += ")" }
  }

  private func writePlain(to text: inout GrowingText) {
    switch form {
    case .text(let literal): text.add(quoted: literal)
    case .integer(let integer): text += String(integer)
    case .boolean(let truth): text += truth ? "true" : "false"
    case .none: text += "none"
    case .name(let name): text += name
    case .member(let one, let member):
      one.write(to: &text, within: .postfix)
      text += "."
      switch member {
      case .name(let name): Self.writeMember(name, to: &text)
      case .index(let index): text += String(index)
      }
    case .call(let function, let receiver, let arguments):
      receiver.write(to: &text, within: .postfix)
      text += "."
      text += function.rawValue
      text += "("
      for (index, argument) in arguments.enumerated() {
        if index > 0 { text += ", " }
        argument.write(to: &text)
      }
      text += ")"
    case .not(let one):
      text += "not "
      one.write(to: &text, within: .equation)
    case .or(let one, let other): Self.write(one, .or, " or ", other, .and, to: &text)
    case .and(let one, let other): Self.write(one, .and, " and ", other, .not, to: &text)
    case .equals(let one, let other): Self.write(one, .answer, " == ", other, .answer, to: &text)
    case .differs(let one, let other): Self.write(one, .answer, " != ", other, .answer, to: &text)
    case .otherwise(let one, let other): Self.write(one, .answer, " else ", other, .sum, to: &text)
    case .plus(let one, let other): Self.write(one, .sum, " + ", other, .postfix, to: &text)
    case .minus(let one, let other): Self.write(one, .sum, " - ", other, .postfix, to: &text)
    }
  }

  private static func write(
    _ one: Expression, _ left: Level, _ sign: String, _ other: Expression, _ right: Level,
    to text: inout GrowingText
  ) {
    one.write(to: &text, within: left)
    text += sign
    other.write(to: &text, within: right)
  }

  private static func writeMember(_ name: String, to text: inout GrowingText) {
    let isName =
      name.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
      && name.utf8.first.map { !$0.isDigit } ?? false
    if isName { text += name } else { text.add(quoted: name) }
  }
}
