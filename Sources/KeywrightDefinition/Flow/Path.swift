/// The way from a definition's root to one of its values, such as `methods.oauth.exchange.0.form.code`.
package struct Path: Sendable, Hashable, CustomStringConvertible {
  /// One step down.
  package enum Element: Sendable, Hashable {
    case key(String)
    case index(Int)
  }

  /// From the root down.
  package private(set) var elements: [Element]

  /// A path of elements; the root where there are none.
  package init(_ elements: [Element] = []) { self.elements = elements }

  /// The path to a member.
  package func key(_ name: String) -> Path { Path(elements + [.key(name)]) }

  /// The path to an element.
  package func index(_ index: Int) -> Path { Path(elements + [.index(index)]) }

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
