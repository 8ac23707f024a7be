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
    let last = Self.lastLine(of: bytes)
    let expected = last.replacing("# expected: ", with: "").components(separatedBy: ", ")
    let found = compile(SourceText(name: name, bytes: bytes), id: "demo", in: Self.context)
      .diagnostics
    let places = found.map { "\($0.position.line):\($0.position.column) \($0.code)" }
    #expect(places == expected, "\(found.map(\.description).joined(separator: "\n"))")
  }

  /// Cut at line feeds alone: to a `Character`, a carriage return before one is part of it.
  private static func lastLine(of bytes: [UInt8]) -> String {
    String(decoding: bytes.split(separator: 0x0A).last ?? [], as: UTF8.self)
  }

  /// Specs that some extend lie in `bases`, and some categories are known.
  static let context: CompilerContext = {
    var context = CompilerContext(root: folder.appendingPathComponent("bases").path)
    context.categories = ["communication", "storage", "x"]
    context.load = { [load = context.load] id in
      // The spec itself, so that a round can be closed.
      id == "demo" ? SourceText(name: "demo.yaml", text: "name: Demo\nextends: round\n") : load(id)
    }
    return context
  }()

  /// Codes of what is no spec's text: a definition's or a catalogue's, or of a file too large to keep.
  static let elsewhere: Set<String> = [
    "catalogue-format", "definition-format", "definition-json", "file-too-large",
  ]

  /// Every code that the sources know.
  static let codes: Set<String> = {
    let root = folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources")
    var codes: Set<String> = ["example-unfit", "default-unfit"]
    for module in ["KeywrightCompiler", "KeywrightDefinition"] {
      let path = root.appendingPathComponent(module).path
      let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      for file in files where file.hasSuffix(".swift") {
        let text = (try? String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)) ?? ""
        for match in text.matches(of: /code: "([a-z0-9-]+)"/) {
          codes.insert(String(match.output.1))
        }
        for match in text.matches(of: /"(pattern-[a-z-]+)"/) {
          codes.insert(String(match.output.1))
        }
      }
    }
    return codes
  }()

  @Test("there are 250 and more, and every code has two")
  func count() throws {
    var counts: [String: Int] = [:]
    for name in Self.names {
      let data = try Data(contentsOf: Self.folder.appendingPathComponent(name))
      let last = Self.lastLine(of: Array(data))
      let codes = Set(last.split { $0 == "," || $0 == " " }.map(String.init))
      for code in codes where Self.codes.contains(code) { counts[code, default: 0] += 1 }
    }
    let table = Self.codes.sorted().map { "\($0) \(counts[$0] ?? 0)" }
    print("\(Self.names.count) bad specs, codes: \(table.joined(separator: ", "))")
    #expect(Self.names.count >= 250)
    for code in Self.codes.subtracting(Self.elsewhere) {
      #expect(counts[code] ?? 0 >= 2, "\(code)")
    }
  }

  @Test("a file of more than 1 MiB is refused before it is read")
  func large() {
    for count in [1_048_577, 3_000_000] {
      let source = SourceText(name: "demo.yaml", text: String(repeating: "x", count: count))
      #expect(compile(source, id: "demo").diagnostics.map(\.code) == ["file-too-large"])
    }
  }

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
