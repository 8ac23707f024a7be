import Testing

/// The audit itself: a page without defects passes, and one with a defect does not.
@Suite("The audit of a page")
struct AuditTests {
  /// A page with one thing wrong.
  struct Defect: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What the audit has to say.
    let finding: String
    var head = ""
    var body = ""
    var policy: String? = AuditTests.policy
    var status = 200
  }

  private static let policy =
    "default-src 'none'; style-src 'self'; img-src * data:; frame-src *; connect-src *"

  private static let defects = [
    Defect(
      testDescription: "an image from elsewhere",
      finding: "it asks somebody else: http://other.test",
      body: #"<img src="http://other.test:PORT/image.svg" alt="A square">"#),
    Defect(
      testDescription: "a frame from elsewhere",
      finding: "it asks somebody else: http://other.test",
      body: #"<iframe src="http://other.test:PORT/frame" title="A frame"></iframe>"#),
    Defect(
      testDescription: "an image within a frame from elsewhere",
      finding: "it asks somebody else: http://third.test",
      body: #"<iframe src="http://other.test:PORT/frame" title="A frame"></iframe>"#),
    Defect(
      testDescription: "an inline script", finding: "the console says:",
      body: "<script>document.title = 'changed'</script>"),
    Defect(
      testDescription: "a script that fails", finding: "Uncaught",
      head: #"<script src="/fails.js"></script>"#,
      policy: "default-src 'self'; img-src * data:"),
    Defect(
      testDescription: "what is not there", finding: "404",
      body: #"<img src="/none.png" alt="Nothing">"#),
    Defect(
      testDescription: "an input without a label", finding: "axe label", body: "<input name=x>"),
    Defect(
      testDescription: "grey on white", finding: "light: axe color-contrast",
      body: #"<p class="pale">Hardly to be read</p>"#),
    Defect(
      testDescription: "black on black in the dark", finding: "dark: axe color-contrast",
      body: #"<p class="black">Not to be read at night</p>"#),
    Defect(
      testDescription: "a wide element", finding: "scrolls sideways",
      body: #"<p class="wide">Wide</p>"#),
    Defect(testDescription: "no policy", finding: "it has no Content-Security-Policy", policy: nil),
    Defect(
      testDescription: "a policy that lets inline scripts run", finding: "has 'unsafe-inline'",
      policy: policy + "; script-src 'unsafe-inline'"),
    Defect(
      testDescription: "a policy that says nothing of most", finding: "default-src",
      policy: "style-src 'self'; object-src 'none'"),
    Defect(testDescription: "an unexpected status", finding: "its status is 500", status: 500),
  ]

  private static let style = """
    :root { color-scheme: light dark }
    .pale { color: #bbb; background: #fff }
    @media (prefers-color-scheme: dark) { .black { color: #111; background: #000 } }
    .wide { width: 500px }
    """

  private static func page(_ defect: Defect) -> PageServer.Page {
    PageServer.Page(
      body: """
        <!doctype html><html lang="en"><head><title>A page</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css">\(defect.head)</head>
        <body><main><h1>A page</h1>\(defect.body)</main></body></html>
        """, status: defect.status,
      headers: defect.policy.map { [("Content-Security-Policy", $0)] } ?? [])
  }

  private static func faults(_ defect: Defect, in browser: Chromium) async throws -> [String] {
    let image = PageServer.Page(
      body: #"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>"#,
      type: "image/svg+xml")
    var page = page(defect)
    let frame = PageServer.Page(
      body: #"<!doctype html><html lang="en"><title>A frame</title><main><h1>A frame</h1></main>"#
        + #"<script>new Image().src = `http://third.test:${location.port}/image.svg`</script>"#)
    let style = PageServer.Page(body: style, type: "text/css")
    let script = PageServer.Page(body: "nothing()", type: "text/javascript")
    let others = ["image.svg": image, "frame": frame, "style.css": style, "fails.js": script]
    return try await PageServer.with(others) { other in
      page.body = page.body.replacing("PORT", with: "\(other)")
      return try await PageServer.with(others.merging(["page": page]) { $1 }) { port in
        try await browser.open("http://127.0.0.1:\(port)/page")
        return try await browser.faults("audit")
      }
    }
  }

  @Test("a page without defects passes, and one with a defect does not")
  func defects() async throws {
    // One session for all: each page has a server, and so an origin, of its own.
    try await Chromium.with { browser in
      let good = Defect(testDescription: "none", finding: "")
      #expect(try await Self.faults(good, in: browser) == [])
      for defect in Self.defects {
        let faults = try await Self.faults(defect, in: browser)
        #expect(
          faults.contains { $0.contains(defect.finding) }, "\(defect.testDescription): \(faults)")
      }
    }
  }
}
