internal import KeywrightDefinition

extension JSON {
  /// A moment as RFC 3339 has it, in UTC and with milliseconds, as JavaScript writes them:
  /// `2026-01-31T08:30:00.000Z`; `null` where no calendar has it.
  static func time(_ seconds: Int64) -> JSON {
    .optional(CalendarTime(seconds: seconds).map { $0.iso8601.dropLast() + ".000Z" })
  }

  /// A text, or `null` where there is none.
  static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}
