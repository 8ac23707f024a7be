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
  package func laidOut(width: Int) -> String {
    var writer = JSONWriter(isSpaced: true)
    writer.layOut(self, width: width, indent: 0, used: 0)
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
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

  // MARK: One line

  /// Writes a value on one line; gives up where the text grows longer than a limit.
  mutating func write(_ json: JSON, upTo limit: Int = .max) -> Bool {
    switch json {
    case .null: add("null")
    case .boolean(let truth): add(truth ? "true" : "false")
    case .number(let digits): add(digits)
    case .string(let string): write(string)
    case .array(let elements):
      add("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { add(isSpaced ? ", " : ",") }
        guard write(element, upTo: limit) else { return false }
      }
      add("]")
    case .object(let members):
      let isPadded = isSpaced && !members.isEmpty
      add(isPadded ? "{ " : "{")
      for (index, member) in members.enumerated() {
        if index > 0 { add(isSpaced ? ", " : ",") }
        write(member.name)
        add(isSpaced ? ": " : ":")
        guard write(member.value, upTo: limit) else { return false }
      }
      add(isPadded ? " }" : "}")
    }
    return bytes.count <= limit
  }

  private mutating func write(_ string: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in string.unicodeScalars {
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
    bytes.append(UInt8(ascii: "\""))
  }

  // MARK: Several lines

  mutating func layOut(_ json: JSON, width: Int, indent: Int, used: Int) {
    let start = bytes.count
    if write(json, upTo: start + width - indent - used) { return }
    bytes.removeSubrange(start...)
    let margin = [UInt8](repeating: UInt8(ascii: " "), count: indent + 2)
    switch json {
    case .object(let members) where !members.isEmpty:
      add("{\n")
      for (index, member) in members.enumerated() {
        if index > 0 { add(",\n") }
        bytes += margin
        let name = bytes.count
        write(member.name)
        add(": ")
        layOut(
          member.value, width: width - 1, indent: indent + 2, used: bytes.count - name)
      }
      add("\n")
      bytes += margin.dropLast(2)
      add("}")
    case .array(let elements) where !elements.isEmpty:
      add("[\n")
      for (index, element) in elements.enumerated() {
        if index > 0 { add(",\n") }
        bytes += margin
        layOut(element, width: width - 1, indent: indent + 2, used: 0)
      }
      add("\n")
      bytes += margin.dropLast(2)
      add("]")
    default: _ = write(json)
    }
  }
}

extension UInt16 {
  fileprivate var fourHexDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
