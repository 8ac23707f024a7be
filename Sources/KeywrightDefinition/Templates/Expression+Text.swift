extension Expression: CustomStringConvertible {
  /// The expression in the language, with the fewest brackets; reading it gives an equal one.
  package var description: String { text(within: .or) }

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

  private func text(within outer: Level) -> String {
    let inner = plainText
    return level.rawValue < outer.rawValue ? "(\(inner))" : inner
  }

  private var plainText: String {
    switch form {
    case .text(let text): Self.quoted(text)
    case .integer(let integer): String(integer)
    case .boolean(let truth): truth ? "true" : "false"
    case .none: "none"
    case .name(let name): name
    case .member(let one, .name(let name)): "\(one.text(within: .postfix)).\(Self.member(name))"
    case .member(let one, .index(let index)): "\(one.text(within: .postfix)).\(index)"
    case .call(let function, let receiver, let arguments):
      "\(receiver.text(within: .postfix)).\(function.rawValue)("
        + arguments.map(\.description).joined(separator: ", ") + ")"
    case .not(let one): "not \(one.text(within: .equation))"
    case .or(let one, let other): "\(one.text(within: .or)) or \(other.text(within: .and))"
    case .and(let one, let other): "\(one.text(within: .and)) and \(other.text(within: .not))"
    case .equals(let one, let other):
      "\(one.text(within: .answer)) == \(other.text(within: .answer))"
    case .differs(let one, let other):
      "\(one.text(within: .answer)) != \(other.text(within: .answer))"
    case .otherwise(let one, let other):
      "\(one.text(within: .answer)) else \(other.text(within: .sum))"
    case .plus(let one, let other): "\(one.text(within: .sum)) + \(other.text(within: .postfix))"
    case .minus(let one, let other): "\(one.text(within: .sum)) - \(other.text(within: .postfix))"
    }
  }

  private static func member(_ name: String) -> String {
    let isName =
      name.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
      && name.utf8.first.map { !$0.isDigit } ?? false
    return isName ? name : quoted(name)
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case " "..."~": result.unicodeScalars.append(scalar)
      default: result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result + "\""
  }
}
