#if HTTPClient && Server

  import ArgumentParser
  import Foundation
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

    @OptionGroup var specs: SpecOptions

    func run() throws {
      let files = FrontendPackage.files(for: try specs.catalogue().entries)
      try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
      for (name, text) in files {
        try text.write(toFile: "\(out)/\(name)", atomically: true, encoding: .utf8)
      }
      print("wrote \(files.map(\.name).joined(separator: ", ")) to \(out)")
    }
  }

#endif
