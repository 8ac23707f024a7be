import KeywrightServer
import Synchronization

/// Catches what a log writes, call by call.
final class Lines: Sendable {
  private let calls = Mutex<[[UInt8]]>([])

  var sink: LogSink { LogSink { [self] line in calls.withLock { $0.append(line) } } }

  /// What each call wrote.
  var all: [String] { calls.withLock { $0 }.map { String(decoding: $0, as: UTF8.self) } }
}
