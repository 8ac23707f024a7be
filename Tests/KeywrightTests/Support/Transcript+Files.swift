import Foundation
import KeywrightCompiler
import KeywrightDefinition
import KeywrightSimulator

extension Transcript {
  private static let folder = Repository.root.appendingPathComponent("Tests/Transcripts")

  /// The names of all transcripts, such as `zendesk.oauth`.
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }.sorted()

  /// Reads a transcript of the catalogue.
  init(named name: String) throws {
    let bytes = Array(try Data(contentsOf: Self.folder.appendingPathComponent(name + ".yaml")))
    try self.init(readTree(SourceText(name: name, bytes: bytes)).get(), named: name)
  }
}
