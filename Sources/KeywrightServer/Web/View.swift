internal import HTTPTypes
internal import Hummingbird
internal import KeywrightDefinition
internal import Mustache
internal import NIOCore

/// What a template shows, by its names.
typealias Shown = [String: Any]

/// What there is: a template takes what is missing as false.
func facts(_ values: [String: Any?]) -> Shown { values.compactMapValues { $0 } }

/// A page as its template makes it. Templates escape every value; no page has a style or a script of its own.
struct View {
  private static let library: MustacheLibrary = {
    var library = MustacheLibrary()
    for (path, text) in WebFiles.texts(in: "pages") {
      do {
        try library.register(text, named: String(path.dropLast(".mustache".count)))
      } catch {
        preconditionFailure("the template '\(path)' can't be read: \(error)")
      }
    }
    return library
  }()

  /// The template's name.
  let name: String
  var values: Shown
  var status = HTTPResponse.Status.ok
  var policy = ContentPolicy()

  init(_ name: String, _ values: Shown, root: String) {
    self.name = name
    self.values = values
    self.values["root"] = root
    self.values["assets"] = "\(root)/assets/\(WebFiles.version)"
  }

  var html: String { Self.library.render(values, withTemplate: name) ?? "" }

  var response: Response {
    Response(
      status: status,
      headers: [
        .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
        .contentSecurityPolicy: policy.text, .init("Referrer-Policy")!: "no-referrer",
        // Windows that a page opens may tell it how they ended.
        .init("Cross-Origin-Opener-Policy")!: policy.openerPolicy,
      ], body: .init(byteBuffer: ByteBuffer(string: html)))
  }
}

/// What a page may load and where it may lead: nothing comes from elsewhere.
struct ContentPolicy {
  /// Who may show the page in a frame.
  var ancestors = "'none'"
  /// Where a form leads. Chromium holds where the answer to it leads by the same word.
  var forms = "'self'"
  var openerPolicy = "same-origin-allow-popups"

  var text: String {
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action \(forms); base-uri 'none'; frame-ancestors \(ancestors)"
  }
}
