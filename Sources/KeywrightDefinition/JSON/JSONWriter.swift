extension JSON {
  /// The shortest text: no spaces, members in their order, all but printable ASCII escaped.
  package var compactText: String {
    var writer = JSONWriter()
    writer.write(self)
    return writer.text
  }

  /// The shortest text as it goes over the wire: as ``compactText``, with Unicode as it is.
  package var wireText: String {
    var writer = JSONWriter(keepsUnicode: true)
    writer.write(self)
    return writer.text
  }
}

/// Writes the shortest JSON text as bytes, of a tree or straight from what is to be told.
package struct JSONWriter {
  /// What has been written.
  package private(set) var bytes: [UInt8] = []
  private let keepsUnicode: Bool

  /// Writes nothing yet.
  /// - Parameter keepsUnicode: whether text beyond ASCII stands as it is, and is not escaped.
  package init(keepsUnicode: Bool = false) {
    self.keepsUnicode = keepsUnicode
    bytes.reserveCapacity(1_024)
  }

  /// What has been written, as a text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func put(_ sign: Unicode.Scalar) { bytes.append(UInt8(ascii: sign)) }

  /// Begins an element or a member, behind the comma of the one before it.
  private mutating func begin() {
    if let last = bytes.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "["),
      last != UInt8(ascii: ":")
    {
      put(",")
    }
  }

  // MARK: Trees

  /// Writes a value, where one is wanted.
  package mutating func write(_ json: JSON) {
    switch json {
    case .null: add("null")
    case .boolean(let truth): write(truth)
    case .number(let digits): add(digits)
    case .string(let string): write(string)
    case .array(let elements): array(elements) { $0.write($1) }
    case .object(let members): object(members) { $0.member($1.name, $1.value) }
    }
  }

  /// Writes a truth, where a value is wanted.
  package mutating func write(_ truth: Bool) { add(truth ? "true" : "false") }

  /// Puts in a text that another writer made, where a value is wanted.
  package mutating func insert(_ text: [UInt8]) { bytes.append(contentsOf: text) }

  // MARK: What stands in brackets

  /// Writes an object, where a value is wanted.
  package mutating func object(_ members: (inout JSONWriter) -> Void) {
    put("{")
    members(&self)
    put("}")
  }

  /// Writes an object of a member for each element, where a value is wanted.
  package mutating func object<Element>(
    _ elements: [Element], _ member: (inout JSONWriter, Element) -> Void
  ) {
    put("{")
    for element in elements { member(&self, element) }
    put("}")
  }

  /// Writes an array, where a value is wanted.
  package mutating func array<Element>(
    _ elements: [Element], _ write: (inout JSONWriter, Element) -> Void
  ) {
    put("[")
    for element in elements {
      begin()
      write(&self, element)
    }
    put("]")
  }

  /// Writes a member of an object: its name, and what the closure writes as its value.
  package mutating func member(_ name: String, _ value: (inout JSONWriter) -> Void) {
    begin()
    write(name)
    put(":")
    value(&self)
  }

  /// Writes a member of an object.
  package mutating func member(_ name: String, _ value: JSON) {
    member(name) { $0.write(value) }
  }

  /// Writes a member of an object, and takes it back where its value came out empty.
  package mutating func filledMember(_ name: String, _ value: (inout JSONWriter) -> Void) {
    let start = bytes.count
    member(name, value)
    let isEmpty =
      bytes.last == UInt8(ascii: "}")
      ? bytes[bytes.count - 2] == UInt8(ascii: "{")
      : bytes.last == UInt8(ascii: "]") && bytes[bytes.count - 2] == UInt8(ascii: "[")
    if isEmpty { bytes.removeSubrange(start...) }
  }

  // MARK: Texts

  private mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Writes a string, where a value is wanted.
  package mutating func write(_ string: String) {
    put("\"")
    if !writePlain(string) {
      for scalar in string.unicodeScalars { write(scalar) }
    }
    put("\"")
  }

  /// Writes a text as it is, where nothing in it is escaped: most are such.
  private mutating func writePlain(_ string: String) -> Bool {
    guard string.isPlainLiteral else { return false }
    bytes.append(contentsOf: string.utf8)
    return true
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
}

extension String {
  /// Whether it stands in double quotes as it is: printing ASCII, without a quote and a backslash.
  package var isPlainLiteral: Bool { !holdsAny { !$0.isPlainInLiteral } }
}

extension UInt8 {
  fileprivate var isPlainInLiteral: Bool {
    // Without branches, so that many are looked at in one instruction: 0x22 is a quote, 0x5C a backslash.
    let isPrinting: Bool = self &- 0x20 < 0x5F
    let isQuote: Bool = self == 0x22
    let isBackslash: Bool = self == 0x5C
    return isPrinting != (isQuote != isBackslash)
  }
}

extension UInt16 {
  fileprivate var fourHexDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
