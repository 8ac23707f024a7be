import ArgumentParser
import Foundation
import KeywrightCompiler
import KeywrightDefinition

/// `keywright reference`: what the language's own table says, for people and for editors.
struct Reference: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the reference's tables and the editor schema up to date.",
    discussion:
      "Exit codes: 0 up to date, 1 a file can't be read or written, 3 --check found stale files.",
    shouldDisplay: false)

  @Option(help: "The folder of specs, with README.md.")
  var specs = "specs"

  @Flag(help: "Change nothing; say what is not up to date.")
  var check = false

  func run() throws {
    let readme = "\(specs)/README.md"
    let text = try String(contentsOfFile: readme, encoding: .utf8)
    guard let tables = ReferenceTables.updating(text) else {
      throw ValidationError("'\(readme)' has a table comment without a table or an end")
    }
    let schema = EditorSchema.json.laidOut(width: 100) + "\n"
    var isStale = false
    for (path, text) in [(readme, tables), ("\(specs)/schema.json", schema)] {
      if (try? String(contentsOfFile: path, encoding: .utf8)) == text { continue }
      isStale = true
      if check {
        complain("\(path): error: not what the language's table says")
      } else {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        print("wrote \(path)")
      }
    }
    if check, isStale { throw ExitCode(3) }
  }
}
