internal import KeywrightDefinition
package import Logging

/// Writes one JSON object a line, for programs that collect logs.
///
/// ```json
/// {"time":"2026-11-19T12:03:04.567Z","level":"info","label":"keywright","message":"started"}
/// ```
///
/// Lines are printable ASCII, all else escaped: no text can end a line, or do anything to a
/// terminal. A last member `metadata` holds objects, arrays and texts, sorted by name; it is left
/// out where nothing is in it.
package struct JSONLogHandler: LogHandler {
  /// What is logged on this handler at all, and above.
  package var logLevel: Logger.Level

  /// What each line says beside its message.
  package var metadata: Logger.Metadata = [:]

  /// What each line says beside its message, asked for line by line.
  package var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let sink: LogSink
  private let now: @Sendable () -> LogMoment

  /// Writes to standard error, unless told otherwise.
  /// - Parameter level: default info.
  package init(
    label: String, level: Logger.Level = .info, metadataProvider: Logger.MetadataProvider? = nil,
    sink: LogSink = .standardError, now: @escaping @Sendable () -> LogMoment = LogMoment.now
  ) {
    self.label = label
    logLevel = level
    self.metadataProvider = metadataProvider
    self.sink = sink
    self.now = now
  }

  /// One entry of this handler's own metadata.
  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes a line, whatever its level.
  package func log(event: LogEvent) {
    let metadata = event.metadata(over: metadata, metadataProvider)
    var writer = JSONWriter()
    writer.object { line in
      line.member("time") { $0.write(now().rfc3339) }
      line.member("level") { $0.write(event.level.rawValue) }
      line.member("label") { $0.write(label) }
      line.member("message") { $0.write(event.message.description) }
      if !metadata.isEmpty { line.member("metadata") { $0.write(metadata) } }
    }
    sink.write(writer.bytes + [UInt8(ascii: "\n")])
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ metadata: Logger.Metadata) {
    object(metadata.sorted { $0.key < $1.key }) { writer, entry in
      writer.member(entry.key) { $0.write(entry.value) }
    }
  }

  private mutating func write(_ value: Logger.MetadataValue) {
    switch value {
    case .string(let text): write(text)
    case .stringConvertible(let value): write(value.description)
    case .dictionary(let metadata): write(metadata)
    case .array(let values): array(values) { $0.write($1) }
    }
  }
}
