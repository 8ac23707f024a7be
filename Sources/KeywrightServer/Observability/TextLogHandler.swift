package import Logging

/// Writes lines for people: `12:03:04 info  started port=3003`.
///
/// The time is that of this machine's place. No text can end a line or do anything to a terminal:
/// control characters, line ends and what changes the direction of writing are written as escapes.
package struct TextLogHandler: LogHandler {
  /// What is logged on this handler at all, and above.
  package var logLevel: Logger.Level

  /// What each line says beside its message.
  package var metadata: Logger.Metadata = [:]

  /// What each line says beside its message, asked for line by line.
  package var metadataProvider: Logger.MetadataProvider?

  private let sink: LogSink
  private let now: @Sendable () -> LogMoment

  /// Writes to standard error, unless told otherwise.
  /// - Parameter level: default info.
  package init(
    level: Logger.Level = .info, metadataProvider: Logger.MetadataProvider? = nil,
    sink: LogSink = .standardError, now: @escaping @Sendable () -> LogMoment = LogMoment.now
  ) {
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
    let level = event.level.rawValue
    var line = "\(now().timeOfDay) \(level)"
    line += String(repeating: " ", count: max(0, 5 - level.utf8.count))
    line += " " + event.message.description.escapedForTerminal
    for (key, value) in event.metadata(over: metadata, metadataProvider).sorted(by: {
      $0.key < $1.key
    }) {
      line += " \(key.escapedForTerminal)=\(text(value))"
    }
    sink.write(Array((line + "\n").utf8))
  }

  private func text(_ value: Logger.MetadataValue) -> String {
    switch value {
    case .string(let text): word(text)
    case .stringConvertible(let value): word(value.description)
    case .dictionary(let metadata):
      "{"
        + metadata.sorted { $0.key < $1.key }
        .map { "\($0.key.escapedForTerminal)=\(text($0.value))" }.joined(separator: " ") + "}"
    case .array(let values): "[" + values.map { text($0) }.joined(separator: " ") + "]"
    }
  }

  /// A text as one word: in quotes where it could be taken for more or for less.
  private func word(_ text: String) -> String {
    let isPlain = !text.utf8.contains { #" "\=[]{}"#.utf8.contains($0) }
    let escaped = text.escapedForTerminal
    // Compared by length: an escape is longer than what it stands for.
    if isPlain, !text.isEmpty, escaped.utf8.count == text.utf8.count { return text }
    return "\"\(text.escaped(inQuotes: true))\""
  }
}

extension String {
  /// The text with `\n`, `\r`, `\t` and `\u{…}` in place of what a terminal would do something by.
  var escapedForTerminal: String { escaped(inQuotes: false) }

  fileprivate func escaped(inQuotes: Bool) -> String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"" where inQuotes, "\\" where inQuotes: text += "\\\(scalar)"
      case " "..."~": text.unicodeScalars.append(scalar)
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.isInvisible:
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Whether it is a control or format character or a line end, and not a joiner, of which emoji
  /// are made.
  fileprivate var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: self != "\u{200D}"
    default: false
    }
  }
}
