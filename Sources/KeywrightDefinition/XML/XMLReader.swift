extension XMLElement {
  /// The deepest nesting that is read, the root being the first; so no answer can exhaust the stack.
  package static let maximumDepth = 64

  /// The most elements that are read from one document.
  package static let maximumCount = 100_000

  /// Reads one XML 1.0 document in UTF-8 and returns its root.
  ///
  /// Stricter than the specification: a document type declaration is refused, and with it every entity
  /// but the five predefined; so are names beyond ASCII, and two attributes of one element whose names
  /// differ in their prefix alone. A prefix need not be declared. A byte-order mark is dropped.
  /// - Complexity: O(n); the caller bounds n.
  /// - Source: XML 1.0 (Fifth Edition)
  package init(reading bytes: [UInt8]) throws(XMLFailure) {
    var reader = XMLReader(bytes: bytes)
    self = try reader.document()
  }
}

/// A recursive-descent reader over bytes: its place, and the order of what a document holds.
struct XMLReader {
  let bytes: [UInt8]
  var position = 0
  /// How many elements have begun.
  var count = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(XMLFailure) -> XMLElement {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    try checkCharacters()
    try declaration()
    try skipMiscellany()
    if begins("<!DOCTYPE") { throw failure("a document type declaration") }
    guard begins("<") else { throw failure("no root element") }
    let root = try element(depth: 1)
    try skipMiscellany()
    if position < bytes.count { throw failure("more than white space and comments after the root") }
    return root
  }

  func failure(_ reason: String) -> XMLFailure {
    XMLFailure(reason: reason, offset: position)
  }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  func begins(_ mark: String) -> Bool { bytes[position...].starts(with: mark.utf8) }

  mutating func take(_ mark: String) -> Bool {
    guard begins(mark) else { return false }
    position += mark.utf8.count
    return true
  }

  /// Skips white space and tells whether there was any.
  @discardableResult
  mutating func skipSpace() -> Bool {
    let start = position
    while let byte = next, byte.isXMLSpace { position += 1 }
    return position > start
  }

  /// Skips what may stand before and after the root, and tells nothing.
  private mutating func skipMiscellany() throws(XMLFailure) {
    repeat { skipSpace() } while try skipRemark()
  }

  /// Refuses bytes that are no UTF-8 and scalars that have no place in XML, wherever they stand.
  ///
  /// Done before all else, so that the rest can go by bytes.
  private func checkCharacters() throws(XMLFailure) {
    var offset = position
    var rest = bytes[position...].makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded):
        guard Unicode.UTF8.decode(encoded).isXMLCharacter else {
          throw XMLFailure(reason: "a character that XML does not allow", offset: offset)
        }
        offset += encoded.count
      case .error: throw XMLFailure(reason: "bytes that are no UTF-8", offset: offset)
      case .emptyInput: return
      }
    }
  }
}
