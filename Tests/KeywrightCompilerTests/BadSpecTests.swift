import Foundation
import KeywrightCompiler
import Testing

/// Each file of `BadSpecs/` is wrong in its own way, and its last line says what has to be found, and where.
@Suite("Bad specs")
struct BadSpecTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("BadSpecs")

  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".yaml") }.sorted() ?? []

  @Test("every error has its code, and the line and column where it is", arguments: names)
  func diagnostics(_ name: String) throws {
    let bytes = Array(try Data(contentsOf: Self.folder.appendingPathComponent(name)))
    let last = String(decoding: bytes, as: UTF8.self).split(separator: "\n").last ?? ""
    let expected = last.replacing("# expected: ", with: "").components(separatedBy: ", ")
    let found = compile(SourceText(name: name, bytes: bytes), id: "demo").diagnostics
    let places = found.map { "\($0.position.line):\($0.position.column) \($0.code)" }
    #expect(places == expected, "\(found.map(\.description).joined(separator: "\n"))")
  }

  @Test("there are more than twenty-five of them")
  func count() { #expect(Self.names.count > 25) }

  @Test("a duplicate key points at both places")
  func duplicate() throws {
    let text = "name: Demo\nauth: { api_key: {} }\nname: Again\n"
    let found = compile(SourceText(name: "demo.yaml", text: text), id: "demo").diagnostics
    #expect(
      found.map(\.description) == [
        """
        demo.yaml:3:1: error: the key 'name' stands here a second time [duplicate-key]
        demo.yaml:1:1: note: it stands here first
        """
      ])
  }
}
