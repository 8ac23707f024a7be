import KeywrightDefinition
import Testing

@Suite("a text that grows")
struct GrowingTextTests {
  @Test("gives what was added, however often its buffer grew")
  func grows() {
    var text = GrowingText(capacity: 1)
    var expected = ""
    for count in 0..<200 {
      let part = String(repeating: "ä", count: count % 7) + "short" + String(count)
      text += part
      text.addSpaces(count % 5)
      text.add(UInt8(ascii: "."))
      text.write("one", part, "", "two")
      expected += part + String(repeating: " ", count: count % 5) + ".one" + part + "two"
    }
    #expect(text.string == expected)
    #expect(text.bytes == Array(expected.utf8))
    #expect(text.count == expected.utf8.count)
    #expect(text.last == UInt8(ascii: "o"))
    text.cut(to: 9)
    #expect(text.string == String(expected.prefix(9)))
  }

  /// Every byte of ASCII and some beyond it, at each place of texts that are shorter, as long and longer than the eight
  /// bytes that are looked at together.
  static let places: [(text: String, isPlain: Bool)] = {
    let scalars = (0..<128).compactMap(Unicode.Scalar.init) + ["\u{80}", "ä", "\u{2028}", "😀"]
    var texts: [(String, Bool)] = []
    for length in 0..<20 {
      for place in 0...length {
        for scalar in scalars {
          let text =
            String(repeating: "a", count: place) + String(Character(scalar))
            + String(repeating: "z", count: length - place)
          let isPlain =
            scalar.value >= 0x20 && scalar.value < 0x7F && scalar != "\"" && scalar != "\\"
          texts.append((text, isPlain))
        }
      }
    }
    return texts
  }()

  @Test(
    "a text stands in quotes as it is exactly where it is printing ASCII without a quote and a backslash"
  )
  func plainLiterals() throws {
    for (text, isPlain) in Self.places {
      let isSame = text.isPlainLiteral == isPlain
      let written = JSON.string(text).compactText
      let isWritten = (written == "\"\(text)\"") == isPlain
      let isRead = try JSON(reading: written) == .string(text)
      #expect(isSame && isWritten && isRead, "\(text.debugDescription)")
    }
    #expect(Self.places.count > 25_000)
  }

  @Test("texts with quotes and backslashes anywhere are laid out as they are")
  func laidOutTexts() throws {
    for (text, isPlain) in Self.places where !isPlain {
      let json = JSON.object([.init(text, .array([.string(text + "\\\""), .string(text)]))])
      let isRead = try JSON(reading: json.laidOut(width: 8)) == json
      #expect(isRead, "\(text.debugDescription)")
    }
  }
}
