internal import HTTPTypes

/// The words of pages at which something ends.
enum Page {
  /// What the ends of an authorization are called, by their codes.
  static let titles: [(code: String, text: String)] = [
    ("access_denied", "You did not allow the connection"),
    ("other_browser", "This browser did not start the connection"),
    ("cancelled", "The connection was cancelled"),
    ("aborted", "The connection was cancelled"),
    ("window_closed", "The window was closed before the connection was made"),
    ("expired_flow", "That took too long"),
    ("used_state", "This connection was finished already"),
    ("unknown_state", "There is nothing to finish here"),
    ("missing_state", "There is nothing to finish here"),
    ("other_integration", "There is nothing to finish here"),
    ("unknown_page", "There is nothing here"),
    ("used_connect_session_token", "This link was used already"),
    ("expired_connect_session_token", "This link has ended"),
    ("invalid_connect_session_token", "This link does not work"),
    ("missing_connect_session_token", "This link does not work"),
    ("origin_not_allowed", "This page is not allowed here"),
  ]

  /// What helps a person who reads an error, where its own words are for developers.
  private static let help: [String: String] = [
    "access_denied":
      "Nothing was connected. If that was a mistake, go back to where you came from, and start again.",
    "cancelled": "Nothing was connected. Start again whenever you want to.",
    "connection_exists":
      "There is a connection of this name already, and it stays as it is.",
    "connection_test_failed":
      "What you filled in was not accepted. Check each entry, and try again.",
    "two_step_credentials_fetch_error":
      "What you filled in was not accepted. Check each entry, and try again.",
    "client_credentials_fetch_error":
      "What you filled in was not accepted. Check each entry, and try again.",
  ]

  /// Codes whose own words are for the person at the browser.
  private static let plain: Set<String> = [
    "other_browser", "expired_flow", "used_state", "unknown_state", "missing_state",
    "other_integration", "unknown_page", "used_connect_session_token",
    "expired_connect_session_token", "invalid_connect_session_token",
    "missing_connect_session_token", "origin_not_allowed", "unknown_provider_config",
    "invalid_config",
  ]

  /// An error for the person at the browser, and what was said for whoever helps.
  static func words(_ error: APIError) -> (text: String, detail: String?) {
    let said = sentence(error.message)
    if plain.contains(error.code) { return (said, nil) }
    let text =
      help[error.code]
      ?? "Something is not right on the way, and it is not your fault. Try again; if it stays so, tell whoever sent you here."
    return (text, said)
  }

  static func title(_ code: String) -> String {
    titles.first { $0.code == code }?.text ?? "The connection was not made"
  }

  /// Words of an error as people read them: with a capital and a full stop.
  static func sentence(_ words: String) -> String {
    // A code is no word.
    let isWord = !(words.split(separator: " ").first ?? "").contains("_")
    let text = isWord ? words.prefix(1).uppercased() + words.dropFirst() : words
    return text.hasSuffix(".") || text.isEmpty ? text : text + "."
  }

  /// Why there is no other page.
  static func failed(_ error: APIError, at root: String) -> View {
    let (text, detail) = words(error)
    var view = View(
      "end",
      facts(["title": title(error.code), "message": text, "detail": detail, "code": error.code]),
      root: root)
    view.status = .init(code: error.status)
    return view
  }
}
