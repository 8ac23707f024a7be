import ArgumentParser
import Foundation
import Keywright
import KeywrightCompiler
import KeywrightDefinition

/// `keywright reference`: what the language's own table and the runtime's own codes say, for people and editors.
struct Reference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Bring the reference's tables, the editor schema and the page of errors up to date.",
    discussion:
      "Exit codes: 0 up to date, 1 a file can't be read or written, 3 --check found stale files.",
    shouldDisplay: false)

  @Option(help: "The folder of specs, with README.md.")
  var specs = "specs"

  @Option(help: "The page of the runtime's error codes.")
  var errors = "docs/errors.md"

  @Option(help: "The folder of the providers' pages.")
  var pages = "docs/providers"

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
    var texts = [
      (readme, tables), ("\(specs)/schema.json", schema), (errors, ErrorReference.markdown),
    ]
    texts += try providerPages()
    for (path, text) in texts {
      if (try? String(contentsOfFile: path, encoding: .utf8)) == text { continue }
      isStale = true
      if check {
        complain("\(path): error: not what the sources say")
      } else {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        print("wrote \(path)")
      }
    }
    for path in stalePages(among: texts.map(\.0)) {
      isStale = true
      if check {
        complain("\(path): error: no spec makes it")
      } else {
        try FileManager.default.removeItem(atPath: path)
        print("removed \(path)")
      }
    }
    if check, isStale { throw ExitCode(3) }
  }

  /// A page for each provider, and one that lists them.
  private func providerPages() throws -> [(String, String)] {
    let options = try SpecOptions.parse(["--specs", specs])
    let entries = try options.catalogue().entries
    if !check {
      try FileManager.default.createDirectory(atPath: pages, withIntermediateDirectories: true)
    }
    return entries.map { ("\(pages)/\($0.definition.id).md", ProviderPage($0).text.markdown) }
      + [("\(pages)/README.md", ProviderIndex(entries).text.markdown)]
  }

  /// Pages of providers that are gone.
  private func stalePages(among known: [String]) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: pages)) ?? []
    return names.sorted().map { "\(pages)/\($0)" }
      .filter { $0.hasSuffix(".md") && !known.contains($0) }
  }
}
