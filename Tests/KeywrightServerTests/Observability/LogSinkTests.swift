import Foundation
import KeywrightServer
import Logging
import Testing

@Suite("Log sink", .timeLimit(.minutes(1)))
struct LogSinkTests {
  @Test("lines of eight tasks never mix, however long, also where the file does not wait for room")
  func whole() async throws {
    let pipe = Pipe()
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
    let sink = LogSink.descriptor(descriptor)
    // On a thread of its own: writers that wait for room hold every thread that tasks run on.
    let (all, found) = AsyncStream<Data>.makeStream()
    Thread.detachNewThread { found.yield(pipe.fileHandleForReading.readDataToEndOfFile()) }
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          let logger = Logger(label: "writer") { JSONLogHandler(label: $0, sink: sink) }
          for number in 0..<20 {
            let long = String(repeating: "\(task)", count: 40_000)
            logger.info("\(number)", metadata: ["long": .string(long)])
          }
        }
      }
    }
    try pipe.fileHandleForWriting.close()
    let text = try #require(await all.first { _ in true })
    let lines = text.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == 160)
    for line in lines {
      let object = try #require(
        try JSONSerialization.jsonObject(with: line) as? [String: Any])
      let metadata = try #require(object["metadata"] as? [String: String])
      #expect(Set(metadata["long"] ?? "").count == 1)
      #expect(metadata["long"]?.count == 40_000)
    }
  }

  @Test("a file that takes nothing stops nobody")
  func closed() {
    LogSink.descriptor(-1).write(Array("line\n".utf8))
  }
}
