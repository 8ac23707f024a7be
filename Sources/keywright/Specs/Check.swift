import ArgumentParser
import Foundation
import KeywrightCompiler
import KeywrightDefinition

/// `keywright check`: are specs right?
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check specs, and say of each error where it is and what to write instead.",
    discussion: """
      Exit codes: 0 all are right, 1 an error was found, 64 wrong usage. On a terminal the line of each error is \
      shown. With --format json, one array of errors is written to standard output.
      """)

  /// How errors are told.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "Specs, or folders of specs; ./specs where none is named.")
  var paths: [String] = []

  @Option(help: "Lines to read, or JSON for other programs.")
  var format = Format.text

  @Flag(help: "Check again whenever a file changes, until it is stopped.")
  var watch = false

  func run() throws {
    guard watch else { return try check() }
    while true {
      let before = try stamps()
      do {
        try check()
      } catch is ExitCode {
        // What is wrong was told; the author mends it meanwhile.
      }
      while try stamps() == before { Thread.sleep(forTimeInterval: 0.2) }
      say("")
    }
  }

  /// Which files there are, and when each was changed.
  private func stamps() throws -> [String: Date?] {
    let files = try SpecFolder(paths.isEmpty ? ["specs"] : paths, catalogue: "specs").files
    return Dictionary(
      files.map { file in
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        return (file.path, attributes?[.modificationDate] as? Date)
      }, uniquingKeysWith: { $1 })
  }

  private func check() throws {
    let folder = try SpecFolder(paths.isEmpty ? ["specs"] : paths, catalogue: "specs")
    let found = try folder.compiled { compilation, _ in
      (compilation.diagnostics, compilation.provider?.definition.methods.count ?? 0)
    }
    var known: Set<Diagnostic> = []
    // What is wrong with a spec that others extend is told once.
    let diagnostics = found.flatMap(\.0).filter { known.insert($0).inserted }
    if format == .json {
      print(JSON.array(diagnostics.map(\.json)).laidOut(width: 100))
    } else {
      tell(diagnostics, specs: found.count, methods: found.map(\.1).reduce(0, +))
    }
    if !diagnostics.isEmpty { throw ExitCode(1) }
  }

  private func tell(_ diagnostics: [Diagnostic], specs count: Int, methods: Int) {
    let isTerminal = isatty(STDERR_FILENO) == 1
    for diagnostic in diagnostics {
      complain(isTerminal ? diagnostic.withSource : diagnostic.description)
    }
    let specs = "\(count) \(count == 1 ? "spec" : "specs")"
    if diagnostics.isEmpty {
      say("\(specs), \(methods) \(methods == 1 ? "method" : "methods"): no errors")
    } else {
      let errors = diagnostics.count
      complain("\(specs), \(errors) \(errors == 1 ? "error" : "errors")")
      complain("keywright explain \(diagnostics[0].code) says more of '\(diagnostics[0].code)'")
    }
  }
}
