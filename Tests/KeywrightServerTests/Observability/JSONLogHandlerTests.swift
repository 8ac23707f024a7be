import Foundation
import KeywrightServer
import Logging
import Testing

@Suite("JSON log")
struct JSONLogHandlerTests {
  private let lines = Lines()

  private func logger(
    _ level: Logger.Level = .info, provider: Logger.MetadataProvider? = nil
  ) -> Logger {
    Logger(label: "keywright") { [lines] label in
      JSONLogHandler(
        label: label, level: level, metadataProvider: provider, sink: lines.sink,
        now: { LogMoment(milliseconds: 1_700_000_000_007, secondsEast: 3_600) })
    }
  }

  private func object() throws -> [String: Any] {
    let line = try #require(lines.all.last)
    return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  @Test("a line has time, level, label and message, in this order")
  func members() {
    logger().notice("started")
    #expect(
      lines.all == [
        #"{"time":"2023-11-14T22:13:20.007Z","level":"notice","label":"keywright","#
          + #""message":"started"}"#
          + "\n"
      ])
  }

  @Test("metadata are sorted, objects and arrays within them as they are")
  func metadata() {
    logger().info(
      "m",
      metadata: [
        "z": "1", "a": ["x", ["k": "v"], []], "n": ["y": ["q": "r"], "b": .stringConvertible(2)],
      ])
    #expect(
      lines.all[0].hasSuffix(
        #","metadata":{"a":["x",{"k":"v"},[]],"n":{"b":"2","y":{"q":"r"}},"z":"1"}}"# + "\n"))
  }

  @Test("a name of metadata can't be taken for a member of the line")
  func shadowing() throws {
    logger().info("true", metadata: ["message": "false", "level": "none"])
    #expect(try object()["message"] as? String == "true")
  }

  @Test("the event's metadata win over the provider's, and those over the logger's")
  func precedence() throws {
    var logger = logger(provider: .init { ["a": "provider", "b": "provider"] })
    logger[metadataKey: "a"] = "logger"
    logger[metadataKey: "b"] = "logger"
    logger[metadataKey: "c"] = "logger"
    logger.info("m", metadata: ["a": "event"])
    #expect(
      try object()["metadata"] as? [String: String] == [
        "a": "event", "b": "provider", "c": "logger",
      ])
  }

  @Test("an error stands under names of its own")
  func error() throws {
    struct Broken: Error, CustomStringConvertible { let description = "it broke" }
    logger().error("m", error: Broken())
    let metadata = try #require(try object()["metadata"] as? [String: String])
    #expect(metadata["error.message"] == "it broke")
    #expect(metadata["error.type"]?.hasSuffix("Broken") == true)
  }

  @Test("no text leaves printable ASCII, and each comes back as it was")
  func escapes() throws {
    let hostile = String(
      String.UnicodeScalarView((0..<0x300).compactMap { Unicode.Scalar($0) })
        + "\r\n\u{2028}\u{2029}\u{202E}\u{FEFF}\u{10FFFF}🎉\"\\".unicodeScalars)
    logger().info("\(hostile)", metadata: [hostile: [.string(hostile)]])
    let line = lines.all[0]
    #expect(line.dropLast().utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    let read = try object()
    #expect((read["message"] as? String)?.utf8.elementsEqual(hostile.utf8) == true)
    let metadata = try #require(read["metadata"] as? [String: [String]])
    #expect(metadata.first?.key.utf8.elementsEqual(hostile.utf8) == true)
    #expect(metadata.first?.value.first?.utf8.elementsEqual(hostile.utf8) == true)
  }

  @Test("a line is one call, its line feed included")
  func oneCall() {
    logger().info("a\nb")
    logger().info("c")
    #expect(lines.all.count == 2)
    #expect(lines.all.allSatisfy { $0.hasSuffix("}\n") && $0.split(separator: "\n").count == 1 })
  }

  @Test("what is below the level is not written")
  func level() {
    logger(.warning).notice("m")
    #expect(lines.all.isEmpty)
  }

  @Test("a copy's level and metadata are its own")
  func values() {
    let one = logger()
    var two = one
    two.logLevel = .error
    two[metadataKey: "k"] = "v"
    #expect(one.logLevel == .info)
    #expect(one[metadataKey: "k"] == nil)
  }
}
