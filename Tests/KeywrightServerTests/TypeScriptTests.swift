import Foundation
import Testing

@testable import KeywrightServer

/// The frontend SDK's types: what is right compiles, and of what is wrong each call says where and why.
@Suite("Frontend types")
struct TypeScriptTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("TypeScript")

  /// What the compiler says of all files, by file.
  private static func check() async throws -> [String: [String]] {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("kw-ts-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let package = place.appendingPathComponent("node_modules/keywright")
    try FileManager.default.createDirectory(at: package, withIntermediateDirectories: true)
    for (name, text) in FrontendPackage.files(for: try ServerUnderTest.catalogue()) {
      try Data(text.utf8).write(to: package.appendingPathComponent(name))
    }
    try Data(#"{"type":"module"}"#.utf8).write(to: place.appendingPathComponent("package.json"))
    var names: [String] = []
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      names.append(file.lastPathComponent)
      try FileManager.default.copyItem(
        at: file, to: place.appendingPathComponent(file.lastPathComponent))
    }
    let outcome = try await Python.start(
      "sh",
      [
        "-c", "cd \"$0\" && exec tsc \"$@\"", place.path, "--noEmit", "--strict", "--target",
        "es2022", "--lib", "es2022,dom", "--module", "node16", "--moduleResolution", "node16",
      ] + names.sorted())
    // 1 and 2 are the compiler's own.
    guard [0, 1, 2].contains(outcome.status) else {
      throw ServerUnderTest.Failure(
        "there is no 'tsc' ('apt-get install node-typescript'): \(outcome.output)")
    }
    var found = Dictionary(uniqueKeysWithValues: names.map { ($0, [String]()) })
    var last = ""
    for line in outcome.output.split(separator: "\n").map(String.init) {
      if !line.hasPrefix(" ") { last = String(line.prefix { $0 != "(" }) }
      found[last, default: []].append(line)
    }
    return found
  }

  @Test("what is right compiles, and what is wrong is refused for the reason that its file names")
  func twins() async throws {
    let found = try await Self.check()
    #expect(found.keys.contains("calls.good.ts") && found.count > 10)
    for (name, lines) in found.sorted(by: { $0.key < $1.key }) {
      guard name.hasSuffix(".bad.ts") else {
        #expect(lines.isEmpty, "\(name): \(lines.joined(separator: "\n"))")
        continue
      }
      let text = try String(
        contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
      let reason = text.prefix { $0 != "\n" }.dropFirst(3)
      #expect(
        lines.contains { $0.contains(reason) }, "\(name): \(lines.joined(separator: "\n"))")
      #expect(lines.filter { !$0.hasPrefix(" ") }.count == 1, "\(name) has one mistake")
    }
  }

  @Test(
    "'keywright sdk' writes the package, with the catalogue and the providers of one's own specs")
  func command() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kw-sdk-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let specs = folder.appendingPathComponent("specs")
    try FileManager.default.createDirectory(at: specs, withIntermediateDirectories: true)
    try Data(Notes.spec.utf8).write(to: specs.appendingPathComponent("notes.provider.yaml"))
    let program = Repository.build.appendingPathComponent("keywright").path
    let outcome = try Command.run(program, ["sdk", "--out", "sdk", "--specs", "specs"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let entries = try ServerUnderTest.catalogue() + [ServerUnderTest.entry(Notes.spec)]
    for (name, text) in FrontendPackage.files(for: entries) {
      let file = folder.appendingPathComponent("sdk/\(name)")
      #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name)")
    }
  }

  @Test("the same providers give the same types, whatever order they come in")
  func order() throws {
    let entries = try ServerUnderTest.catalogue()
    #expect(FrontendTypes.text(of: entries) == FrontendTypes.text(of: entries.reversed()))
  }

  @Test("no words of a spec end the comment that they stand in, or the text")
  func hostileWords() throws {
    let entry = try ServerUnderTest.entry(
      """
      # id: desk
      name: Desk */ export const evil = 1; /*
      swift: Desk
      api: { base: https://api.desk.example }
      auth:
        key:
          kind: api_key
          ask: { api_key: { title: "*/ evil" }, kind: { title: Kind, type: choice, values: ["a\\"b", "c"] } }

      """)
    let text = FrontendTypes.text(of: [entry])
    #expect(!text.contains("evil"))
    #expect(text.contains(#""kind": "a\"b" | "c";"#))
  }
}
