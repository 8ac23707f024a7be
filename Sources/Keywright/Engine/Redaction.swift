internal import KeywrightDefinition

/// Takes known secrets out of what a provider says.
package struct Redaction: Sendable {
  private let secrets: [String]

  /// The secrets of a flow: what was filled in, what came back, what was made.
  init(_ method: Method, _ state: FlowState, _ setup: Setup) {
    secrets = Self.secrets(method, state, setup)
  }

  /// Takes out texts that are known by now.
  package init(_ secrets: [String]) { self.secrets = secrets }

  static func secrets(_ method: Method, _ state: FlowState, _ setup: Setup) -> [String] {
    var secrets = method.setup.filter(\.isSecret).compactMap { setup.values[$0.name] }
    secrets += method.ask.filter(\.isSecret).compactMap { state.fields[$0.name] }
    let saved = method.saved.filter(\.isSecret).map(\.name)
    secrets += saved.compactMap { state.saved[$0] }
    secrets += state.callback.values
    secrets += state.credentials.values.flatMap(\.parts.values)
    secrets += state.made.values.compactMap(\.text)
    secrets += [state.verifier, state.state, state.nonce].compactMap { $0 }
    // What is very short is no secret worth hiding, and would tear words apart.
    return secrets.filter { $0.utf8.count >= 4 }.sorted { $0.utf8.count > $1.utf8.count }
  }

  /// The most characters of a provider's text that are kept.
  static let limit = 300

  /// The text on one line, capped, with `<secret>` for each secret, be it plain or encoded as in a URL.
  package func redacted(_ text: String) -> String {
    var result = text
    for secret in secrets {
      for spelling in [secret, Encoding.percent(secret), Encoding.form(secret)] {
        result = result.replacing(spelling, with: "<secret>")
      }
    }
    let line = result.unicodeScalars.map { scalar in
      String(scalar).hasControlCharacter ? " " : String(scalar)
    }
    let kept = line.prefix(Self.limit).joined()
    return line.count > Self.limit ? kept + "…" : kept
  }
}
