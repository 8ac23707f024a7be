/// The way from a definition's root to one of its values, such as `methods.oauth.exchange.0.form.code`.
///
/// A path shares its beginning with the one it was made from, and holds its last element itself: most paths are never
/// continued, and making one of these allocates nothing.
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

  /// All but the last element.
  private let beginning: Link?
  /// Nil for the root, and where all stands in the beginning.
  private let last: Element?

  /// The root.
  package init() { self.init(nil, nil) }

  private init(_ beginning: Link?, _ last: Element?) {
    self.beginning = beginning
    self.last = last
  }

  private func appending(_ element: Element) -> Path {
    Path(shared.beginning, element)
  }

  /// The same path, where several are made from it: they then share it.
  package var shared: Path { last == nil ? self : Path(last.map { Link(beginning, $0) }, nil) }

  /// The path to a member.
  package func key(_ name: String) -> Path { appending(.key(name)) }

  /// The path to an element.
  package func index(_ index: Int) -> Path { appending(.index(index)) }

  /// From the root down.
  package var elements: [Element] {
    var elements = last.map { [$0] } ?? []
    var link = beginning
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
