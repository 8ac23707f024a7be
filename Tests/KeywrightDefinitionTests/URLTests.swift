import Foundation
import KeywrightDefinition
import Testing

@Suite("URLs")
struct URLTests {
  /// Values that have moved an authority somewhere, and pieces to build more of them from.
  static let hostile = [
    "evil.com/#", "evil.com/", "evil.com?", "evil.com#", "a@evil.com/", "x:y@evil.com/",
    "evil.com\\",
    "evil.com:443/", "x@169.254.169.254/", "127.0.0.1/x?", "[::1]/", "acme\r\nX: y", "acme\n",
    "\tacme", "acme%00", "acme%0a", "\u{0}", "\u{2028}", "\u{FEFF}", "evil.com%2F%23",
    "%65vil.com%2f",
    "%252f", "ａｃｍｅ", "acme。evil", "①", "аcme", "xn--acme", "", ".", "..", "-a", "a-", "a..b",
    String(repeating: "a", count: 64), String(repeating: "a.", count: 127), "acme.evil.com",
    "${connectionConfig.other}", "$<client_secret>", "||", "{{}}", "\\(x)", "../../admin", "a/b",
    "%2e%2e", ";jsessionid", "?x=", "&a=b", "=", "+", " ", "#", "//evil.com", "https://evil.com",
    "evil.com:80", "@", ":", "acme", "ACME", "a1-b2", "ﬀ", "\u{212A}", "e\u{301}", "🔑", "\u{202E}",
  ]

  /// How many values are tried: more in a release build, by `make fuzz`.
  static let count =
    ProcessInfo.processInfo.environment["KEYWRIGHT_HOSTILE_VALUES"].flatMap(Int.init) ?? 100_000

  @Test("random and hostile values never change scheme, host or port of a URL")
  func authority() throws {
    let templates = try [
      "https://$<v>.demo.test/a/b?c=d", "https://$<v>.eu.demo.test:8443/x",
      "https://api.demo.test/p/$<v>/q?r=$<v>&s=1#t=$<v>", "https://api.demo.test/$<v>",
      "https://api.demo.test?a=$<v>", "https://$<v>.demo.test/$<v>?$<v>#$<v>",
    ].map { URLTemplate(try Template(reading: $0)) }
    var random = SplitMix(seed: 29)
    var made = 0
    for round in 0..<Self.count {
      let value = round < Self.hostile.count ? Self.hostile[round] : Self.random(&random)
      for template in templates {
        guard let url = try? template.expanded(in: ["v": .text(value)]) else { continue }
        made += 1
        let text = url.description
        let port = template.template.description.contains(":8443") ? 8_443 : nil
        let host = try #require(URL(string: text)?.host, "\(text)")
        #expect(text.hasPrefix("https://"))
        #expect(URL(string: text)?.port == port)
        #expect(URL(string: text)?.user == nil)
        let label = (try? HostLabel(value))?.text
        let allowed =
          ["api.demo.test"] + (label.map { ["\($0).demo.test", "\($0).eu.demo.test"] } ?? [])
        #expect(allowed.contains(host), "'\(value)' made \(text)")
        #expect(url.origin.host == host)
      }
    }
    // A guard that refused everything would prove nothing.
    #expect(made > 20_000)
  }

  private static func random(_ random: inout SplitMix) -> String {
    if Bool.random(using: &random) {
      return (0..<Int.random(in: 1...4, using: &random))
        .map { _ in hostile.randomElement(using: &random) ?? "" }.joined()
    }
    return (0..<Int.random(in: 1...12, using: &random)).map { _ in
      let scalar = Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &random)) ?? "a"
      return Bool.random(using: &random) ? String(scalar) : "a"
    }.joined()
  }

  @Test("a value is one component of the part it stands in")
  func encoding() throws {
    let template = URLTemplate(try Template(reading: "https://a.test/$<v>/x?q=$<v>"))
    let url = try template.expanded(in: ["v": .text("a/b?c=d&e f%20+é")])
    #expect(
      url.description
        == "https://a.test/a%2Fb%3Fc%3Dd%26e%20f%2520%2B%C3%A9/x?q=a%2Fb%3Fc%3Dd%26e%20f%2520%2B%C3%A9"
    )
  }

  @Test("a segment of dots alone is refused", arguments: ["", ".", "..", "..."])
  func dots(_ value: String) throws {
    let template = URLTemplate(try Template(reading: "https://a.test/x/$<v>"))
    #expect(throws: URLExpansionFailure.self) { try template.expanded(in: ["v": .text(value)]) }
  }

  @Test("a URL as a value is taken whole, and what follows can't lengthen its host")
  func whole() throws {
    let good = URLTemplate(try Template(reading: "$<v>/token"))
    #expect(
      try good.expanded(in: ["v": .text("https://id.demo.test/")]).description
        == "https://id.demo.test/token")
    let bad = URLTemplate(try Template(reading: "$<v>.evil.test/token"))
    #expect(throws: URLExpansionFailure.self) {
      try bad.expanded(in: ["v": .text("https://id.demo.test")])
    }
  }

  @Test("a path continues the base, and two slashes that meet are one")
  func base() throws {
    let template = URLTemplate(try Template(reading: "/me?a=1"))
    #expect(
      try template.expanded(in: [:] as [String: Value], base: "https://a.test/v1/").description
        == "https://a.test/v1/me?a=1")
  }

  @Test(
    "what two parsers could read differently is no URL",
    arguments: [
      "https://", "https://a", "https:///a.test", "https://a.test:0", "https://a.test:99999",
      "https://a.test:080", "https://u@a.test", "https://u:p@a.test", "https://1.2.3.4",
      "https://[::1]:1", "https://[fe80::1]", "https://a.test.", "https://.a.test",
      "https://a..test", "https://0x7f.1", "https://a.test/%", "https://a.test/%zz",
      "https://a.test/a b", "https://a.test/\\", "ftp://a.test", "javascript:alert(1)", "//a.test",
      "https://é.test", "https://a.test/é", "https://a_b.test", "https://a.1",
    ])
  func malformed(_ text: String) {
    // The loopback address is for redirect URIs and stand-ins; it is taken only with a port of its own.
    let parts = try? URLParts(reading: text)
    #expect(parts == nil || parts?.origin.isLoopback == true, "\(text)")
    #expect(throws: (any Error).self) { try HTTPSURL(text) }
  }
}
