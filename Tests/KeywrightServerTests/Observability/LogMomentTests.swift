import Foundation
import KeywrightServer
import Testing

@Suite("Moments of the log")
struct LogMomentTests {
  @Test(
    "a moment is told in UTC to the millisecond",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (4_107_542_400_001, "2100-03-01T00:00:00.001Z"),
      (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func utc(milliseconds: Int64, text: String) {
    #expect(LogMoment(milliseconds: milliseconds, secondsEast: 7_200).rfc3339 == text)
  }

  @Test(
    "the time of day is that of the place",
    arguments: [
      (0, "22:13:20"), (3_600, "23:13:20"), (7_200, "00:13:20"), (-19_800, "16:43:20"),
    ])
  func timeOfDay(secondsEast: Int, text: String) {
    #expect(
      LogMoment(milliseconds: 1_700_000_000_000, secondsEast: secondsEast).timeOfDay == text)
  }

  @Test("now is now")
  func now() {
    let before = Int64(Date().timeIntervalSince1970 * 1_000) - 1
    let moment = LogMoment.now()
    let after = Int64(Date().timeIntervalSince1970 * 1_000) + 1
    #expect((before...after).contains(moment.milliseconds))
    #expect(moment.secondsEast == TimeZone.current.secondsFromGMT())
  }
}
