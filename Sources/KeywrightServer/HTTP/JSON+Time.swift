internal import KeywrightDefinition

extension JSON {
  /// A moment as RFC 3339 has it, in UTC: `2026-01-31T08:30:00.000Z`.
  static func time(_ seconds: Int64) -> JSON { .string(RFC3339.text(seconds)) }

  /// A text, or `null` where there is none.
  static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}

/// Moments as texts, without a locale and without a calendar's rules: days since 1970 are counted.
enum RFC3339 {
  static func text(_ seconds: Int64) -> String {
    let (day, second) = floorDivision(seconds, 86_400)
    // Days are counted from 0000-03-01, so that a leap day is the last of its year.
    let shifted = day + 719_468
    let (era, dayOfEra) = floorDivision(shifted, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(date, 2) + "T"
      + padded(second / 3_600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2)
      + ".000Z"
  }

  private static func floorDivision(_ number: Int64, _ divisor: Int64) -> (Int64, Int64) {
    let remainder = (number % divisor + divisor) % divisor
    return ((number - remainder) / divisor, remainder)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
