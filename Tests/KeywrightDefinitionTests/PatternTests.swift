import Foundation
import KeywrightDefinition
import Testing

@Suite("Patterns")
struct PatternTests {
  @Test(
    "a pattern matches the whole value",
    arguments: [
      ("[a-z0-9-]+", "a-1"), ("(rk|sk)_(live|test)_[A-Za-z0-9]+", "sk_test_4eC"),
      ("acct_[a-z]+(/acct_[a-z]+)?", "acct_a/acct_b"), ("[A-Za-z0-9+/]{4,6}={0,2}", "ab+/=="),
      ("v\\d+\\.\\d", "v25.1"), ("a{2}", "aa"), ("a{2,}", "aaaa"), ("a{0,2}", ""),
      ("\\(\\[\\{\\}\\]\\)\\|\\\\\\/\\^\\$", "([{}])|\\/^$"), ("[\\-a]+", "a-"), ("[-a]+", "-a"),
      ("[^a]", "\n"), ("[.(){}*+?$|/]+", ".(){}*+?$|/"), (".", "\u{1F600}"), (".", "\u{85}"),
      ("\u{E9}", "\u{E9}"), ("[\u{3B1}-\u{3C9}]", "\u{3B2}"), ("a\nb", "a\nb"),
    ])
  func accepted(_ pattern: String, _ value: String) throws {
    #expect(try Pattern(pattern).matches(value))
  }

  @Test(
    "a value that matches only in part, in other case or beyond ASCII does not match",
    arguments: [
      ("[a-z]+", "acme\n"), ("[a-z]+", "acme!"), ("[a-z]+", "!acme"), ("[a-z]+", "Acme"),
      ("[a-z]+", ""), ("\\d", "\u{663}"), ("[A-Z]", "\u{212A}"), (".", "\n"), (".", "\r"),
      (".", "\u{2028}"), (".", "\u{2029}"), (".", "\r\n"), ("a{2}", "aaa"), ("a{2,3}", "a"),
      ("a|bc", "ac"), ("[^a-z]", "b"), ("\u{E9}", "e\u{301}"), (".", "e\u{301}"),
    ])
  func rejected(_ pattern: String, _ value: String) throws {
    #expect(try !Pattern(pattern).matches(value))
  }

  /// A pattern that is refused, and where and what the message says.
  struct Refusal: CustomTestStringConvertible {
    let pattern: String
    let range: Range<Int>
    let advice: String
    var testDescription: String { pattern }

    init(_ pattern: String, _ range: Range<Int>, _ advice: String) {
      self.pattern = pattern
      self.range = range
      self.advice = advice
    }
  }

  private func check(_ refusal: Refusal, _ code: String) {
    let failure = #expect(throws: PatternFailure.self) { try Pattern(refusal.pattern) }
    #expect(failure?.code == code)
    #expect(failure?.range == refusal.range)
    #expect(failure?.message.contains(refusal.advice) == true, "\(failure?.message ?? "")")
  }

  @Test(
    "what other dialects have is refused with what to write instead",
    arguments: [
      Refusal("^a", 0..<1, "leave it out"), Refusal("\u{E9}$", 2..<3, "leave it out"),
      Refusal("\\w+", 0..<2, "'[A-Za-z0-9_]'"), Refusal("[\\w-]", 1..<3, "'A-Za-z0-9_'"),
      Refusal("a\\s", 1..<3, "'[ ]'"), Refusal("\\D", 0..<2, "'[^0-9]'"),
      Refusal("\\W", 0..<2, "'[^A-Za-z0-9_]'"), Refusal("\\S", 0..<2, "'[^ ]'"),
      Refusal("[\\D]", 1..<3, "write out"), Refusal("\\ba", 0..<2, "leave it out"),
      Refusal("a(?:b)", 1..<4, "plain group"), Refusal("(?=a)", 0..<3, "looks around"),
      Refusal("(?!a)", 0..<3, "looks around"), Refusal("(?<=a)", 0..<4, "looks around"),
      Refusal("(?<!a)", 0..<4, "looks around"), Refusal("(?<n>a)", 0..<3, "plain group"),
      Refusal("(?P<n>a)", 0..<4, "plain group"), Refusal("(?i)a", 0..<3, "'[Aa]'"),
      Refusal("(?>a)", 0..<3, "plain group"), Refusal("(a)\\1", 3..<5, "the group again"),
      Refusal("\\k<n>", 0..<2, "the group again"), Refusal("a+?", 1..<3, "write '+'"),
      Refusal("a*?", 1..<3, "write '*'"), Refusal("a??", 1..<3, "write '?'"),
      Refusal("a{2}?", 1..<5, "write '{2}'"), Refusal("a++", 1..<3, "write '+'"),
      Refusal("\\p{L}", 0..<2, "'[A-Za-z]'"), Refusal("\\u0041", 0..<2, "itself"),
      Refusal("\\x41", 0..<2, "itself"), Refusal("\\n", 0..<2, "itself"),
      Refusal("[[:alpha:]]", 1..<10, "'A-Za-z'"), Refusal("[[:punct:]]", 1..<10, "write out"),
    ])
  func unsupported(_ refusal: Refusal) { check(refusal, "pattern-unsupported") }

  @Test(
    "a slip is refused at its place",
    arguments: [
      Refusal("", 0..<0, "leave it out"), Refusal("a{", 1..<2, "'\\{'"),
      Refusal("a{x}", 1..<2, "'\\{'"), Refusal("a{,3}", 1..<3, "'{0,3}'"),
      Refusal("\u{E9}}", 2..<3, "'\\}'"), Refusal("a]", 1..<2, "'\\]'"),
      Refusal("[]", 0..<2, "'\\]'"), Refusal("[^]", 0..<3, "'\\]'"),
      Refusal("[z-a]", 1..<4, "swap"), Refusal("[a-\\d]", 1..<5, "'\\-'"),
      Refusal("[\\d-z]", 1..<5, "'\\-'"), Refusal("[a-c-e]", 4..<5, "'\\-'"),
      Refusal("[a[b]", 2..<3, "'\\['"), Refusal("a{3,2}", 1..<6, "'{2,3}'"),
      Refusal("a{0}", 1..<4, "leave it out"), Refusal("*a", 0..<1, "'\\*'"),
      Refusal("(+a)", 1..<2, "'\\+'"), Refusal("a|?", 2..<3, "'\\?'"),
      Refusal("{2}", 0..<3, "nothing to repeat"), Refusal("a**", 2..<3, "group"),
      Refusal("a{2}{3}", 4..<5, "group"), Refusal("a(b", 1..<2, "'\\('"),
      Refusal("(", 0..<1, "'\\('"), Refusal("a)", 1..<2, "'\\)'"), Refusal("a[b", 1..<2, "'\\['"),
      Refusal("a\\", 1..<2, "'\\\\'"), Refusal("(a|)", 2..<3, "'(a|b)?'"),
      Refusal("|a", 0..<1, "'(a|b)?'"), Refusal("a||b", 2..<3, "'(a|b)?'"),
      Refusal("a()", 1..<3, "empty group"), Refusal("\\q", 0..<2, "write 'q'"),
      Refusal("a\\-b", 1..<3, "write '-'"), Refusal("\\:", 0..<2, "write ':'"),
      Refusal("[^\u{0}-\u{10FFFF}]", 0..<9, "without a character"),
    ])
  func slips(_ refusal: Refusal) { check(refusal, "pattern-syntax") }

  @Test(
    "a pattern beyond a limit is refused",
    arguments: [
      Refusal("a{1001}", 1..<7, "1000"), Refusal("a{1,99999999999999999999}", 1..<25, "1000"),
      Refusal("(a{1000}){1000}", 0..<15, "10000 states"),
      Refusal(
        String(repeating: "(", count: 33) + "a" + String(repeating: ")", count: 33), 32..<33, "32"),
    ])
  func limits(_ refusal: Refusal) { check(refusal, "pattern-too-large") }

  @Test("a pattern at the limits is read")
  func atTheLimits() throws {
    let nested = String(repeating: "(", count: 32) + "a" + String(repeating: ")", count: 32)
    #expect(try Pattern(nested).matches("a"))
    #expect(try Pattern("a{1000}").matches(String(repeating: "a", count: 1_000)))
  }

  @Test(
    "no pattern is exponential",
    .timeLimit(.minutes(1)),
    arguments: ["(a+)+", "(a|a)*", "((a*)*)*", "(a+a+)+b"])
  func linear(_ pattern: String) throws {
    let value = String(repeating: "a", count: 100_000) + "!"
    #expect(try !Pattern(pattern).matches(value))
  }

  @Test("bounded repetitions side by side count together", .timeLimit(.minutes(1)))
  func counts() throws {
    let pattern = try Pattern(".{0,1000}.{0,1000}")
    #expect(pattern.matches(String(repeating: "x", count: 2_000)))
    #expect(!pattern.matches(String(repeating: "x", count: 2_001)))
  }

  @Test(
    "capture finds the leftmost match, and gives its first group or all of it",
    arguments: [
      ("metadata=\"([^\"]+)\"", "Bearer metadata=\"https://a/b\", x", "https://a/b"),
      ("\\d+", "a12b345", "12"), ("a|ab", "xab", "a"), ("(a|ab)(c|bcd)", "abcd", "a"),
      ("(a*)b", "b", ""), ("a|(b)", "ab", nil), ("x", "abc", nil), ("(b?|a)?", "a", "a"),
      ("(a*)*", "aa", "aa"), ("(a?)?", "", nil), ("(a?)+", "", ""), ("((a)|b)*", "ab", "b"),
      ("(\u{E9}.)", "x\u{E9}\u{1F600}", "\u{E9}\u{1F600}"),
    ] as [(String, String, String?)])
  func captures(_ pattern: String, _ text: String, _ expected: String?) throws {
    #expect(try Pattern(pattern).capture(in: text) == expected)
  }

  @Test("patterns are equal by their bytes")
  func equality() throws {
    #expect(try Pattern("\u{E9}") != Pattern("e\u{301}"))
    #expect(try Pattern("a+") == Pattern("a+"))
    #expect(try Pattern("a+").description == "a+")
  }

  /// The rows of a file beside this one.
  private func rows(of name: String) throws -> [[String]] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = folder.appendingPathComponent("Patterns/\(name)")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test("random patterns match what Python's and JavaScript's match")
  func likeOthers() throws {
    let rows = try rows(of: "patterns.tsv")
    #expect(rows.count == 300)
    for row in rows {
      #expect(try Pattern(row[0]).matches(row[1]) == (row[2] == "true"), "\(row)")
    }
  }

  @Test("random patterns capture what JavaScript's capture")
  func captureLikeJavaScript() throws {
    let rows = try rows(of: "captures.tsv")
    #expect(rows.count == 130)
    for row in rows {
      let expected = row[2] == "absent" ? nil : String(row[2].dropFirst())
      #expect(try Pattern(row[0]).capture(in: row[1]) == expected, "\(row)")
    }
  }
}
