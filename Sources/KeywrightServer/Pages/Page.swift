internal import HTTPTypes

/// The words of pages at which something ends.
enum Page {
  /// What the ends of an authorization are called, by their codes.
  static let titles: [(code: String, text: String)] = [
    ("access_denied", "You did not allow the connection"),
    ("other_browser", "This browser did not start the connection"),
    ("cancelled", "The connection was cancelled"),
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

  static func title(_ code: String) -> String {
    titles.first { $0.code == code }?.text ?? "The connection was not made"
  }

  /// Words of an error as people read them: with a capital and a full stop.
  static func sentence(_ words: String) -> String {
    let text = words.prefix(1).uppercased() + words.dropFirst()
    return text.hasSuffix(".") || text.isEmpty ? text : text + "."
  }

  /// Why there is no other page.
  static func failed(_ error: APIError, at root: String) -> View {
    var view = View(
      "end",
      ["title": title(error.code), "message": sentence(error.message), "code": error.code],
      root: root)
    view.status = .init(code: error.status)
    return view
  }
}
