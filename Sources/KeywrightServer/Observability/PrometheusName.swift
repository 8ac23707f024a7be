internal import KeywrightDefinition

/// Names in the characters that Prometheus allows; all others become `_`.
///
/// - Source: <https://prometheus.io/docs/concepts/data_model/>
enum PrometheusName {
  /// A metric's name: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
  static func metric(_ text: String) -> String { cleaned(text, alsoAllowed: ":") }

  /// A label's name: `[a-zA-Z_][a-zA-Z0-9_]*`, and no two `_` at its start, which are for
  /// Prometheus itself.
  static func label(_ text: String) -> String {
    let name = cleaned(text, alsoAllowed: "_")
    return name.hasPrefix("__") ? "_" + name.drop { $0 == "_" } : name
  }

  private static func cleaned(_ text: String, alsoAllowed: Unicode.Scalar) -> String {
    var name = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let byte = UInt8(exactly: scalar.value) ?? 0
      let isAllowed = byte.isLetter || byte.isDigit || scalar == alsoAllowed
      name.append(isAllowed ? scalar : "_")
    }
    let startsWithDigit = name.first.map { $0 >= "0" && $0 <= "9" } ?? true
    return startsWithDigit ? "_" + String(name) : String(name)
  }
}
