#if HTTPClient && Server

  import ArgumentParser
  import Foundation
  import KeywrightCompiler
  import KeywrightDefinition
  import KeywrightServer

  /// `keywright sdk`: the frontend SDK for an application that does not load it from the server.
  struct Frontend: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sdk",
      abstract: "Write the frontend SDK as a package, with the types of what can be connected.",
      discussion: """
        An application installs the folder ('npm install ./sdk') or copies it. The types are those of the providers \
        that the specs have, so that a wrong call does not compile; write it again when a spec changes.
        """)

    @Option(help: "The folder to write to.") var out: String

    @Option(
      parsing: .singleValue,
      help: "A folder of specs beside the built-in ones, as for 'serve'; may be repeated.")
    var specs: [String] = []

    /// What such a server knows: of two providers with one id the later one counts.
    private func entries() throws -> [KeywrightDefinition.Catalogue.Entry] {
      var entries = Dictionary(
        try SpecOptions.builtIn().entries.map { ($0.definition.id, $0) }
      ) { $1 }
      for path in specs {
        for compilation in try SpecFolder([path], catalogue: nil).compiled() {
          for diagnostic in compilation.diagnostics { complain(diagnostic.description) }
          guard let provider = compilation.provider else { throw ExitCode(1) }
          let entry = KeywrightDefinition.Catalogue.Entry(provider)
          entries[entry.definition.id] = entry
        }
      }
      return entries.values.sorted { $0.definition.id < $1.definition.id }
    }

    func run() throws {
      let files = FrontendPackage.files(for: try entries())
      try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
      for (name, text) in files {
        try text.write(toFile: "\(out)/\(name)", atomically: true, encoding: .utf8)
      }
      print("wrote \(files.map(\.name).joined(separator: ", ")) to \(out)")
    }
  }

#endif
