import ArgumentParser
import CCatalogue
import Foundation
import KeywrightCompiler
import KeywrightDefinition

/// Where specs are read from.
struct SpecOptions: ParsableArguments {
  @Option(help: "The folder of specs; ./specs where there is one, else the built-in catalogue.")
  var specs: String?

  /// The folder, where there is one.
  var folder: String? {
    if let specs { return specs }
    return Self.isFolder("specs") ? "specs" : nil
  }

  /// Whether a folder lies at a path.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists && isFolder.boolValue
  }

  /// All providers of the folder, or the built-in ones.
  func catalogue() throws -> Catalogue {
    guard let folder else { return try Self.builtIn() }
    return Catalogue(try Self.entries(in: SpecFolder([folder])))
  }

  /// What the specs of a folder are compiled to; tells their errors where there are some.
  static func entries(in folder: SpecFolder) throws -> [Catalogue.Entry] {
    let compilations = try folder.compiled()
    let diagnostics = compilations.flatMap(\.diagnostics)
    for diagnostic in diagnostics { complain(diagnostic.description) }
    if !diagnostics.isEmpty { throw ExitCode(1) }
    return compilations.compactMap(\.provider).map(Catalogue.Entry.init)
  }

  /// The catalogue that is embedded in the program.
  static func builtIn() throws -> Catalogue {
    let bytes = UnsafeBufferPointer(
      start: keywright_catalogue_start(), count: keywright_catalogue_size())
    return try Catalogue(reading: Array(bytes))
  }

  /// The spec of one provider; nil where only the built-in catalogue has it.
  func file(_ id: String) throws -> SpecFolder.File? {
    guard let folder else { return nil }
    return try SpecFolder([folder]).files.first { $0.id == id }
  }
}

/// Writes a line to standard output at once: somebody waits for it, or reads it through a pipe.
func say(_ text: String) {
  FileHandle.standardOutput.write(Data((text + "\n").utf8))
}

/// Writes a line to standard error.
func complain(_ text: String) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}
