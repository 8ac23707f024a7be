extension XMLReader {
  /// Reads the XML declaration, which may only stand at the very start.
  ///
  /// - Source: XML 1.0 §2.8, `XMLDecl`
  mutating func declaration() throws(XMLFailure) {
    let start = position
    guard take("<?xml") else { return }
    if let byte = next, byte.continuesXMLName {
      // A processing instruction whose target is longer, such as xml-stylesheet.
      position = start
      return
    }
    guard try declared("version") == "1.0" else {
      throw failure("an XML declaration without version 1.0")
    }
    switch try declared("encoding")?.asciiLowered {
    case nil, "utf-8": break
    case "us-ascii":
      if let offset = bytes[position...].firstIndex(where: { $0 >= 0x80 }) {
        throw XMLFailure(reason: "more than ASCII in a document that claims it", offset: offset)
      }
    default: throw failure("an encoding other than UTF-8")
    }
    let standalone = try declared("standalone")
    guard standalone == nil || standalone == "yes" || standalone == "no" else {
      throw failure("standalone with neither yes nor no")
    }
    skipSpace()
    guard take("?>") else { throw failure("an XML declaration that does not end") }
  }

  /// Skips one comment or processing instruction; tells whether there was one.
  mutating func skipRemark() throws(XMLFailure) -> Bool {
    if take("<!--") {
      try skipComment()
    } else if take("<?") {
      try skipInstruction()
    } else {
      return false
    }
    return true
  }

  /// Reads one of the declaration's parts; nil, and no step on, where another stands there.
  private mutating func declared(_ name: String) throws(XMLFailure) -> String? {
    let start = position
    guard skipSpace(), take(name) else {
      position = start
      return nil
    }
    skipSpace()
    guard take("=") else { throw failure("no '=' in the XML declaration") }
    skipSpace()
    let quote = take("\"") ? "\"" : "'"
    guard quote == "\"" || take(quote) else { throw failure("no quotes in the XML declaration") }
    let first = position
    // No references here, so what is read is what stands there.
    while position < bytes.count {
      let last = position
      if take(quote) { return String(decoding: bytes[first..<last], as: UTF8.self) }
      position += 1
    }
    throw failure("an XML declaration that does not end")
  }

  private mutating func skipComment() throws(XMLFailure) {
    while position < bytes.count {
      if take("-->") { return }
      if begins("--") { throw failure("two hyphens in a comment") }
      position += 1
    }
    throw failure("a comment that does not end")
  }

  private mutating func skipInstruction() throws(XMLFailure) {
    let start = position
    while let byte = next, byte.continuesXMLName { position += 1 }
    let target = bytes[start..<position]
    guard XMLName(target) != nil, !target.map(\.lowered).elementsEqual("xml".utf8) else {
      throw XMLFailure(reason: "a processing instruction without a target", offset: start)
    }
    if take("?>") { return }
    guard skipSpace() else { throw failure("no space after the target of an instruction") }
    while position < bytes.count {
      if take("?>") { return }
      position += 1
    }
    throw failure("a processing instruction that does not end")
  }
}
