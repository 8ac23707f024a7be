extension Function {
  /// Applies the function; nil where the value can't be converted, so that `else` can answer it.
  func apply(to value: Value, _ arguments: [Value?]) -> Value? {
    switch self {
    case .lower: value.text.map { .text($0.lowercased()) }
    case .upper: value.text.map { .text($0.uppercased()) }
    case .trim: value.text.map { .text($0.trimmed) }
    case .base64: value.bytes.map { .text(Encoding.base64($0)) }
    case .base64url: value.bytes.map { .text(Encoding.base64URL($0)) }
    case .hex: value.bytes.map { .text(Encoding.hex($0)) }
    case .url: value.text.map { .text(Encoding.percent($0)) }
    case .form: value.text.map { .text(Encoding.form($0)) }
    case .positive: value.integer.flatMap { $0 > 0 ? .integer($0) : nil }
    default: nil  // A function without an argument count is refused when it is read.
    }
  }
}

extension String {
  /// The text without spaces, tabs and line ends at its ends.
  fileprivate var trimmed: String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
    let scalars = unicodeScalars
    guard let start = scalars.firstIndex(where: { !isSpace($0) }),
      let end = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[start...end])
  }
}
