import Foundation
import KeywrightCompiler
import Testing

/// The language's own examples, as they were written before there was a compiler.
///
/// `Examples/expected.tsv` says of each whether it compiles, which key of the language's second part it is refused for, or
/// by which decision it has to differ.
@Suite("Examples of the language")
struct ExampleTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Examples")

  static let expected: [(file: String, outcome: String)] = {
    let text = try? String(
      contentsOf: folder.appendingPathComponent("expected.tsv"), encoding: .utf8)
    return (text ?? "").split(separator: "\n").map { line in
      let cells = line.split(separator: "\t", maxSplits: 1).map(String.init)
      return (cells[0], cells[1])
    }
  }()

  /// What the compiler says of a file, in the words of the table.
  private static func outcome(of diagnostics: [Diagnostic]) -> String {
    if diagnostics.isEmpty { return "compiles" }
    let others = Set(diagnostics.map(\.code)).subtracting(["not-yet"]).sorted()
    if !others.isEmpty { return "differs: " + others.joined(separator: ", ") }
    let names = Set(
      diagnostics.compactMap {
        $0.message.split(separator: "'", omittingEmptySubsequences: false).dropFirst().first
      })
    return "not yet: " + names.sorted().joined(separator: ", ")
  }

  @Test("each compiles, is refused by the key that comes later, or differs by a decision")
  func outcomes() throws {
    let files = try SpecFolder([Self.folder.path])
    var outcomes: [String: String] = [:]
    for (file, compilation) in zip(files.files, try files.compiled()) {
      let name = URL(fileURLWithPath: file.path).lastPathComponent
      outcomes[name] = Self.outcome(of: compilation.diagnostics)
    }
    #expect(outcomes.count == Self.expected.count && outcomes.count > 90)
    for (file, outcome) in Self.expected {
      let wanted = outcome.split(separator: "\t")[0]
      #expect(outcomes[file] ?? "" == wanted, "\(file)")
    }
    let counts = Dictionary(grouping: outcomes.values) { $0.split(separator: ":")[0] }
      .mapValues(\.count)
    print("examples of the language: \(counts.sorted { $0.key < $1.key })")
  }

  @Test("what differs names the decision that says why")
  func decisions() throws {
    for (file, outcome) in Self.expected where outcome.hasPrefix("differs") {
      #expect(outcome.contains("\t0006"), "\(file)")
    }
  }
}
