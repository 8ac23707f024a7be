import KeywrightDefinition
import Testing

@Suite("Field types")
struct FieldTests {
  @Test(
    "a host label is one label, in lower case",
    arguments: [("acme", "acme"), ("ACME", "acme"), ("a", "a"), ("a1-b2", "a1-b2"), ("9", "9")])
  func labels(_ text: String, _ canonical: String) throws {
    #expect(try HostLabel(text).text == canonical)
  }

  @Test(
    "what is no host label is refused",
    arguments: URLTests.hostile.filter { !["acme", "ACME", "a1-b2"].contains($0) })
  func noLabels(_ text: String) {
    #expect(throws: FieldFailure.self) { try HostLabel(text) }
  }

  @Test(
    "an e-mail address has a local part and a domain",
    arguments: ["ada@example.com", "a.b+c@x-y.example.com", "o'hara@example.com"])
  func addresses(_ text: String) throws {
    #expect(try EmailAddress(text).text == text)
  }

  @Test(
    "what is no e-mail address is refused",
    arguments: [
      "", "ada", "@example.com", "ada@", "ada@example", "a@b@example.com", "ada@exa mple.com",
      "ada @example.com", "ada@example.com\n", "ada@-x.com", "a..b@example.com", ".a@example.com",
      "ada@example.com\r\nBcc: x@example.com", "адa@example.com",
    ])
  func noAddresses(_ text: String) {
    #expect(throws: FieldFailure.self) { try EmailAddress(text) }
  }

  @Test(
    "a pasted address is stored canonical",
    arguments: [
      ("HTTPS://Acme.Demo.Test", "https://acme.demo.test/"),
      ("https://acme.demo.test:443/A", "https://acme.demo.test/A"),
      ("https://acme.demo.test:8443/", "https://acme.demo.test:8443/"),
    ])
  func urls(_ text: String, _ canonical: String) throws {
    #expect(try HTTPSURL(text).text == canonical)
  }

  @Test(
    "text has no control characters and an end",
    arguments: [
      "a\nb", "a\r\nb", "\u{0}", "a\u{85}", "\u{2028}", String(repeating: "x", count: 1_025),
    ])
  func text(_ text: String) {
    #expect(throws: FieldFailure.self) { try FieldType.text.canonical(text) }
  }

  @Test("no refusal shows what was entered")
  func silence() {
    for type in FieldType.allCases {
      do {
        _ = try type.canonical("CANARY secret\u{0}" + String(repeating: "x", count: 70_000))
        Issue.record("\(type) took it")
      } catch {
        #expect(!"\(error)".contains("CANARY"))
        #expect(!error.reason.contains("CANARY"))
      }
    }
  }
}

@Suite("Encodings")
struct EncodingTests {
  @Test(
    "base64 of RFC 4648 §10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(_ text: String, _ expected: String) {
    #expect(Encoding.base64(Array(text.utf8)) == expected)
  }

  @Test("base64 for URLs reads what it wrote, and nothing else")
  func base64URL() {
    for count in 0..<100 {
      let bytes = (0..<count).map { UInt8(($0 * 89 + count) & 255) }
      #expect(Encoding.bytes(base64URL: Encoding.base64URL(bytes)) == bytes)
    }
    for text in ["A", "AB=", "A+", "A/", "AB", "A\n", "é"] where text != "AB" {
      #expect(Encoding.bytes(base64URL: text) == nil)
    }
    #expect(Encoding.bytes(base64URL: "AB") == nil)  // bits left over
  }

  @Test(
    "form encoding of client credentials, RFC 6749 §2.3.1 and appendix B",
    arguments: [
      ("a:b c+%£", "a%3Ab+c%2B%25%C2%A3"), ("p@ss/w rd~&=", "p%40ss%2Fw+rd~%26%3D"),
      ("app 7:eu", "app+7%3Aeu"), ("p+q/=%ü", "p%2Bq%2F%3D%25%C3%BC"),
    ])
  func form(_ text: String, _ expected: String) {
    #expect(Encoding.form(text) == expected)
  }

  @Test("a query is decoded once")
  func decoding() {
    let pairs = FormText.pairs("code=4%2F0Ab%252Bc%2Bd&a=b+c&flag&x==y")
    #expect(pairs?.map(\.value) == ["4/0Ab%2Bc+d", "b c", "", "=y"])
    #expect(FormText.pairs("a=%zz") == nil)
    #expect(FormText.pairs("a=%ff") == nil)
  }
}
