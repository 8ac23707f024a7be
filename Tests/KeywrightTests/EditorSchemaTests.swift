import Foundation
import KeywrightCompiler
import KeywrightDefinition
import Testing

/// The editor schema against PyPI's jsonschema, which nobody here wrote.
@Suite("Editor schema")
struct EditorSchemaTests {
  private static let schema = Repository.root.appendingPathComponent("specs/schema.json").path

  /// What the validator says of some files, line by line.
  private static func validated(_ files: [String]) throws -> [String] {
    let outcome = try PythonEnvironment.oracle("schema.py", [schema] + files)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output.split(separator: "\n").map(String.init)
  }

  @Test("it takes every spec of the catalogue and every example that compiles")
  func good() throws {
    let examples = Repository.root.appendingPathComponent(
      "Tests/KeywrightCompilerTests/Examples")
    let folders = try SpecFolder([Repository.root.appendingPathComponent("specs").path])
    let loose = try SpecFolder([examples.path])
    let compiled = zip(loose.files, try loose.compiled()).filter { $1.provider != nil }.map(\.0)
    let files = (folders.files + compiled).map(\.path)
    #expect(files.count > 60)
    let lines = try Self.validated(files)
    #expect(lines.count == files.count)
    for line in lines { #expect(line.hasPrefix("good "), "\(line)") }
  }

  @Test(
    "it refuses what has a shape that the language does not know",
    arguments: ["unknown-key", "unknown-word", "wrong-shape", "missing-key", "malformed-name"])
  func bad(_ code: String) throws {
    let folder = Repository.root.appendingPathComponent(
      "Tests/KeywrightCompilerTests/BadSpecs")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let files = try names.filter { $0.hasSuffix(".yaml") }.map { folder.appendingPathComponent($0) }
      .filter { file in
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return text.split(separator: "\n").last?.contains(" \(code)") == true
      }
    #expect(!files.isEmpty)
    let lines = try Self.validated(files.map(\.path))
    let refused = lines.count { $0.hasPrefix("bad ") }
    // Some are the compiler's alone: a title that a kind's field would bring, a word that a condition decides.
    // What a method refines, or an extended spec brings, may be missing to the schema.
    let share = code == "missing-key" ? 3 : 2
    #expect(refused * share >= lines.count, "\(code): \(lines)")
  }

  @Test("reference and schema are what the language's table says")
  func upToDate() throws {
    let tool = Repository.build.appendingPathComponent("keywright").path
    let outcome = try Command.run(tool, ["reference", "--check"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}
