/// The way from a definition's root to one of its values, such as `methods.oauth.exchange.0.form.code`.
///
/// A path shares its beginning with the one it was made from, so that making one costs one allocation.
package struct Path: Sendable, Hashable, CustomStringConvertible {
  /// One step down.
  package enum Element: Sendable, Hashable {
    case key(String)
    case index(Int)
  }

  private final class Link: Sendable {
    let parent: Link?
    let element: Element

    init(_ parent: Link?, _ element: Element) {
      self.parent = parent
      self.element = element
    }
  }

  private let last: Link?

  /// The root.
  package init() { last = nil }

  private init(_ last: Link) { self.last = last }

  /// The path to a member.
  package func key(_ name: String) -> Path { Path(Link(last, .key(name))) }

  /// The path to an element.
  package func index(_ index: Int) -> Path { Path(Link(last, .index(index))) }

  /// From the root down.
  package var elements: [Element] {
    var elements: [Element] = []
    var link = last
    while let here = link {
      elements.append(here.element)
      link = here.parent
    }
    return elements.reversed()
  }

  /// Element by element.
  package static func == (one: Path, other: Path) -> Bool { one.elements == other.elements }

  /// Hashes the elements.
  package func hash(into hasher: inout Hasher) { hasher.combine(elements) }

  /// The elements, joined by dots.
  package var description: String {
    elements.map { element in
      switch element {
      case .key(let name): name
      case .index(let index): String(index)
      }
    }.joined(separator: ".")
  }
}
