/// A value of a spec file, with its place; of a definition's text, without one.
package struct Node: Sendable {
  /// A scalar's text, a list's elements or a map's members.
  package enum Content: Sendable {
    case scalar(String, Style)
    case list([Node])
    case map([Member])
  }

  /// How a scalar was written.
  package enum Style: Sendable, Hashable {
    case plain, singleQuoted, doubleQuoted, block
    /// Made by the compiler; its place is that of what caused it.
    case made
    /// Made of another scalar, which stands in it after so many bytes, as long as it is.
    indirect case joined(prefix: Int, length: Int, Style)
    /// The end of another scalar, after so many bytes.
    indirect case cut(Int, Style)

    /// Whether the author marked it as text.
    package var isQuoted: Bool { self == .singleQuoted || self == .doubleQuoted || self == .block }
  }

  /// A key and its value.
  package struct Member: Sendable {
    /// As it is read, quotes and escapes undone.
    package let key: String
    /// Where the key stands.
    package let keyPlace: Place
    /// The key's length in bytes: by it alone most keys are told apart.
    fileprivate let keyLength: UInt32
    /// What stands after it.
    package var value: Node

    /// Joins a key to its value.
    package init(_ key: String, at place: Place, _ value: Node) {
      self.key = key
      keyPlace = place
      keyLength = UInt32(truncatingIfNeeded: key.utf8.count)
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

extension [Node.Member] {
  /// Where a key stands; looks at the keys alone, without copying a member.
  package func index(of key: String) -> Int? {
    let length = UInt32(truncatingIfNeeded: key.utf8.count)
    for index in indices
    where self[index].keyLength == length && self[index].key.isSameBytes(as: key) {
      return index
    }
    return nil
  }
}

extension Node {
  /// A scalar that the compiler made.
  package static func text(_ text: String, at place: Place) -> Node {
    Node(.scalar(text, .made), at: place)
  }

  /// A scalar that the compiler made as text, which stays text where a literal would have a type.
  package static func quoted(_ text: String, at place: Place) -> Node {
    Node(.scalar(text, .doubleQuoted), at: place)
  }

  /// The text of a scalar.
  package var text: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }

  /// How a scalar was written; made for any other node.
  package var style: Style {
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
  package var isRemoval: Bool {
    guard case .scalar(let text, _) = content else { return false }
    return text.utf8.count == 7 && text == "$<none>"
  }

  /// The first byte of the node, for what is missing in it.
  package var start: Place { Place(place.start, place.start + 1, in: place.file) }

  /// Whether this is a map.
  package var isMap: Bool { if case .map = content { true } else { false } }

  /// The member with a key.
  package func member(_ key: String) -> Member? {
    guard case .map(let members) = content else { return nil }
    return members.index(of: key).map { members[$0] }
  }

  /// The value of a key.
  package subscript(key: String) -> Node? {
    guard case .map(let members) = content else { return nil }
    return members.index(of: key).map { members[$0].value }
  }

  /// Whether a map has a key; no member is copied for that.
  package func has(_ key: String) -> Bool {
    guard case .map(let members) = content else { return false }
    return members.index(of: key) != nil
  }

  /// The node with one member replaced, or added at the end.
  package func setting(_ key: String, at place: Place? = nil, _ value: Node) -> Node {
    var members = members
    let place = place ?? value.place
    if let index = members.index(of: key) {
      members[index].value = value
    } else {
      members.append(Member(key, at: place, value))
    }
    return Node(.map(members), at: self.place)
  }

  /// What kind of node this is, in a message.
  package var kindName: String {
    switch content {
    case .scalar: "a text"
    case .list: "a list"
    case .map: "a map"
    }
  }
}

extension Node {
  /// The tree of a JSON text, in which strings are quoted and all other scalars are plain.
  package init(_ json: JSON) {
    let nowhere = Place(0, 0)
    switch json {
    case .null: self.init(.scalar("null", .plain), at: nowhere)
    case .boolean(let truth): self.init(.scalar(truth ? "true" : "false", .plain), at: nowhere)
    case .number(let digits): self.init(.scalar(digits, .plain), at: nowhere)
    case .string(let text): self.init(.scalar(text, .doubleQuoted), at: nowhere)
    case .array(let elements): self.init(.list(elements.map(Node.init)), at: nowhere)
    case .object(let members):
      self.init(
        .map(members.map { Member($0.name, at: nowhere, Node($0.value)) }), at: nowhere)
    }
  }

  /// The tree as JSON, in which a plain scalar that is JSON keeps its type.
  package var json: JSON {
    switch content {
    case .list(let elements): .array(elements.map(\.json))
    case .map(let members): .object(members.map { JSON.Member($0.key, $0.value.json) })
    case .scalar(let text, _): literal ?? .string(text)
    }
  }

  /// What a plain scalar is in JSON: a number, a truth or null; nil for a text.
  var literal: JSON? {
    guard case .scalar(let text, .plain) = content, text.utf8.first.map(\.mayBeginLiteral) == true,
      let json = try? JSON(reading: text)
    else { return nil }
    return json
  }
}

extension UInt8 {
  /// Whether a number, a truth or null of JSON may begin with this.
  fileprivate var mayBeginLiteral: Bool {
    isDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "t") || self == UInt8(ascii: "f")
      || self == UInt8(ascii: "n")
  }
}
