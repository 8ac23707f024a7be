/// A JSON value, kept as it was written: numbers stay text, members keep their order.
///
/// One type for providers' answers and for our own data, so nothing passes through a double.
package enum JSON: Sendable, Hashable {
  case null
  case boolean(Bool)
  /// The number's own text, which is a number by RFC 8259 §6.
  case number(String)
  case string(String)
  case array([JSON])
  /// Members in their order; the names are distinct.
  case object([Member])

  /// One name and its value.
  package struct Member: Sendable, Hashable {
    /// The name, escapes undone.
    package let name: String
    /// What stands after it.
    package let value: JSON

    /// Joins a name to its value.
    package init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }
}

extension JSON {
  /// The member of an object, compared byte by byte; nil for any other value.
  package subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.isSameBytes(as: name) }?.value
  }

  /// The element of an array; nil where there is none.
  package subscript(index: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The text of a string; nil for any other value.
  package var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The text of a scalar: of a string itself, of a number its digits; nil for `null`, arrays, objects.
  package var scalarText: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .boolean(let truth): truth ? "true" : "false"
    case .null, .array, .object: nil
    }
  }

  /// Makes a number.
  package static func integer(_ value: Int64) -> JSON { .number(String(value)) }
}
