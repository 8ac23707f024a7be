import KeywrightDefinition

/// A page as blocks of text, written as Markdown or as HTML from the same source.
package struct PageText: Sendable {
  /// A stretch of a line.
  package enum Inline: Sendable {
    case text(String)
    case code(String)
    case strong(String)
    case link(String, to: String)
  }

  /// A block of lines.
  package enum Block: Sendable {
    case heading(Int, [Inline])
    case paragraph([Inline])
    case list([[Inline]])
    case steps([[Inline]])
    case table([String], rows: [[[Inline]]])
  }

  /// The blocks, from above.
  package private(set) var blocks: [Block] = []

  mutating func heading(_ level: Int, _ line: Inline...) { blocks.append(.heading(level, line)) }

  mutating func paragraph(_ line: Inline...) { blocks.append(.paragraph(line)) }

  mutating func list(_ lines: [[Inline]]) { if !lines.isEmpty { blocks.append(.list(lines)) } }

  mutating func steps(_ lines: [[Inline]]) { blocks.append(.steps(lines)) }

  mutating func table(_ head: [String], _ rows: [[[Inline]]]) {
    if !rows.isEmpty { blocks.append(.table(head, rows: rows)) }
  }
}

extension PageText.Inline: ExpressibleByStringLiteral {
  /// Plain text.
  package init(stringLiteral text: String) { self = .text(text) }
}

// MARK: - Markdown

extension PageText {
  /// The page in Markdown, with a line's end at its end.
  package var markdown: String { blocks.map(Self.markdown).joined(separator: "\n\n") + "\n" }

  private static func markdown(_ block: Block) -> String {
    switch block {
    case .heading(let level, let line):
      String(repeating: "#", count: level) + " " + markdown(line)
    case .paragraph(let line): markdown(line)
    case .list(let lines): lines.map { "- \(markdown($0))" }.joined(separator: "\n")
    case .steps(let lines):
      lines.enumerated().map { "\($0 + 1). \(markdown($1))" }.joined(separator: "\n")
    case .table(let head, let rows):
      ([head.map { $0 }, head.map { _ in "---" }]
        + rows.map { $0.map { markdown($0).replacing("|", with: "\\|") } })
        .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
  }

  private static func markdown(_ line: [Inline]) -> String {
    line.map { inline in
      switch inline {
      case .text(let text): escaped(text)
      case .code(let text): text.contains("`") ? "`` \(text) ``" : "`\(text)`"
      case .strong(let text): "**\(escaped(text))**"
      case .link(let text, let url): text == url ? "<\(url)>" : "[\(escaped(text))](\(url))"
      }
    }.joined()
  }

  /// The text without what has a meaning in Markdown.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if #"\`*_[]<>"#.contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}

// MARK: - HTML

extension PageText {
  /// The page as a whole HTML document, which needs nothing from elsewhere.
  package func html(title: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Encoding.html(title))</title>
    <style>
    :root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
    body { max-width: 46rem; margin: 2rem auto 4rem; padding: 0 1.25rem; overflow-wrap: anywhere; }
    h1 { font-size: 2rem; margin-bottom: .25rem; }
    h2 { margin-top: 2.5rem; border-top: 1px solid #8886; padding-top: 1.5rem; }
    h3 { margin: 1.75rem 0 .5rem; font-size: 1.05rem; }
    code { font-family: ui-monospace, monospace; font-size: .875em; background: #8882; padding: .1em .3em; border-radius: .25em; }
    table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; font-size: .95rem; }
    th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #8884; }
    td, td code { overflow-wrap: normal; }
    ol, ul { padding-left: 1.5rem; }
    li { margin: .25rem 0; }
    </style>
    <body>
    \(blocks.map(Self.html).joined(separator: "\n"))
    </body>
    </html>

    """
  }

  private static func html(_ block: Block) -> String {
    switch block {
    case .heading(let level, let line): "<h\(level)>\(html(line))</h\(level)>"
    case .paragraph(let line): "<p>\(html(line))</p>"
    case .list(let lines): "<ul>\(lines.map { "<li>\(html($0))</li>" }.joined())</ul>"
    case .steps(let lines): "<ol>\(lines.map { "<li>\(html($0))</li>" }.joined())</ol>"
    case .table(let head, let rows):
      "<table><thead><tr>\(head.map { "<th scope=\"col\">\(Encoding.html($0))</th>" }.joined())</tr></thead><tbody>"
        + rows.map { row in "<tr>\(row.map { "<td>\(html($0))</td>" }.joined())</tr>" }.joined()
        + "</tbody></table>"
    }
  }

  private static func html(_ line: [Inline]) -> String {
    line.map { inline in
      switch inline {
      case .text(let text): Encoding.html(text)
      case .code(let text): "<code>\(Encoding.html(text))</code>"
      case .strong(let text): "<strong>\(Encoding.html(text))</strong>"
      case .link(let text, let url): "<a href=\"\(Encoding.html(url))\">\(Encoding.html(text))</a>"
      }
    }.joined()
  }
}
