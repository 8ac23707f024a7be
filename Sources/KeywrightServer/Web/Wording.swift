internal import KeywrightDefinition

/// How pages write what is data.
enum Wording {
  /// A moment: for machines as RFC 3339 has it, for people in UTC until their browser knows better.
  static func time(_ name: String, _ seconds: Int64?) -> [String: Any?] {
    guard let time = seconds.flatMap(CalendarTime.init(seconds:)) else { return [:] }
    let machine = time.iso8601
    let text = machine.replacing("T", with: " ").replacing("Z", with: " UTC")
    return [name: machine, name + "Text": text]
  }

  /// What the ways of authorizing are called.
  static func mode(_ mode: String) -> String {
    switch mode {
    case "OAUTH2": "OAuth 2.0"
    case "OAUTH2_CC": "Client credentials"
    case "API_KEY": "API key"
    case "BASIC": "Basic"
    case "TWO_STEP": "Log-in by requests"
    case "NONE": "None"
    default: "Custom"
    }
  }

  /// A word of the interface as people read it.
  static func word(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst().replacing("_", with: " ")
  }

  /// So many of something.
  static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }
}
