internal import KeywrightDefinition

extension URLTemplate {
  /// Whether a URL is one that this template makes, its query aside; learns the names that stand in it.
  func matches(_ url: URLParts, base: Template?, _ knowledge: inout Knowledge) -> Bool {
    var segments = template.segments
    if isPath, let base { segments = base.withoutFinalSlash + segments }
    return Self.match(segments, url.origin.description + url.path, &knowledge)
  }

  /// Whether a URL lies under the one that this template makes.
  func covers(_ url: URLParts, _ knowledge: inout Knowledge) -> Bool {
    let segments = template.withoutFinalSlash
    if Self.match(segments, url.origin.description, &knowledge) { return true }
    return Self.match(segments, url.origin.description + url.path, &knowledge, isPrefix: true)
  }

  private static func match(
    _ segments: [Template.Segment], _ text: String, _ knowledge: inout Knowledge,
    isPrefix: Bool = false
  ) -> Bool {
    var rest = text[...]
    var trial = knowledge
    for (index, segment) in segments.enumerated() {
      let (known, isLast) = known(segment, isFirst: index == 0, trial)
      if let known {
        guard rest.utf8.starts(with: known.utf8) else { return false }
        rest = rest[rest.utf8.index(rest.startIndex, offsetBy: known.utf8.count)...]
        if isLast { break }
        continue
      }
      guard case .expression(let expression) = segment else { return false }
      let taken = rest.prefix { !"/?#:".contains($0) && !isEnd($0, segments, index) }
      guard let value = FormText.pairs("x=\(taken)")?.first?.value, !value.isEmpty,
        expression.match(value, &trial) != .differs
      else { return false }
      rest = rest[taken.endIndex...]
    }
    guard isPrefix ? rest.isEmpty || rest.first == "/" : rest.isEmpty || rest == "/" else {
      return false
    }
    knowledge = trial
    return true
  }

  /// The text that a segment is known to make, and whether the query begins in it.
  private static func known(
    _ segment: Template.Segment, isFirst: Bool, _ knowledge: Knowledge
  ) -> (String?, isLast: Bool) {
    switch segment {
    case .literal(let text):
      let path = text.prefix { $0 != "?" && $0 != "#" }
      return (String(path), path.count < text.count)
    case .expression(let expression):
      guard let text = expression.value(in: knowledge)?.text else { return (nil, false) }
      if isFirst { return (text.hasSuffix("/") ? String(text.dropLast()) : text, false) }
      return (Encoding.percent(text), false)
    }
  }

  /// Whether a character begins what stands after an open segment.
  private static func isEnd(
    _ character: Character, _ segments: [Template.Segment], _ index: Int
  ) -> Bool {
    guard index + 1 < segments.count, case .literal(let next) = segments[index + 1] else {
      return false
    }
    return next.first == character
  }
}

extension Template {
  fileprivate var withoutFinalSlash: [Segment] {
    guard case .literal(let text)? = segments.last, text.hasSuffix("/") else { return segments }
    return segments.dropLast() + [.literal(String(text.dropLast()))]
  }
}
