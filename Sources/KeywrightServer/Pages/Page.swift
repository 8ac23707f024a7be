internal import Foundation
internal import KeywrightCrypto
internal import KeywrightDefinition

/// The pages that a browser ends at: a sentence, what to do next, and nothing from elsewhere.
enum Page {
  private static let style = """
    :root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
    body{max-width:32rem;margin:12vh auto;padding:0 1.25rem}
    h1{font-size:1.4rem;line-height:1.25}
    code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
    p.code{color:light-dark(#595959,#a6a6a6)}
    input,select,button{font:inherit;box-sizing:border-box;width:100%;padding:.5rem .75rem;border-radius:.5rem;border:1px solid GrayText}
    button{background:#1d4ed8;border-color:#1d4ed8;color:#fff;cursor:pointer}
    [role=alert]{border-left:4px solid #b91c1c;padding-left:.75rem}
    """

  /// What lets the one style of our pages through the Content-Security-Policy.
  static let styleHash = "sha256-" + Encoding.base64(digest(Array(style.utf8), .sha256))

  static func html(
    _ title: String, _ body: String, attributes: String = "", script: String? = nil
  ) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Encoding.html(title))</title><style>\(style)</style></head>
    <body\(attributes)><main><h1>\(Encoding.html(title))</h1>
    \(body)
    </main>\(script.map { "<script src=\"\(Encoding.html($0))\"></script>" } ?? "")</body></html>

    """
  }

  /// Why there is no other page.
  static func failed(_ error: APIError) -> String { html(title(error.code), words(error)) }

  /// What went wrong, and what helps.
  static func words(_ error: APIError) -> String {
    """
    <p>\(Encoding.html(sentence(error.message)))</p>
    <p class="code">If you ask for help, tell this code: <code>\(Encoding.html(error.code))</code></p>
    """
  }

  /// Words of an error as people read them: with a capital and a full stop.
  static func sentence(_ words: String) -> String {
    let text = words.prefix(1).uppercased() + words.dropFirst()
    return text.hasSuffix(".") ? text : text + "."
  }

  static func title(_ code: String) -> String {
    switch code {
    case "access_denied": "You did not allow the connection"
    case "other_browser": "This browser did not start the connection"
    case "cancelled": "The connection was cancelled"
    case "expired_flow": "That took too long"
    case "used_state": "This connection was finished already"
    case "unknown_state", "missing_state", "other_integration": "There is nothing to finish here"
    default: "The connection was not made"
    }
  }
}
