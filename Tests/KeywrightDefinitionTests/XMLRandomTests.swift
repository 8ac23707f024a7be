import KeywrightDefinition
import Testing

@Suite("XML at random")
struct XMLRandomTests {
  @Test("mutations of good documents are read or refused", .timeLimit(.minutes(1)), arguments: good)
  func mutations(_ document: String) throws {
    #expect(throws: Never.self) { try XMLElement(reading: Array(document.utf8)) }
    var random = SplitMix(seed: 41)
    var refused = 0
    for _ in 0..<5_000 {
      let bytes = Self.mutation(of: Array(document.utf8), &random)
      do {
        let element = try XMLElement(reading: bytes)
        #expect(try XMLElement(reading: Array(element.xmlText.utf8)) == element)
      } catch {
        refused += 1
        #expect((0...bytes.count).contains(error.offset))
      }
    }
    // Both kinds have to come up, else nothing was tried.
    #expect((1_000..<5_000).contains(refused))
  }

  @Test("a document that was cut before its root's end is refused", arguments: good)
  func cuts(_ document: String) throws {
    let bytes = Array(document.utf8)
    let end = try #require(bytes.lastIndex(of: UInt8(ascii: "/")))
    for count in 0...end {
      #expect(throws: XMLFailure.self) { try XMLElement(reading: Array(bytes[..<count])) }
    }
  }

  @Test("what is written reads as the same element, byte by byte")
  func roundTrip() throws {
    var random = SplitMix(seed: 43)
    for _ in 0..<2_000 {
      let element = Self.element(depth: 1, &random)
      let read = try XMLElement(reading: Array(element.xmlText.utf8))
      #expect(read == element)
      #expect(read.xmlText.utf8.elementsEqual(element.xmlText.utf8))
    }
  }

  static let good = [
    """
    <?xml version="1.0" encoding="utf-8"?>
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
      <soap:Body><loginResponse xmlns="urn:x"><result><sessionId>00D!AQ&amp;4</sessionId>
        <serverUrl>https://a.example/services</serverUrl><admin>false</admin>
      </result></loginResponse></soap:Body>
    </soap:Envelope>
    """,
    "<response status='ok' code=\"0\">\r\n<!-- a remark --><token type='session' xml:lang='en'>"
      + "<![CDATA[a<b]]&c]]></token><?target data?><expires>3600</expires><empty/></response>\n",
    "\u{FEFF}<ns:a q='&#x26;&lt;\t&quot;'>é&#233;&#x1F600;\u{1F600}<b><c><d e=''>x</d></c></b>"
      + "&gt;y<b/>z</ns:a><!-- end --><?end?>",
  ]

  /// Changes a document in one to three places, mostly by what means something in XML.
  private static func mutation(of document: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    let marks = [
      "<", ">", "/", "&", ";", "'", "\"", "=", " ", "!", "?", "-", "]", ":", "\r", "&#", "<!--",
      "-->", "<![CDATA[", "]]>", "<?", "?>", "</", "/>", "<!DOCTYPE", "\u{0}", "xmlns", "é",
    ]
    var bytes = document
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let start = Int.random(in: 0...bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 0...4, using: &random))
      var new: [UInt8] = []
      switch Int.random(in: 0..<5, using: &random) {
      case 0: new = [UInt8.random(in: 0...255, using: &random)]
      case 1: new = Array(bytes[start..<end]) + bytes[start..<end]
      case 2: break
      default: new = Array(marks.randomElement(using: &random)?.utf8 ?? "".utf8)
      }
      bytes.replaceSubrange(start..<(Bool.random(using: &random) ? start : end), with: new)
    }
    return bytes
  }

  /// Makes an element as a reader gives it: no prefix, and text beside children trimmed.
  private static func element(depth: Int, _ random: inout SplitMix) -> XMLElement {
    let names = ["a", "b", "_c", "d-e.1", "Token", "xml", "f0"]
    let count = depth < 6 ? max(0, Int.random(in: -2...4, using: &random)) : 0
    let children = (0..<count).map { _ in element(depth: depth + 1, &random) }
    let attributes = names.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
      .map { XMLElement.Attribute($0, text(&random)) }
    let edge = children.isEmpty ? "" : "|"
    return XMLElement(
      name: names.randomElement(using: &random) ?? "a", attributes: attributes,
      children: children, text: edge + text(&random) + edge)
  }

  private static func text(_ random: inout SplitMix) -> String {
    let pieces = [
      "&", "<", ">", "\"", "'", "\t", "\n", "\r", "\r\n", " ", "]]>", "<!--", "&amp;", "&#0;", "x",
      "é", "e\u{301}", "\u{1F600}", "\u{7F}", "\u{85}", "\u{2028}", "\u{FFFD}", "\u{10FFFF}",
    ]
    return (0..<Int.random(in: 0...6, using: &random))
      .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
  }
}
