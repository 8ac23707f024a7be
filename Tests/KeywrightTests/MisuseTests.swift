import Foundation
import Testing

/// Misuse does not compile: each file `NAME.wrong.swift` fails with the message that its first line pins, and its
/// twin `NAME.right.swift` compiles with the same command line.
@Suite("Misuse does not compile")
struct MisuseTests {
  static let folder = Repository.root.appendingPathComponent("Tests/KeywrightTests/Misuse")

  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
    .filter { $0.hasSuffix(".wrong.swift") }.map { String($0.dropLast(".wrong.swift".count)) }
    .sorted() ?? []

  /// Type-checks one file against the modules that this test was built with.
  ///
  /// Without the map of the C module every file fails, and then a test for misuse would prove nothing.
  static func typeCheck(_ file: URL) throws -> Command.Outcome {
    let map = Repository.root.appendingPathComponent("Sources/COpenSSL/module.modulemap").path
    let modules = Repository.build.appendingPathComponent("Modules").path
    return try Command.run(
      "swiftc",
      [
        "-typecheck", "-warnings-as-errors", "-swift-version", "6", "-I", modules, "-Xcc",
        "-fmodule-map-file=\(map)", file.path,
      ])
  }

  @Test("with the message that is pinned", arguments: names)
  func wrong(_ name: String) throws {
    let file = Self.folder.appendingPathComponent("\(name).wrong.swift")
    let pinned = try #require(
      try String(contentsOf: file, encoding: .utf8).split(separator: "\n").first)
    let outcome = try Self.typeCheck(file)
    let errors = outcome.errors.split(separator: "\n").filter {
      $0.contains("\(name).wrong.swift:") && $0.contains(" error: ")
    }
    #expect(outcome.status != 0)
    #expect(errors.count == 1, "\(outcome.errors)")
    let message = errors.first.map { $0.components(separatedBy: " error: ").last ?? "" } ?? ""
    #expect("// error: \(message)" == pinned, "\(outcome.errors)")
  }

  @Test("and its twin compiles", arguments: names)
  func right(_ name: String) throws {
    let outcome = try Self.typeCheck(Self.folder.appendingPathComponent("\(name).right.swift"))
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test("there are as many as the issue asks for, and more")
  func count() { #expect(Self.names.count >= 12) }
}
