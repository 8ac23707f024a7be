import Foundation
import KeywrightCompiler
import KeywrightDefinition
import Testing

/// What the dialect accepts is YAML of the same tree to PyYAML's parser in pure Python.
@Suite("YAML oracle")
struct YAMLOracleTests {
  static let pieces = [
    "a: b", "- ", ": ", "{", "}", "[", "]", ", ", "\n", "\n  ", "'", "\"", "|\n  x", ">\n  x\n  y",
    "#", " #",
    "k: v\n", "? ", "~", "é", "\\u0041", "\\n", "''", "  ", "x y", "key", "1", "true", "-", "&",
    "*", "!",
    "%", "@", "`", "<<", "---\n", "...\n", "\r\n",
  ]

  @Test("3,000 mutated specs and random texts")
  func agree() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("keywright-yaml-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let specs = try SpecFolder([Repository.root.appendingPathComponent("specs").path]).files
      .map { Array(try Data(contentsOf: URL(fileURLWithPath: $0.path))) }
    var random = SystemNumbers(seed: 31)
    for index in 0..<3_000 {
      var bytes = specs[Int.random(in: 0..<specs.count, using: &random)]
      for _ in 0...Int.random(in: 0...2, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        let piece = Array(Self.pieces.randomElement(using: &random, or: "a").utf8)
        if Bool.random(using: &random) {
          bytes.replaceSubrange(at..<at, with: piece)
        } else {
          bytes.replaceSubrange(at..<min(at + 3, bytes.count), with: piece)
        }
      }
      try write(bytes, to: folder.appendingPathComponent("\(index)"))
    }
    let outcome = try PythonEnvironment.oracle("yaml_oracle.py", [folder.path])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 1, "\(lines.prefix(20).joined(separator: "\n"))")
    print("YAML oracle: \(lines.last ?? "")")
  }

  private func write(_ bytes: [UInt8], to path: URL) throws {
    try Data(bytes).write(to: path.appendingPathExtension("yaml"))
    let source = SourceText(name: "demo.yaml", bytes: bytes)
    switch readTree(source) {
    case .success(let tree):
      try tree.compactText.write(
        to: path.appendingPathExtension("json"), atomically: true, encoding: .utf8)
    case .failure(let codes):
      if codes.codes == ["yaml-syntax"] {
        try Data().write(to: path.appendingPathExtension("syntax"))
      }
    }
  }
}

/// Numbers that are the same every time.
struct SystemNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}

extension Array {
  fileprivate func randomElement(using random: inout SystemNumbers, or other: Element) -> Element {
    randomElement(using: &random) ?? other
  }
}
