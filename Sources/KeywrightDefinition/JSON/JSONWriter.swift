extension JSON {
  /// The shortest text: no spaces, members in their order, all but printable ASCII escaped.
  package var compactText: String {
    var writer = JSONWriter()
    _ = writer.write(self)
    return writer.text
  }

  /// The shortest text as it goes over the wire: as ``compactText``, with Unicode as it is.
  package var wireText: String {
    var writer = JSONWriter(keepsUnicode: true)
    _ = writer.write(self)
    return writer.text
  }

  /// A text for people: what fits into `width` columns stands on one line, all else is indented by two spaces.
  /// - Parameter margin: how many spaces each line begins with, beside those columns.
  package func laidOut(width: Int, margin: Int = 0) -> String {
    var writer = JSONWriter(isSpaced: true)
    writer.indent(by: margin)
    writer.layOut(self, width: width + margin, indent: margin, used: 0)
    return writer.text
  }
}

/// Writes JSON as bytes.
private struct JSONWriter {
  private var bytes: [UInt8] = []
  private let keepsUnicode: Bool
  private let isSpaced: Bool

  init(keepsUnicode: Bool = false, isSpaced: Bool = false) {
    self.keepsUnicode = keepsUnicode
    self.isSpaced = isSpaced
    bytes.reserveCapacity(1_024)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// A sign, and a space where there is room for one.
  private mutating func put(_ sign: Unicode.Scalar, isSpaced: Bool = false) {
    bytes.append(UInt8(ascii: sign))
    if isSpaced { bytes.append(UInt8(ascii: " ")) }
  }

  mutating func indent(by count: Int) {
    for _ in 0..<count { put(" ") }
  }

  // MARK: One line

  /// Writes a value on one line; gives up where the text grows longer than a limit.
  mutating func write(_ json: JSON, upTo limit: Int = .max) -> Bool {
    switch json {
    case .null: add("null")
    case .boolean(let truth): add(truth ? "true" : "false")
    case .number(let digits): add(digits)
    case .string(let string): write(string)
    case .array(let elements):
      put("[")
      for index in elements.indices {
        if index > 0 { put(",", isSpaced: isSpaced) }
        guard write(elements[index], upTo: limit) else { return false }
      }
      put("]")
    case .object(let members):
      let isPadded = isSpaced && !members.isEmpty
      put("{", isSpaced: isPadded)
      for index in members.indices {
        if index > 0 { put(",", isSpaced: isSpaced) }
        write(members[index].name)
        put(":", isSpaced: isSpaced)
        guard write(members[index].value, upTo: limit) else { return false }
      }
      if isPadded { put(" ") }
      put("}")
    }
    return bytes.count <= limit
  }

  private mutating func write(_ string: String) {
    put("\"")
    if !writePlain(string) {
      for scalar in string.unicodeScalars { write(scalar) }
    }
    put("\"")
  }

  /// Writes a text as it is, where nothing in it is escaped: most are such.
  private mutating func writePlain(_ string: String) -> Bool {
    string.utf8.withContiguousStorageIfAvailable { text in
      guard text.allSatisfy(\.isPlainInLiteral) else { return false }
      bytes.append(contentsOf: text)
      return true
    } ?? false
  }

  private mutating func write(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": add("\\\"")
    case "\\": add("\\\\")
    case "\n": add("\\n")
    case "\r": add("\\r")
    case "\t": add("\\t")
    case " "..."~": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    case _ where keepsUnicode && scalar.value > 0x9F: add(String(scalar))
    default: for unit in String(scalar).utf16 { add("\\u" + unit.fourHexDigits) }
    }
  }

  // MARK: Several lines

  mutating func layOut(_ json: JSON, width: Int, indent: Int, used: Int) {
    let start = bytes.count
    if write(json, upTo: start + width - indent - used) { return }
    bytes.removeSubrange(start...)
    switch json {
    case .object(let members) where !members.isEmpty:
      put("{")
      for (index, member) in members.enumerated() {
        beginLine(index, indent: indent + 2)
        let name = bytes.count
        write(member.name)
        put(":", isSpaced: true)
        layOut(
          member.value, width: width - 1, indent: indent + 2, used: bytes.count - name)
      }
      beginLine(0, indent: indent)
      put("}")
    case .array(let elements) where !elements.isEmpty:
      put("[")
      for (index, element) in elements.enumerated() {
        beginLine(index, indent: indent + 2)
        layOut(element, width: width - 1, indent: indent + 2, used: 0)
      }
      beginLine(0, indent: indent)
      put("]")
    default: _ = write(json)
    }
  }

  /// Begins the line of an element, behind the comma of the one before it.
  private mutating func beginLine(_ index: Int, indent count: Int) {
    if index > 0 { put(",") }
    put("\n")
    indent(by: count)
  }
}

extension String {
  /// Whether it stands in double quotes as it is: printing ASCII, without a quote and a backslash.
  package var isPlainLiteral: Bool { !holds { !$0.isPlainInLiteral } }
}

extension UInt8 {
  fileprivate var isPlainInLiteral: Bool {
    self &- 0x20 < 0x5F && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
  }
}

extension UInt16 {
  fileprivate var fourHexDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
