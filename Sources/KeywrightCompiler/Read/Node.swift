/// A value of a spec file, with its place.
package struct Node: Sendable {
  /// A scalar's text, a list's elements or a map's members.
  package indirect enum Content: Sendable {
    case scalar(String, Style)
    case list([Node])
    case map([Member])
  }

  /// How a scalar was written.
  package indirect enum Style: Sendable, Hashable {
    case plain, singleQuoted, doubleQuoted, block
    /// Made by the compiler; its place is that of what caused it.
    case made
    /// Made of another scalar, which stands in it after so many bytes, as long as it is.
    case joined(prefix: Int, length: Int, Style)
    /// The end of another scalar, after so many bytes.
    case cut(Int, Style)

    /// Whether the author marked it as text.
    package var isQuoted: Bool { self == .singleQuoted || self == .doubleQuoted || self == .block }
  }

  /// A key and its value.
  package struct Member: Sendable {
    /// As it is read, quotes and escapes undone.
    package let key: String
    /// Where the key stands.
    package let keyPlace: Place
    /// What stands after it.
    package var value: Node

    /// Joins a key to its value.
    package init(_ key: String, at place: Place, _ value: Node) {
      self.key = key
      keyPlace = place
      self.value = value
    }
  }

  /// What the node holds.
  package var content: Content
  /// Where it stands; a made node has the place of its cause.
  package let place: Place

  /// Joins a content to its place.
  package init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
  }
}

extension Node {
  /// A scalar that the compiler made.
  static func text(_ text: String, at place: Place) -> Node {
    Node(.scalar(text, .made), at: place)
  }

  /// A scalar that the compiler made as text, which stays text where a literal would have a type.
  static func quoted(_ text: String, at place: Place) -> Node {
    Node(.scalar(text, .doubleQuoted), at: place)
  }

  /// The text of a scalar.
  package var text: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }

  /// How a scalar was written; made for any other node.
  var style: Style {
    guard case .scalar(_, let style) = content else { return .made }
    return style
  }

  /// The elements of a list.
  package var elements: [Node]? {
    guard case .list(let elements) = content else { return nil }
    return elements
  }

  /// The members of a map; none for any other node.
  package var members: [Member] {
    guard case .map(let members) = content else { return [] }
    return members
  }

  /// Whether this is `$<none>`, which takes away what was inherited.
  var isRemoval: Bool {
    guard case .scalar(let text, _) = content else { return false }
    return text.utf8.count == 7 && text == "$<none>"
  }

  /// The first byte of the node, for what is missing in it.
  var start: Place { Place(place.start, place.start + 1, in: place.file) }

  /// Whether this is a map.
  var isMap: Bool { if case .map = content { true } else { false } }

  /// The member with a key.
  func member(_ key: String) -> Member? {
    members.first { $0.key.utf8.elementsEqual(key.utf8) }
  }

  /// The value of a key.
  package subscript(key: String) -> Node? { member(key)?.value }

  /// The node with one member replaced, or added at the end.
  func setting(_ key: String, at place: Place? = nil, _ value: Node) -> Node {
    var members = members
    let place = place ?? value.place
    if let index = members.firstIndex(where: { $0.key == key }) {
      members[index].value = value
    } else {
      members.append(Member(key, at: place, value))
    }
    return Node(.map(members), at: self.place)
  }

  /// What kind of node this is, in a message.
  var kindName: String {
    switch content {
    case .scalar: "a text"
    case .list: "a list"
    case .map: "a map"
    }
  }
}
