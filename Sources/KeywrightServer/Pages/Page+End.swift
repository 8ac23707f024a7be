internal import KeywrightDefinition

/// How an authorization in a browser ended, and who hears of it.
struct BrowserEnd: Sendable {
  let opening: ConnectionWish.Opening
  let integration: String?
  let connection: String?
  /// Nil where it succeeded.
  let error: APIError?

  init(
    _ opening: ConnectionWish.Opening, integration: String?, connection: String?, error: APIError?
  ) {
    self.opening = opening
    self.integration = integration
    self.connection = connection
    self.error = error
  }

  private var facts: [(name: String, value: String)] {
    let all = [
      ("state", error == nil ? "success" : "error"), ("integration", integration),
      ("connection", connection), ("error", error?.code),
    ]
    return all.compactMap { name, value in value.map { (name, $0) } }
  }

  /// Where the browser goes instead of a page of ours: the application's URL, with how it ended. Nothing of it is
  /// secret, and nothing of it is proof; that is what the server says about the ticket.
  var returnURL: String? {
    guard let url = opening.returnURL else { return nil }
    let query = facts.map { "keywright_\($0.name)=\(Encoding.percent($0.value))" }
    return url + (url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + query.joined(separator: "&")
  }

  /// What the page's script reads, and the page says.
  fileprivate var shown: Shown {
    var shown: [String: Any?] = ["origin": opening.origin, "script": "callback.js"]
    for fact in facts { shown[fact.name] = fact.value }
    return shown.compactMapValues { $0 }
  }
}

extension Page {
  /// The page at which a browser ends.
  ///
  /// Its script tells the page that opened the window, and takes the query out of the address bar. The code in it has
  /// been used by then, or is refused wherever it goes: it needs the verifier, which stays here. A redirect to an
  /// address without a query would do that without a script, but would have to keep the page for it, and would turn
  /// each status into 303; who watches a proxy sees the code's address in either way.
  ///
  /// - Parameter root: what the paths of the public URL begin with.
  static func end(_ end: BrowserEnd, of name: String, at root: String) -> View {
    var view =
      end.error.map { failed($0, at: root) }
      ?? View(
        "end",
        [
          "title": "Connected to \(name)",
          "message": "You can close this window, and go on where you came from.",
        ], root: root)
    view.values.merge(end.shown) { $1 }
    // The window stays bound to the page that opened it, which it tells how it ended.
    view.policy.openerPolicy = "unsafe-none"
    view.policy.forms = "'none'"
    return view
  }
}
