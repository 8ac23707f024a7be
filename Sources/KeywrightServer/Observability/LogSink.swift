internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Where finished lines of a log go, one at a time.
package struct LogSink: Sendable {
  /// Takes one line, its line feed included. It may be called from several threads at once.
  package let write: @Sendable ([UInt8]) -> Void

  /// Hands each line to a closure.
  package init(_ write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

  /// The process's standard error, as all its logs share it.
  package static let standardError = descriptor(2)

  /// An open file, which is never closed by this.
  ///
  /// Lines of one sink never mix; those of two sinks for one file may, so share the sink.
  package static func descriptor(_ descriptor: Int32) -> LogSink {
    let file = LogFile(descriptor)
    return LogSink { file.put($0) }
  }
}

/// A descriptor that one line at a time goes to.
private final class LogFile: Sendable {
  private let descriptor: Int32
  private let turn = Mutex(())

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Writes a line with one call; only where the kernel took less does the rest follow, before
  /// anybody else's line.
  func put(_ line: [UInt8]) {
    turn.withLock { _ in
      var start = 0
      while start < line.count {
        let count = line[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
          start += count
        } else if errno == EAGAIN {
          // Somebody made the file non-blocking: half a line would spoil the next one too.
          var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&event, 1, -1)
        } else if errno != EINTR {
          // Nobody reads any more, and there is nowhere to say so.
          return
        }
      }
    }
  }
}
