/// Values that have moved an authority somewhere else, by the row that they stand in.
enum HostileValues {
  /// One host label is wanted.
  static let labels: [(row: String, values: [String])] = [
    (
      "C1", ["evil.com/#", "evil.com/", "evil.com?", "evil.com#", "//evil.com", "https://evil.com"]
    ),
    ("C2", ["a@evil.com/", "x:y@evil.com/", "evil.com\\", "evil.com:443/", "a@", ":443", "a:b"]),
    (
      "C3",
      ["x@169.254.169.254/", "127.0.0.1/x?", "[::1]/", "[::1]", "169.254.169.254", "0x7f000001/"]
    ),
    (
      "C4",
      [
        "acme\r\nX: y", "acme\n", "\n", "\tacme", "acme ", " acme", "acme%00", "acme%0a",
        "acme\u{0}", "\u{0}", "acme\u{2028}", "\u{FEFF}acme", "acme\u{200B}", "acme\u{AD}",
        "acme\r",
      ]
    ),
    (
      "C5",
      [
        "evil.com%2F%23", "%65vil.com%2f", "%252f", "ａｃｍｅ", "１２３", "acme。evil", "①", "acme．evil",
        "\u{212A}", "acme\u{301}",
      ]
    ),
    ("C6", ["аcme", "xn--acme", "xn--80ak6aa92e", "XN--acme", "ab--cd", "ácme"]),
    (
      "C7",
      [
        ".", "..", "-a", "a-", "a..b", String(repeating: "a", count: 64),
        String(repeating: "a.", count: 127), "acme.evil.com", ".acme", "acme.", "a_b",
      ]
    ),
    (
      "C9",
      [
        "${connectionConfig.other}", "${env.SECRET}", "||", "{{}}", "\\(x)", "$<client_secret>",
        "$$<client_secret>", "$<subdomain>", "#{x}", "<%= x %>", "%s",
      ]
    ),
  ]

  static let all =
    labels.flatMap(\.values) + [
      "", "../../admin", "a/b", "%2e%2e", ";jsessionid", "?x=", "&a=b", "=", "+", "#", "acme",
      "ACME",
      "a1-b2", "9", "🔑", "\u{202E}", "'", "\"", "`", "^", "|", "<", ">", "*", ",", "!", "~", "_",
    ]

  /// A value made of the others, or of random characters, out of some random numbers.
  static func random(_ random: inout SplitMix) -> String {
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      return (0..<Int.random(in: 1...4, using: &random))
        .map { _ in all.randomElement(using: &random) ?? "" }.joined()
    case 1:
      let letters = Array("abcxyz019-ABZ")
      return String(
        (0..<Int.random(in: 1...20, using: &random)).map { _ in
          letters.randomElement(using: &random) ?? "a"
        })
    default:
      return String(
        String.UnicodeScalarView(
          (0..<Int.random(in: 1...12, using: &random)).map { _ in
            Bool.random(using: &random)
              ? "a" : Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &random)) ?? "b"
          }))
    }
  }
}

/// Random numbers that are the same each time.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
