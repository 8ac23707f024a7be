import Foundation
import KeywrightCompiler
import Testing

/// Nobody's bytes crash the compiler, and what is refused is refused with a diagnostic that lies in the text.
@Suite("Hostile specs")
struct HostileSpecTests {
  static let good: [UInt8] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("specs/z/zendesk.yaml")
    return Array((try? Data(contentsOf: file)) ?? Data())
  }()

  /// Bytes that mean something somewhere.
  static let pieces: [[UInt8]] =
    [
      "$<", ">", "{", "}", "[", "]", ": ", "- ", "\n", "\"", "'", "&a ", "*a", "!!x ", "<<: ",
      "---\n", "\u{0}",
      "\t", "\r", "|\n", "? ", "none", "\\u0041", "%YAML 1.2\n", "\u{202E}", "é", "#",
      "extends: x\n",
    ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80]]

  @Test("5,000 mutations of a good spec", .timeLimit(.minutes(2)))
  func mutations() {
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var refused = 0
    for _ in 0..<5_000 {
      var bytes = Self.good
      for _ in 0...random(3) {
        let at = random(bytes.count)
        switch random(3) {
        case 0: bytes.replaceSubrange(at..<at, with: Self.pieces[random(Self.pieces.count)])
        case 1: bytes.removeSubrange(at..<min(at + 1 + random(20), bytes.count))
        default: bytes[at] = UInt8(random(256))
        }
      }
      let compilation = compile(SourceText(name: "demo.yaml", bytes: bytes), id: "demo")
      #expect((compilation.provider == nil) == !compilation.diagnostics.isEmpty)
      refused += compilation.provider == nil ? 1 : 0
      for diagnostic in compilation.diagnostics {
        #expect(diagnostic.position.offset <= bytes.count && !diagnostic.message.isEmpty)
      }
    }
    #expect(refused > 2_000)
  }

  @Test(
    "what is deep or long ends in time", .timeLimit(.minutes(1)),
    arguments: [
      String(repeating: "[", count: 100_000), String(repeating: "a: {", count: 50_000),
      (0..<20_000).map { String(repeating: " ", count: $0 % 400) + "a:\n" }.joined(),
      "name: " + String(repeating: "x", count: 2_000_000),
      "name: Demo\nauth: { a: { kind: custom, sign: { headers: { A: '$<"
        + String(repeating: "(", count: 100_000) + "' } } } }",
      "name: Demo\n" + (0..<20_000).map { "k\($0): v\n" }.joined(),
    ])
  func large(_ text: String) {
    #expect(compile(SourceText(name: "demo.yaml", text: text), id: "demo").provider == nil)
  }
}
