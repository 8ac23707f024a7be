extension XMLReader {
  /// Reads an element from its `<` to the end of its end tag.
  mutating func element(depth: Int) throws(XMLFailure) -> XMLElement {
    if depth > XMLElement.maximumDepth {
      throw failure("nesting deeper than \(XMLElement.maximumDepth)")
    }
    count += 1
    if count > XMLElement.maximumCount {
      throw failure("more than \(XMLElement.maximumCount) elements")
    }
    position += 1
    let start = position
    let name = try name()
    let tag = bytes[start..<position]
    let attributes = try attributes()
    if take("/>") { return XMLElement(name: name.local, attributes: attributes) }
    guard take(">") else { throw failure("a start tag that does not end") }
    let (children, text) = try content(depth: depth)
    try endTag(of: tag)
    return XMLElement(
      name: name.local, attributes: attributes, children: children,
      text: String(decoding: children.isEmpty ? text[...] : text.trimmed, as: UTF8.self))
  }

  private mutating func name() throws(XMLFailure) -> XMLName {
    let start = position
    while let byte = next, byte.continuesXMLName || byte == UInt8(ascii: ":") { position += 1 }
    guard let name = XMLName(bytes[start..<position]) else {
      throw XMLFailure(reason: "no name, or one that is not read", offset: start)
    }
    return name
  }

  private mutating func attributes() throws(XMLFailure) -> [XMLElement.Attribute] {
    var attributes: [XMLElement.Attribute] = []
    // A set, since a hostile tag may have as many attributes as the document has room for.
    var seen: Set<XMLName> = []
    var locals: Set<String> = []
    while skipSpace(), let byte = next, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") {
      let start = position
      let name = try name()
      skipSpace()
      guard take("=") else { throw failure("no '=' after the name of an attribute") }
      skipSpace()
      let value = try attributeValue()
      guard seen.insert(name).inserted,
        name.declaresNamespace || locals.insert(name.local).inserted
      else { throw XMLFailure(reason: "a repeated attribute", offset: start) }
      if name.declaresNamespace { continue }
      attributes.append(XMLElement.Attribute(name.local, value))
    }
    return attributes
  }

  /// Reads up to the end tag, which is left for its element to compare.
  private mutating func content(
    depth: Int
  ) throws(XMLFailure) -> (children: [XMLElement], text: [UInt8]) {
    var children: [XMLElement] = []
    var text: [UInt8] = []
    while let byte = next {
      if byte != UInt8(ascii: "<") {
        try characterData(into: &text)
      } else if begins("</") {
        return (children, text)
      } else if take("<![CDATA[") {
        try characterDataSection(into: &text)
      } else if try !skipRemark() {
        children.append(try element(depth: depth + 1))
      }
    }
    throw failure("an element that does not end")
  }

  private mutating func endTag(of tag: ArraySlice<UInt8>) throws(XMLFailure) {
    let start = position
    position += 2
    guard bytes[position...].starts(with: tag) else {
      throw XMLFailure(reason: "an end tag of another name", offset: start)
    }
    position += tag.count
    skipSpace()
    guard take(">") else {
      throw XMLFailure(reason: "an end tag of another name", offset: start)
    }
  }
}

extension [UInt8] {
  /// All but the white space at both ends.
  fileprivate var trimmed: ArraySlice<UInt8> {
    guard let first = firstIndex(where: { !$0.isXMLSpace }),
      let last = lastIndex(where: { !$0.isXMLSpace })
    else { return [] }
    return self[first...last]
  }
}
