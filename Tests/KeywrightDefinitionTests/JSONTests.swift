import KeywrightDefinition
import Testing

@Suite("Strict JSON")
struct JSONTests {
  @Test(
    "what RFC 8259 does not allow is refused",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "'a'", "01", "1.", ".5", "+1", "1e",
      "-", "NaN", "Infinity", "truth", "nul", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"",
      "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\t\"", "\"\n\"", "1 2", "{} {}",
      "[1 2]",
      "// a\n1", "\u{FEFF}\u{FEFF}1", "\"\\+1234\"", "\"\\u+123\"",
    ])
  func refused(_ text: String) {
    #expect(throws: JSONFailure.self) { try JSON(reading: text) }
  }

  @Test("a member name that stands twice is refused, however it is escaped")
  func duplicates() {
    #expect(throws: JSONFailure.self) { try JSON(reading: #"{"a":1,"\u0061":2}"#) }
  }

  @Test("names that Unicode calls equivalent are two names")
  func equivalents() throws {
    let json = try JSON(reading: "{\"\u{E9}\":1,\"e\u{301}\":2}")
    #expect(json["\u{E9}"] == .number("1"))
    #expect(json["e\u{301}"] == .number("2"))
  }

  @Test("bytes that are no UTF-8 are refused")
  func encoding() {
    #expect(throws: JSONFailure.self) { try JSON(reading: [0x22, 0xFF, 0x22]) }
    #expect(throws: JSONFailure.self) { try JSON(reading: [0x22, 0xC0, 0x80, 0x22]) }
  }

  @Test("nesting is bounded")
  func depth() throws {
    let shallow = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(throws: Never.self) { try JSON(reading: shallow) }
    #expect(throws: JSONFailure.self) {
      try JSON(reading: String(repeating: "[", count: 100_000))
    }
  }

  @Test("a number keeps every digit")
  func numbers() throws {
    for text in ["17841400123456789", "1.10", "1e400", "-0", "123456789012345678901234567890"] {
      #expect(try JSON(reading: text) == .number(text))
    }
  }

  @Test("what is written reads as the same value, and is ASCII")
  func roundTrip() throws {
    let json = JSON.object([
      .init("text", .string("a\"\\\n\u{0}\u{1F600}\u{2028}é")),
      .init("", .array([.null, .boolean(true)])),
      .init("n", .number("1.50")), .init("o", .object([])),
    ])
    #expect(try JSON(reading: json.compactText) == json)
    #expect(try JSON(reading: json.laidOut(width: 20)) == json)
    #expect(try JSON(reading: json.wireText) == json)
    #expect(json.compactText.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("no failure shows any of the text")
  func silence() {
    do {
      _ = try JSON(reading: #"{"access_token":"CANARY"#)
      Issue.record("read a text that does not end")
    } catch {
      #expect(!"\(error)".contains("CAN"))
    }
  }
}
