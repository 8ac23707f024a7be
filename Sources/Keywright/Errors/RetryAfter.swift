internal import HTTPTypes
internal import KeywrightDefinition

/// The header by which a provider asks to be left alone for a while (RFC 9110 §10.2.3).
enum RetryAfter {
  /// The longest that is waited. Unit: seconds.
  static let limit: Int64 = 3_600

  /// Seconds from now on, at most an hour; nil where the header is absent or says nothing that can be waited for.
  static func seconds(_ headers: HTTPFields, at now: UnixTime) -> Int64? {
    guard let text = headers[.retryAfter] else { return nil }
    if let seconds = Int64(strict: text) { return seconds < 0 ? nil : min(seconds, limit) }
    if !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return limit }
    guard let date = CalendarTime(rfc1123: text) else { return nil }
    return max(0, min(date.seconds - now.seconds, limit))
  }
}
