import Foundation
import KeywrightCompiler
import Testing

/// Nobody's bytes crash the compiler, and what is refused is refused with a diagnostic that lies in the text.
@Suite("Hostile specs")
struct HostileSpecTests {
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
