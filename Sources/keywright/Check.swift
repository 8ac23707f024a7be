import ArgumentParser
import KeywrightCompiler
import KeywrightDefinition

/// `keywright check`: are specs right?
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check specs, and say of each error where it is and what to write instead.",
    discussion: "Exit codes: 0 all are right, 1 an error was found.")

  @Argument(help: "Specs, or folders of specs; ./specs where none is named.")
  var paths: [String] = []

  func run() throws {
    let folder = try SpecFolder(paths.isEmpty ? ["specs"] : paths)
    let compilations = try folder.compiled()
    let diagnostics = compilations.flatMap(\.diagnostics)
    for diagnostic in diagnostics { complain(diagnostic.description) }
    let methods = compilations.compactMap(\.provider).map(\.definition.methods.count)
    if diagnostics.isEmpty {
      print("\(folder.files.count) specs, \(methods.reduce(0, +)) methods: no errors")
    } else {
      complain("\(folder.files.count) specs, \(diagnostics.count) errors")
      throw ExitCode(1)
    }
  }
}
