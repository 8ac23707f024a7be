internal import KeywrightCrypto
internal import KeywrightDefinition

/// The page on which a person says yes or no.
struct ConsentPage {
  let html: String

  init(_ consent: Consent) {
    let client = consent.client.map { "<code>\(Encoding.html($0))</code>" } ?? "An application"
    let scopes = consent.scopes.map { "<li><code>\(Encoding.html($0))</code></li>" }.joined()
    let wishes =
      scopes.isEmpty
      ? "<p>It asks for no particular scope.</p>" : "<p>It asks for:</p><ul>\(scopes)</ul>"
    html = HTMLPage.text(
      title: "\(consent.provider), simulated",
      """
      <p class="mark">Simulated by Keywright: no account is touched.</p>
      <h1>\(Encoding.html(consent.provider))</h1>
      <p>\(client) wants to use the account of <strong>Ada Lovelace</strong>.</p>
      \(wishes)
      <form method="post">
      <button name="decision" value="approve" class="main" autofocus>Allow</button>
      <button name="decision" value="decline">Decline</button>
      </form>
      """)
  }
}

/// The page that brings a callback as a form, by POST (OAuth 2.0 Form Post Response Mode).
struct FormPostPage {
  let html: String

  init(_ back: Return) {
    let fields = back.pairs.map {
      "<input type=\"hidden\" name=\"\(Encoding.html($0.name))\" value=\"\(Encoding.html($0.value))\">"
    }.joined()
    html = HTMLPage.text(
      title: "Back to the application",
      """
      <h1>Back to the application</h1>
      <form method="post" action="\(Encoding.html(back.redirectURI))">\(fields)
      <button class="main" autofocus>Continue</button></form>
      """)
  }
}

/// What the simulator's pages have in common.
enum HTMLPage {
  private static let style = """
    :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
    body { max-width: 26rem; margin: 12vh auto; padding: 0 1.25rem; }
    .mark { border-left: 4px solid #b45309; padding-left: .75rem; font-size: .9rem; }
    h1 { font-size: 1.5rem; margin: 1.5rem 0 .5rem; }
    ul { padding-left: 1.25rem; }
    code { overflow-wrap: anywhere; }
    form { display: flex; gap: .75rem; margin-top: 1.5rem; }
    button { font: inherit; padding: .6rem 1.25rem; border-radius: .5rem; border: 1px solid GrayText;
      background: Canvas; color: CanvasText; cursor: pointer; }
    button.main { background: #1d4ed8; border-color: #1d4ed8; color: #fff; }
    """

  /// Lets that style in, and nothing else.
  static let policy =
    "default-src 'none'; style-src 'sha256-\(Encoding.base64(digest(Array(style.utf8), .sha256)))'; base-uri 'none'; frame-ancestors 'none'"

  static func text(title: String, _ body: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Encoding.html(title))</title>
    <style>\(style)</style>
    <body>
    <main>
    \(body)
    </main>
    </body>
    </html>
    """
  }
}
