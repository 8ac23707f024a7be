/// Characters after a backslash.
extension PatternReader {
  /// What JavaScript lets a backslash stand before under its flag `u`.
  /// - Source: ECMA-262 §22.2.1 (SyntaxCharacter, IdentityEscape)
  private static let punctuation = "^$\\.*+?()[]{}|/".unicodeScalars

  /// Reads a backslash and what follows it.
  mutating func escape(isInClass: Bool) throws(PatternFailure) -> ScalarSet {
    let start = position
    guard let scalar = scalar(after: 1) else {
      throw syntax(
        "a backslash at the end; write '\\\\' for the character", from: start, count: 1)
    }
    position += 2
    if scalar == "d" { return .digits }
    if Self.punctuation.contains(scalar) || (scalar == "-" && isInClass) {
      return ScalarSet(scalar)
    }
    if let message = refusal(of: scalar, isInClass: isInClass) {
      throw unsupported("'\(text(from: start))' \(message)", from: start)
    }
    let written = text(from: start + 1)
    if scalar.properties.isAlphabetic || scalar == "_" {
      throw syntax("unknown escape '\\\(written)'; write '\(written)'", from: start)
    }
    let place = scalar == "-" ? " outside '[…]'" : ""
    throw syntax("'\(written)' needs no backslash\(place); write '\(written)'", from: start)
  }

  /// What to write instead of an escape of other dialects.
  private func refusal(of scalar: Unicode.Scalar, isInClass: Bool) -> String? {
    switch scalar {
    case "w": isInClass ? Self.write("A-Za-z0-9_") : Self.write("[A-Za-z0-9_]")
    case "s": isInClass ? Self.write(" ") : Self.write("[ ]")
    case "D", "W", "S":
      if isInClass {
        "is not part of a class; write out the characters that it stands for"
      } else {
        switch scalar {
        case "D": Self.write("[^0-9]")
        case "W": Self.write("[^A-Za-z0-9_]")
        default: Self.write("[^ ]")
        }
      }
    case "b", "B": "looks around, which a pattern never does; leave it out"
    case "1"..."9", "k": "refers back, which a pattern never does; write the group again"
    case "p", "P": "is a class beyond ASCII; write out its characters, as in '[A-Za-z]'"
    case "0", "c", "f", "n", "r", "t", "u", "v", "x":
      "is not part of a pattern; write the character itself"
    default: nil
    }
  }

  private static func write(_ replacement: String) -> String {
    "is not part of a pattern; write '\(replacement)'"
  }
}
