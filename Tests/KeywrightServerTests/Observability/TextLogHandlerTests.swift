import KeywrightServer
import Logging
import Testing

@Suite("Text log")
struct TextLogHandlerTests {
  private let lines = Lines()

  private var logger: Logger {
    Logger(label: "keywright") { [lines] _ in
      TextLogHandler(
        level: .trace, metadataProvider: .init { ["p": "1"] }, sink: lines.sink,
        now: { LogMoment(milliseconds: 1_700_000_000_007, secondsEast: 3_600) })
    }
  }

  @Test("a line has the time of this place, the level in five columns, the message, and metadata")
  func line() {
    logger.info("started", metadata: ["port": "3003"])
    logger.warning("slow")
    #expect(
      lines.all == ["23:13:20 info  started p=1 port=3003\n", "23:13:20 warning slow p=1\n"])
  }

  @Test(
    "a value that could be taken for something else is in quotes",
    arguments: [
      ("plain", "plain"), ("ü", "ü"), ("", #""""#), ("a b", #""a b""#), ("a=b", #""a=b""#),
      (#"a"b"#, #""a\"b""#), (#"a\nb"#, #""a\\nb""#), ("a\nb", #""a\nb""#), ("{}", #""{}""#),
      ("\u{1B}[31m", #""\u{1B}[31m""#),
    ])
  func word(value: String, text: String) {
    logger.info("m", metadata: ["v": .string(value)])
    #expect(lines.all == ["23:13:20 info  m p=1 v=\(text)\n"])
  }

  @Test("objects and arrays are sorted, in brackets")
  func nested() {
    logger.info("m", metadata: ["v": ["b": ["x", "y z"], "a": [:]]])
    #expect(lines.all == [#"23:13:20 info  m p=1 v={a={} b=[x "y z"]}"# + "\n"])
  }

  @Test("nothing in a message ends the line or does anything to a terminal")
  func escapes() {
    logger.info("a\r\nb\u{0}\u{7F}\u{9B}31m\u{2028}\u{202E}👩‍🚀")
    let message = #"a\r\nb\u{0}\u{7F}\u{9B}31m\u{2028}\u{202E}👩‍🚀"#
    #expect(lines.all == ["23:13:20 info  \(message) p=1\n"])
  }
}
