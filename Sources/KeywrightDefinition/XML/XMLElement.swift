/// An XML element as a reader of answers wants it: names without prefixes, text without markup.
///
/// Comments, processing instructions and the place of text between children are not kept.
package struct XMLElement: Sendable, Hashable {
  /// The local name; an element that is to be written may have a prefix before it.
  package let name: String

  /// What was said in the start tag, in its order, without namespace declarations; the names are distinct.
  package let attributes: [Attribute]

  /// The elements directly inside, in their order.
  package let children: [XMLElement]

  /// The character data directly inside, joined.
  ///
  /// White space at both ends is gone where there are children, since there it is mostly layout.
  package let text: String

  /// Joins the parts of an element.
  ///
  /// To write one with a namespace, put the prefix into the name (`soap:Body`) and the declaration
  /// among the attributes (`xmlns:soap`); a reader drops both.
  /// - Precondition: ``isName(_:)`` holds for `name`; no two attributes have the same local name.
  package init(
    name: String, attributes: [Attribute] = [], children: [XMLElement] = [], text: String = ""
  ) {
    precondition(Self.isName(name), "an element without an XML name")
    precondition(Attribute.areDistinct(attributes), "an element with a repeated attribute")
    self.name = name
    self.attributes = attributes
    self.children = children
    self.text = text
  }

  /// One name and its value.
  package struct Attribute: Sendable, Hashable {
    /// The local name; an attribute that is to be written may have a prefix before it.
    package let name: String

    /// What stands between the quotes, references undone.
    package let value: String

    /// Joins a name to its value.
    ///
    /// - Precondition: ``XMLElement/isName(_:)`` holds for `name`.
    package init(_ name: String, _ value: String) {
      precondition(XMLElement.isName(name), "an attribute without an XML name")
      self.name = name
      self.value = value
    }
  }
}

extension XMLElement {
  /// Whether a text can name an element or an attribute: ASCII, and at most one colon, inside.
  ///
  /// Names from a spec are to be checked with it, before an element is made of them.
  package static func isName(_ text: String) -> Bool { XMLName(text.utf8) != nil }

  /// The children of a local name, compared byte by byte.
  package func members(_ name: String) -> [XMLElement] {
    children.filter { $0.name.isSameBytes(as: name) }
  }

  /// The value of the attribute of a local name, compared byte by byte; nil where there is none.
  package func attribute(_ name: String) -> String? {
    attributes.first { $0.name.isSameBytes(as: name) }?.value
  }
}

extension XMLElement.Attribute {
  /// Whether every attribute can be told from the others after a reader dropped the prefixes.
  fileprivate static func areDistinct(_ attributes: [Self]) -> Bool {
    var seen: Set<String> = []
    return attributes.allSatisfy { attribute in
      guard let name = XMLName(attribute.name.utf8) else { return false }
      return seen.insert(name.declaresNamespace ? attribute.name : name.local).inserted
    }
  }
}
