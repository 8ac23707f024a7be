import Foundation
import KeywrightCompiler
import Testing

/// Every code has a page, and every page's examples are true.
@Suite("Pages of the diagnostics")
struct DiagnosticPageTests {
  static let folder = Repository.root.appendingPathComponent("docs/diagnostics")

  static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()

  /// A page, cut at its fences.
  struct Page {
    let text: String
    /// The texts between fences, in their order.
    let blocks: [String]

    init(_ name: String) throws {
      text = try String(
        contentsOf: folder.appendingPathComponent("\(name).md"), encoding: .utf8)
      var blocks: [String] = []
      var open: [Substring]?
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") {
          if let lines = open {
            blocks.append(lines.map { $0 + "\n" }.joined())
            open = nil
          } else {
            open = []
          }
        } else {
          open?.append(line)
        }
      }
      self.blocks = blocks
    }

    /// A further file of an example, by the comment that it begins with.
    static func file(_ block: String) -> (name: String, text: String)? {
      let line = block.prefix { $0 != "\n" }
      guard line.hasPrefix("# "), line.hasSuffix(".yaml") else { return nil }
      return (String(line.dropFirst(2)), block)
    }

    /// The bytes of a block: `␛U+000D␛` is that character, `␛FF␛` that byte, `␛x*9␛` so many x's.
    static func bytes(_ block: String) -> [UInt8] {
      block.split(separator: "␛", omittingEmptySubsequences: false).enumerated()
        .flatMap { index, part -> [UInt8] in
          if index % 2 == 0 { return Array(part.utf8) }
          if part.hasPrefix("U+"), let code = UInt32(part.dropFirst(2), radix: 16),
            let scalar = Unicode.Scalar(code)
          {
            return Array(String(scalar).utf8)
          }
          if part.hasPrefix("x*") {
            return [UInt8](repeating: UInt8(ascii: "x"), count: Int(part.dropFirst(2)) ?? 0)
          }
          return [UInt8(part, radix: 16) ?? 0]
        }
    }
  }

  @Test(
    "the wrong example gives what the page prints, and the right one compiles", arguments: names)
  func examples(_ name: String) throws {
    let page = try Page(name)
    let specs = page.blocks.filter { Page.file($0) == nil }
    try #require(specs.count == 3, "a wrong spec, its error and a right spec")
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("keywright-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for case let file? in page.blocks.map(Page.file) {
      try Data(file.text.utf8).write(to: folder.appendingPathComponent(file.name))
    }
    let demo = folder.appendingPathComponent("demo.yaml")
    func found(_ block: String) throws -> [String] {
      try Data(Page.bytes(block)).write(to: demo)
      let compilations = try SpecFolder([demo.path]).compiled()
      return compilations.flatMap(\.diagnostics).map {
        $0.description.replacing(folder.path + "/", with: "")
      }
    }
    let wrong = try found(specs[0])
    #expect(wrong.count == 1 && wrong.joined() + "\n" == specs[1])
    #expect(wrong.first?.contains("[\(name)]") == true)
    #expect(try found(specs[2]) == [])
    #expect(page.text.hasPrefix("# \(name)\n") && page.text.contains("\n## Why\n"))
  }

  @Test("every code of the compiler has a page, and every page a code")
  func complete() throws {
    var codes: Set<String> = ["example-unfit", "default-unfit"]
    for folder in ["Sources/KeywrightCompiler", "Sources/KeywrightDefinition"] {
      for file in try RepositoryTests.files(folder) {
        for match in file.text.matches(of: /code: "([a-z0-9-]+)"/) {
          codes.insert(String(match.output.1))
        }
        for match in file.text.matches(of: /"(pattern-[a-z-]+)"/) {
          codes.insert(String(match.output.1))
        }
      }
    }
    // These are of texts that no spec's author writes.
    codes.subtract(["catalogue-format", "definition-format", "definition-json"])
    #expect(Set(Self.names) == codes)
  }

  @Test("the program prints the page that stands in docs", arguments: ["secret-in-url", "not-yet"])
  func explain(_ name: String) throws {
    let tool = Repository.build.appendingPathComponent("keywright").path
    let outcome = try Command.run(tool, ["explain", name])
    #expect(outcome.status == 0)
    #expect(outcome.output.trimmingCharacters(in: .newlines) + "\n" == (try Page(name).text))
  }

  @Test("the pages in the program are those of docs")
  func joined() throws {
    let texts = try Self.names.map { try Page($0).text }
    let joined = try String(
      contentsOf: Repository.root.appendingPathComponent("Generated/diagnostics.md"),
      encoding: .utf8)
    #expect(joined == texts.joined())
  }
}
