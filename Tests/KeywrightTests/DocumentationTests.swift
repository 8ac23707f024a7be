import Foundation
import KeywrightDefinition
import Testing

/// Whoever opens the documentation finds a sentence on everything that is public.
@Suite("The documentation")
struct DocumentationTests {
  /// The public symbols of a module, as the compiler knows them.
  private func symbols(of module: String) throws -> [JSON] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("keywright-symbols-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let map = Repository.root.appendingPathComponent("Sources/COpenSSL/module.modulemap").path
    let outcome = try Command.run(
      "swift-symbolgraph-extract",
      [
        "-module-name", module, "-I", Repository.build.appendingPathComponent("Modules").path,
        "-Xcc", "-fmodule-map-file=\(map)", "-target", "\(Self.architecture)-unknown-linux-gnu",
        "-minimum-access-level", "public", "-skip-synthesized-members", "-skip-inherited-docs",
        "-output-dir", folder.path,
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try files.flatMap { file -> [JSON] in
      let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(file)))
      guard case .array(let symbols)? = try JSON(reading: bytes)["symbols"] else { return [] }
      return symbols
    }
  }

  #if arch(arm64)
    private static let architecture = "aarch64"
  #else
    private static let architecture = "x86_64"
  #endif

  @Test(
    "every public symbol has its sentence",
    arguments: ["Keywright", "KeywrightDefinition", "KeywrightTesting"])
  func sentences(_ module: String) throws {
    let symbols = try symbols(of: module)
    #expect(symbols.count > 10)
    for symbol in symbols where symbol["docComment"] == nil {
      let name = symbol["names"]?["title"]?.text ?? ""
      // What the compiler makes of a raw value has none.
      #expect(name == "init(rawValue:)", "\(name)")
    }
  }

  @Test("the page of the module names what there is, and nothing else")
  func page() throws {
    let page = try String(
      contentsOf: Repository.root.appendingPathComponent(
        "Sources/Keywright/Keywright.docc/Keywright.md"), encoding: .utf8)
    let types = Set(
      try (symbols(of: "Keywright")).compactMap { symbol -> String? in
        guard case .array(let path)? = symbol["pathComponents"], path.count == 1 else { return nil }
        return path[0].text
      })
    let named = page.matches(of: /- ``(\w+)``/).map { String($0.output.1) }
    #expect(named.count > 30)
    #expect(Set(named).subtracting(types) == [])
  }
}
