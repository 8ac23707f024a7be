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
package struct JSONWriter: ~Copyable {
  private var out: GrowingText
  private let keepsUnicode: Bool

  /// Writes nothing yet.
  /// - Parameters:
  ///   - keepsUnicode: whether text beyond ASCII stands as it is, and is not escaped.
  ///   - capacity: how many bytes have room before the buffer grows.
  package init(keepsUnicode: Bool = false, capacity: Int = 1_024) {
    self.keepsUnicode = keepsUnicode
    out = GrowingText(capacity: capacity)
  }

  /// What has been written.
  package var bytes: [UInt8] { out.bytes }

  /// Looks at what has been written.
  package borrowing func withBytes<Result>(
    _ look: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    out.withBytes(look)
  }

  /// What has been written, as a text.
  package var text: String { out.string }

  private mutating func put(_ sign: Unicode.Scalar) { out.add(UInt8(ascii: sign)) }

  /// Begins an element or a member, behind the comma of the one before it.
  private mutating func begin() {
    if let last = out.last, last != UInt8(ascii: "{"), last != UInt8(ascii: "["),
      last != UInt8(ascii: ":")
    {
      put(",")
    }
  }

  // MARK: Trees

  /// Writes a value, where one is wanted.
  package mutating func write(_ json: JSON) {
    switch json {
    case .null: out += "null"
    case .boolean(let truth): write(truth)
    case .number(let digits): out += digits
    case .string(let string): write(string)
    case .array(let elements): array(elements) { $0.write($1) }
    case .object(let members): object(members) { $0.member($1.name, $1.value) }
    }
  }

  /// Writes a truth, where a value is wanted.
  package mutating func write(_ truth: Bool) { out += truth ? "true" : "false" }

  /// Puts in a text that another writer made, where a value is wanted.
  package mutating func insert(_ text: UnsafeBufferPointer<UInt8>) { out.add(text) }

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

  /// Writes a member of an object, whose name is known to stand in quotes as it is.
  mutating func member(plain name: StaticString, _ value: (inout JSONWriter) -> Void) {
    begin()
    put("\"")
    name.withUTF8Buffer { out.add($0) }
    put("\"")
    put(":")
    value(&self)
  }

  /// Writes a member of an object, and takes it back where its value came out empty.
  mutating func filledMember(plain name: StaticString, _ value: (inout JSONWriter) -> Void) {
    let start = out.count
    member(plain: name, value)
    let isEmpty = out.withBytes(from: start) { written in
      let (last, other) = (written[written.count - 1], written[written.count - 2])
      return last == UInt8(ascii: "}") && other == UInt8(ascii: "{")
        || last == UInt8(ascii: "]") && other == UInt8(ascii: "[")
    }
    if isEmpty { out.cut(to: start) }
  }

  // MARK: Texts

  /// Writes a string, where a value is wanted.
  package mutating func write(_ string: String) { write(made: { $0 += string }) }

  /// Writes a string that the closure makes, where a value is wanted.
  ///
  /// It is made in its place. In most nothing is escaped; another one is taken out again, and put back with its escapes.
  mutating func write(made make: (inout GrowingText) -> Void) {
    put("\"")
    let start = out.count
    make(&out)
    let special = out.withBytes(from: start) {
      $0.isPlainLiteral ? nil : String(decoding: $0, as: UTF8.self)
    }
    if let special {
      out.cut(to: start)
      for scalar in special.unicodeScalars { write(scalar) }
    }
    put("\"")
  }

  private mutating func write(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": out += "\\\""
    case "\\": out += "\\\\"
    case "\n": out += "\\n"
    case "\r": out += "\\r"
    case "\t": out += "\\t"
    case " "..."~": out.add(UInt8(truncatingIfNeeded: scalar.value))
    case _ where keepsUnicode && scalar.value > 0x9F: out += String(scalar)
    default: for unit in String(scalar).utf16 { out += "\\u" + unit.fourHexDigits }
    }
  }
}

extension UInt16 {
  fileprivate var fourHexDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
