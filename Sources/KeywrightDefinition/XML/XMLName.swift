/// The name of an element or attribute, with the prefix that only matters until the tag has ended.
///
/// ASCII alone: beyond it the editions of XML 1.0 disagree on what a name is, and two names could look
/// the same.
/// - Source: Namespaces in XML 1.0 §4, `QName`
struct XMLName: Hashable {
  /// What stands before the colon; nil where there is none.
  let prefix: String?

  /// What stands after the colon.
  let local: String

  /// Reads a whole name; nil for anything else.
  init?(_ text: some Collection<UInt8>) {
    let parts = text.split(
      separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count <= 2, let local = parts.last else { return nil }
    for part in parts {
      guard let first = part.first, first.startsXMLName, part.allSatisfy(\.continuesXMLName)
      else { return nil }
    }
    self.prefix = parts.count == 2 ? String(decoding: parts[0], as: UTF8.self) : nil
    self.local = String(decoding: local, as: UTF8.self)
  }

  /// Whether an attribute of this name tells of namespaces and not of its element.
  var declaresNamespace: Bool { prefix == "xmlns" || local == "xmlns" }
}

extension UInt8 {
  /// Whether a name or one of its parts may begin with this.
  var startsXMLName: Bool { isLetter || self == UInt8(ascii: "_") }

  /// Whether this may stand in a part of a name.
  var continuesXMLName: Bool {
    startsXMLName || isDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
  }
}
