#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// When something was logged, to the millisecond.
package struct LogMoment: Sendable, Hashable {
  /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds aside.
  package let milliseconds: Int64

  /// How far this machine's clocks were before UTC then. Unit: seconds.
  package let secondsEast: Int

  /// Fixes a moment, as tests do.
  package init(milliseconds: Int64, secondsEast: Int = 0) {
    self.milliseconds = milliseconds
    self.secondsEast = secondsEast
  }

  /// The moment by the system's clock and time zone.
  package static func now() -> LogMoment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var parts = tm()
    localtime_r(&time.tv_sec, &parts)
    return LogMoment(
      milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec / 1_000_000),
      secondsEast: parts.tm_gmtoff)
  }

  /// In UTC, such as `2026-11-19T12:03:04.567Z`.
  ///
  /// - Source: RFC 3339 §5.6
  package var rfc3339: String {
    let parts = parts(secondsEast: 0)
    let fraction = milliseconds - floorSeconds * 1_000
    let year = digits(Int(parts.tm_year) + 1_900, 4)
    let date = "\(year)-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
    return "\(date)T\(time(parts)).\(digits(Int(fraction), 3))Z"
  }

  /// By the clocks of this place, such as `12:03:04`.
  package var timeOfDay: String { time(parts(secondsEast: secondsEast)) }

  private var floorSeconds: Int64 {
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
    return rest < 0 ? seconds - 1 : seconds
  }

  private func parts(secondsEast: Int) -> tm {
    var seconds = time_t(floorSeconds) + secondsEast
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return parts
  }

  private func time(_ parts: tm) -> String {
    "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))"
  }
}

private func digits(_ number: some BinaryInteger, _ width: Int = 2) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
