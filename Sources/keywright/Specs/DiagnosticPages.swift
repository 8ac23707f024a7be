import CCatalogue

/// The pages of the diagnostics, as they were when this was built: each begins with `# CODE`.
enum DiagnosticPages {
  private static let pages: [(code: String, text: String)] = {
    let bytes = UnsafeBufferPointer(
      start: keywright_diagnostics_start(), count: keywright_diagnostics_size())
    var pages: [(code: String, text: String)] = []
    var isFenced = false
    for line in String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    {
      if line.hasPrefix("```") { isFenced.toggle() }
      if line.hasPrefix("# "), !isFenced {
        pages.append((code: String(line.dropFirst(2)), text: String(line)))
      } else if !pages.isEmpty {
        pages[pages.count - 1].text += "\n" + line
      }
    }
    return pages
  }()

  /// Every code that has a page.
  static var codes: [String] { pages.map(\.code) }

  /// The page of a code; nil where there is none.
  static func page(_ code: String) -> String? { pages.first { $0.code == code }?.text }
}
