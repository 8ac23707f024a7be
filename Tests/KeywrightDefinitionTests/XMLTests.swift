import KeywrightDefinition
import Testing

@Suite("Strict XML")
struct XMLTests {
  /// Wraps a text into the bytes that an answer would be.
  private static func read(_ text: String) throws(XMLFailure) -> XMLElement {
    try XMLElement(reading: Array(text.utf8))
  }

  @Test("what stands in an element is its text", arguments: texts)
  func text(_ row: (document: String, text: String)) throws {
    let element = try Self.read(row.document)
    #expect(element.text.utf8.elementsEqual(row.text.utf8), "\(row.document)")
  }

  static let texts: [(document: String, text: String)] = [
    ("<a/>", ""), ("<a />", ""), ("<a></a >", ""), ("<a\n></a\t>", ""), ("\n <a>x</a>\n ", "x"),
    ("<a> x </a>", " x "), ("<a> x <b/> y </a>", "x  y"), ("<a>\n<b/>\n</a>", ""),
    ("<a>1<b>no</b>2<c/>3</a>", "123"), ("<a>1<!-- no -->2<?no no?>3</a>", "123"),
    ("<a>&lt;&gt;&amp;&quot;&apos;</a>", "<>&\"'"), ("<a>]]&gt; ]] ></a>", "]]> ]] >"),
    ("<a>&#65;&#x41;&#x1F600;&#0000000000000065;</a>", "AA\u{1F600}A"),
    ("<a>&#x10fFFF;&#9;&#10;&#13;</a>", "\u{10FFFF}\t\n\r"),
    ("<a>&amp;lt;</a>", "&lt;"),
    (
      "<a>é\u{1F600}\u{7F}\u{85}\u{2028}\u{1FFFE}</a>",
      "é\u{1F600}\u{7F}\u{85}\u{2028}\u{1FFFE}"
    ),
    ("<a>1\r\n2\r3\n4\r\r\n5</a>", "1\n2\n3\n4\n\n5"),
    ("<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]></a>", "<b>&amp;]]>"),
    ("<a><![CDATA[\r\n]]></a>", "\n"), ("<a><![CDATA[]]></a>", ""),
    ("<a>\"'</a>", "\"'"), ("<a><!-- - -><?><& --></a>", ""), ("<a><!-->--><!--->--></a>", ""),
    ("<?p?><a/><?p ?><?p ??>", ""), ("<!-- x --><a/><!---->", ""), ("<a><?xml-x <>&?></a>", ""),
    ("<?xml version='1.0'?><a/>", ""), ("<?xml version = \"1.0\" ?>\n<a/>", ""),
    ("<?xml version='1.0' encoding='UTF-8'?><a>é</a>", "é"),
    ("<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>", ""),
    ("<?xml version='1.0' encoding='US-ascii'?><a>&#233;</a>", "é"),
    ("<?xml version='1.0' standalone='no'?><a/>", ""), ("<?xml-x?><a/>", ""),
    ("\u{FEFF}<a/>", ""),
    ("\u{FEFF}<?xml version='1.0' encoding='UTF-8'?><a>\u{FEFF}</a>", "\u{FEFF}"),
  ]

  @Test(
    "what is not well-formed, or asks for more than is read, is refused", arguments: XMLRefusals.all
  )
  func refused(_ row: (document: String, reason: String)) {
    let failure = #expect(throws: XMLFailure.self) { try Self.read(row.document) }
    #expect(failure?.reason == row.reason, "\(row.document)")
  }

  @Test("bytes that are no UTF-8 are refused at their place", arguments: badBytes)
  func encoding(_ bytes: [UInt8]) {
    let document = Array("<a>é".utf8) + bytes + Array("</a>".utf8)
    let failure = #expect(throws: XMLFailure.self) { try XMLElement(reading: document) }
    #expect(failure?.description == "bytes that are no UTF-8 at byte 5")
  }

  static let badBytes: [[UInt8]] = [
    [0x80], [0xFF], [0xFE, 0xFF], [0xC0, 0x80], [0xC1, 0xBF], [0xE9], [0xC3], [0xE0, 0x80, 0x80],
    [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80],
    [0xF8, 0x88, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98],
  ]

  @Test("a document in UTF-16 is refused")
  func wide() {
    let units = "\u{FEFF}<a/>".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    #expect(throws: XMLFailure.self) { try XMLElement(reading: units) }
  }

  @Test("an element and an attribute are known by their local names")
  func prefixes() throws {
    let root = try Self.read(
      "<s:a xmlns:s='u' xmlns='v' q:x='1' y='2' xml:lang='en'><q:b>1</q:b><b>2</b><c/></s:a>")
    #expect(root.name == "a")
    #expect(root.attributes == [.init("x", "1"), .init("y", "2"), .init("lang", "en")])
    #expect(root.members("b").map(\.text) == ["1", "2"])
    #expect(root.members("q:b").isEmpty)
    #expect(root.attribute("y") == "2")
    #expect(root.attribute("xmlns") == nil)
  }

  @Test(
    "white space that stands in an attribute becomes spaces, and what is referred to stays",
    arguments: [
      ("' a  b '", " a  b "), ("'1\t2\n3\r\n4\r5'", "1 2 3 4 5"), ("'&#9;&#10;&#13;'", "\t\n\r"),
      ("\"'&quot;'\"", "'\"'"), ("'\">&lt;&#60;]]>'", "\"><<]]>"), ("''", ""),
    ])
  func values(_ row: (quoted: String, value: String)) throws {
    let value = try Self.read("<a b=\(row.quoted)/>").attribute("b")
    #expect(value == row.value)
  }

  @Test("sixty-four elements deep is read, one more is not")
  func depth() throws {
    func nested(_ count: Int) -> String {
      String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
    }
    #expect(throws: Never.self) { try Self.read(nested(64)) }
    let failure = #expect(throws: XMLFailure.self) { try Self.read(nested(65)) }
    #expect(failure?.description == "nesting deeper than 64 at byte 192")
    #expect(throws: XMLFailure.self) { try Self.read(String(repeating: "<a>", count: 100_000)) }
  }

  @Test("a hundred thousand elements are read, one more is not")
  func count() throws {
    func wide(_ count: Int) -> String {
      "<a>" + String(repeating: "<b/>", count: count - 1) + "</a>"
    }
    #expect(try Self.read(wide(100_000)).children.count == 99_999)
    let failure = #expect(throws: XMLFailure.self) { try Self.read(wide(100_001)) }
    #expect(failure?.reason == "more than 100000 elements")
  }

  @Test(
    "a tag of very many attributes takes no more than its share of time", .timeLimit(.minutes(1)))
  func attributes() throws {
    let attributes = (0..<50_000).map { " a\($0)=''" }.joined()
    #expect(try Self.read("<a\(attributes)/>").attributes.count == 50_000)
  }

  @Test("no failure shows any of the text")
  func silence() {
    for document in XMLRefusals.all.map(\.document) + [
      "<a>CANARY", "<a b='CANARY", "<CANARY>&CANARY;",
    ] {
      do {
        _ = try Self.read(document)
        Issue.record("read what is to be refused")
      } catch {
        #expect(!error.description.contains("CANARY"))
      }
    }
  }

  @Test("what is written has its special characters as references")
  func written() {
    let element = XMLElement(
      name: "a", attributes: [.init("b", "<>&\"'\t\n\r")],
      children: [XMLElement(name: "c")], text: "<>&\"'\t\n\r\u{0}\u{FFFE}")
    #expect(
      element.xmlText
        == "<a b=\"&lt;&gt;&amp;&quot;'&#9;&#10;&#13;\">"
        + "&lt;&gt;&amp;\"'\t\n&#13;\u{FFFD}\u{FFFD}<c></c></a>")
  }

  @Test("a namespace can be written, and is gone when read")
  func namespaces() throws {
    let body = XMLElement(
      name: "soap:Body",
      attributes: [.init("xmlns:soap", "u"), .init("xmlns", "v"), .init("q:x", "1")])
    #expect(body.xmlText == "<soap:Body xmlns:soap=\"u\" xmlns=\"v\" q:x=\"1\"></soap:Body>")
    #expect(
      try Self.read(body.xmlText) == XMLElement(name: "Body", attributes: [.init("x", "1")]))
  }

  @Test("a name is ASCII with at most one prefix")
  func names() {
    for name in ["a", "_", "A-1.b_", "s:a", "_:_", "xml"] { #expect(XMLElement.isName(name)) }
    for name in [
      "", ":", "a:", ":a", "a:b:c", "1", "-a", ".a", "a b", "a>", "a\n", "é", "aé", "a/", "s:1",
      "\u{212A}", "a\u{0}",
    ] {
      #expect(!XMLElement.isName(name), "\(name)")
    }
  }

  @Test("no element is made with a name that would break out of its tag")
  func brokenName() async {
    await #expect(processExitsWith: .failure) { _ = XMLElement(name: "a><b") }
    await #expect(processExitsWith: .failure) { _ = XMLElement.Attribute("b='' c", "") }
  }

  @Test("no element is made with an attribute that stands twice, prefixes aside")
  func repeatedAttribute() async {
    await #expect(processExitsWith: .failure) {
      _ = XMLElement(name: "a", attributes: [.init("p:b", ""), .init("b", "")])
    }
  }
}
