/// A second of the Gregorian calendar in UTC: years 1 to 9999.
package struct CalendarTime {
  /// Since 1970, leap seconds not counted.
  package let seconds: Int64

  private static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// The second so many seconds after 1970 began; nil beyond those years.
  package init?(seconds: Int64) {
    guard Self.range.contains(seconds) else { return nil }
    self.seconds = seconds
  }

  /// Reads RFC 3339 and what is near to it: `T` or a space, seconds and zone may be missing (then it is UTC).
  package init?(iso8601 text: String) {
    var reader = DigitReader(text)
    guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2),
      reader.take("-"), let day = reader.digits(2)
    else { return nil }
    var clock = (hour: Int64(0), minute: Int64(0), second: Int64(0))
    var offset: Int64 = 0
    if !reader.isAtEnd {
      guard reader.take("T") || reader.take("t") || reader.take(" "),
        let hour = reader.digits(2), reader.take(":"), let minute = reader.digits(2)
      else { return nil }
      clock = (hour, minute, 0)
      if reader.take(":") {
        guard let second = reader.digits(2) else { return nil }
        clock.second = second
        if reader.take(".") || reader.take(",") { guard reader.skipDigits() else { return nil } }
      }
      guard let zone = reader.zone() else { return nil }
      offset = zone
    }
    guard reader.isAtEnd else { return nil }
    self.init(year: year, month: month, day: day, clock, offset: offset)
  }

  /// Reads the date of HTTP, as in `Sun, 06 Nov 1994 08:49:37 GMT`.
  package init?(rfc1123 text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 6, Self.weekdays.contains(where: { words[0] == $0 + "," }),
      words[5] == "GMT" || words[5] == "+0000",
      let month = Self.months.firstIndex(of: words[2])
    else { return nil }
    var day = DigitReader(words[1])
    var year = DigitReader(words[3])
    var clock = DigitReader(words[4])
    guard let dayNumber = day.digits(2), day.isAtEnd, let yearNumber = year.digits(4),
      year.isAtEnd, let hour = clock.digits(2),
      clock.take(":"), let minute = clock.digits(2), clock.take(":"),
      let second = clock.digits(2), clock.isAtEnd
    else { return nil }
    self.init(
      year: yearNumber, month: Int64(month) + 1, day: dayNumber, (hour, minute, second), offset: 0)
  }

  private init?(
    year: Int64, month: Int64, day: Int64, _ clock: (hour: Int64, minute: Int64, second: Int64),
    offset: Int64
  ) {
    guard (1...9_999).contains(year), (1...12).contains(month),
      (1...Self.days(inMonth: month, of: year)).contains(day), (0...23).contains(clock.hour),
      (0...59).contains(clock.minute), (0...60).contains(clock.second)
    else { return nil }
    let days = Self.daysSince1970(year, month, day)
    self.init(
      seconds: days * 86_400 + clock.hour * 3_600 + clock.minute * 60 + clock.second - offset)
  }

  private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    switch month {
    case 2: return isLeap ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  /// Counts from 1 March of year 0, so that the leap day is a year's last.
  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }

  // MARK: Writing

  private var date: (year: Int64, month: Int64, day: Int64) {
    let days = seconds.flooredQuotient(by: 86_400) + 719_468
    let era = days.flooredQuotient(by: 146_097)
    let dayOfEra = days - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  private func clock(_ separator: String) -> String {
    let second = seconds - seconds.flooredQuotient(by: 86_400) * 86_400
    return [second / 3_600, second / 60 % 60, second % 60].map { $0.padded(to: 2) }
      .joined(separator: separator)
  }

  /// As in `2026-11-25T10:34:19Z` (RFC 3339).
  package var iso8601: String {
    let date = date
    return "\(date.year.padded(to: 4))-\(date.month.padded(to: 2))-\(date.day.padded(to: 2))"
      + "T\(clock(":"))Z"
  }

  /// As in `20261125T103419Z`.
  var basic: String {
    let date = date
    return "\(date.year.padded(to: 4))\(date.month.padded(to: 2))\(date.day.padded(to: 2))"
      + "T\(clock(""))Z"
  }

  /// As in `Wed, 25 Nov 2026 10:34:19 GMT` (RFC 9110 §5.6.7).
  var rfc1123: String {
    let date = date
    let days = seconds.flooredQuotient(by: 86_400) + 4
    let weekday = Self.weekdays[Int(days - days.flooredQuotient(by: 7) * 7)]
    return "\(weekday), \(date.day.padded(to: 2)) \(Self.months[Int(date.month) - 1]) "
      + "\(date.year.padded(to: 4)) \(clock(":")) GMT"
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
}

/// Reads digits and signs from the start of a text.
private struct DigitReader {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ sign: Character) -> Bool {
    guard let byte = rest.first, byte == sign.asciiValue else { return false }
    rest = rest.dropFirst()
    return true
  }

  mutating func digits(_ count: Int) -> Int64? {
    let head = rest.prefix(count)
    guard head.count == count, head.allSatisfy(\.isDigit) else { return nil }
    rest = rest.dropFirst(count)
    return head.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  mutating func skipDigits() -> Bool {
    let head = rest.prefix(while: \.isDigit)
    rest = rest.dropFirst(head.count)
    return !head.isEmpty
  }

  /// `Z`, `+hh:mm`, `+hhmm` or `+hh`; nothing is UTC.
  mutating func zone() -> Int64? {
    if isAtEnd || take("Z") || take("z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = digits(2), hours <= 23 else { return nil }
    var minutes: Int64 = 0
    if !isAtEnd {
      _ = take(":")
      guard let value = digits(2), value <= 59 else { return nil }
      minutes = value
    }
    let offset = hours * 3_600 + minutes * 60
    return isWest ? -offset : offset
  }
}

extension Int64 {
  /// The quotient, rounded down.
  fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
    self / divisor - (self % divisor < 0 ? 1 : 0)
  }

  fileprivate func padded(to width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}
