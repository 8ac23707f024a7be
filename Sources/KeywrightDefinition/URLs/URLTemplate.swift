/// A template of a URL, of which it is known what part each segment stands in.
package struct URLTemplate: Sendable, Hashable {
  /// Where in a URL a segment begins.
  package enum Part: Sendable, Hashable {
    /// Nothing stands before it.
    case start
    case authority, path, query, fragment
  }

  /// One segment, with the part it begins in.
  package struct Piece: Sendable, Hashable {
    /// Where the segment begins.
    package let part: Part
    /// The text or expression.
    package let segment: Template.Segment
  }

  /// The text that the URL is made of.
  package let template: Template

  /// The pieces, in the template's order.
  package let pieces: [Piece]

  /// Finds the parts of a template.
  package init(_ template: Template) {
    self.template = template
    var part = Part.start
    pieces = template.segments.map { segment in
      defer { part = part.after(segment) }
      return Piece(part: part, segment: segment)
    }
  }

  /// Whether it continues the API's base: it begins with one slash.
  package var isPath: Bool {
    guard case .literal(let text)? = template.segments.first else { return false }
    return text.utf8.first == UInt8(ascii: "/")
  }
}

extension Template {
  /// Whether it makes a URL that goes without TLS: it begins with `http://`, which no value can.
  package var isPlain: Bool {
    guard case .literal(let text)? = segments.first else { return false }
    return text.utf8.starts(with: "http://".utf8)
  }
}

extension URLTemplate.Part {
  /// The part that the text after a segment stands in.
  func after(_ segment: Template.Segment) -> URLTemplate.Part {
    switch segment {
    case .expression: return self == .start ? .path : self
    case .literal(let text):
      var part = self
      var rest = text.utf8[...]
      if part == .start {
        guard let slashes = rest.firstIndex(of: UInt8(ascii: "/")) else { return .start }
        if slashes == rest.startIndex {
          part = .path
        } else {
          part = .authority
          rest = rest[slashes...].dropFirst(2)
        }
      }
      for byte in rest {
        switch byte {
        case UInt8(ascii: "/"): if part == .authority { part = .path }
        case UInt8(ascii: "?"): if part == .authority || part == .path { part = .query }
        case UInt8(ascii: "#"): part = .fragment
        default: break
        }
      }
      return part
    }
  }
}
