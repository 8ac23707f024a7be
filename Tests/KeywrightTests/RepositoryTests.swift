import Foundation
import KeywrightCompiler
import Testing

/// Rules about the checkout itself.
@Suite("The house")
struct RepositoryTests {
  /// What each module may import of the project's own and of the heavy ones (DESIGN §6).
  static let allowed: [String: Set<String>] = [
    "KeywrightDefinition": [],
    "KeywrightCrypto": ["COpenSSL"],
    "Keywright": [
      "KeywrightDefinition", "KeywrightCrypto", "HTTPTypes", "Synchronization", "Glibc", "Musl",
      "Darwin",
    ],
    "KeywrightHTTPClient": [
      "Keywright", "KeywrightDefinition", "HTTPTypes", "AsyncHTTPClient", "NIOCore", "NIOHTTP1",
      "NIOPosix", "Synchronization",
      "Glibc", "Musl", "Darwin",
    ],
    "KeywrightTesting": ["Keywright", "HTTPTypes", "Synchronization"],
    "KeywrightSimulator": [
      "Keywright", "KeywrightCrypto", "KeywrightDefinition", "HTTPTypes", "Hummingbird", "Logging",
      "NIOCore", "Synchronization",
    ],
    "KeywrightCompiler": [
      "KeywrightDefinition", "CLibYAML", "CPublicSuffix", "Dispatch", "Foundation",
    ],
    "KeywrightServer": [
      "Keywright", "KeywrightCrypto", "KeywrightDefinition", "KeywrightSimulator", "CWeb",
      "Configuration",
      "CoreMetrics", "Foundation", "GRDB", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging",
      "Metrics", "Mustache", "NIOCore", "NIOHTTP1", "NIOWebSocket", "ServiceLifecycle",
      "Synchronization",
      "UnixSignals", "Glibc", "Musl", "Darwin",
    ],
    "keywright-generate": ["KeywrightCompiler", "Foundation"],
    "keywright": [
      "Keywright", "KeywrightCompiler", "KeywrightDefinition", "KeywrightHTTPClient",
      "KeywrightServer", "KeywrightSimulator", "CCatalogue", "ArgumentParser", "Foundation",
      "HTTPTypes", "Logging", "Metrics",
    ],
  ]

  /// The Swift files below a folder, with their paths.
  static func files(_ folder: String) throws -> [(path: String, text: String)] {
    let root = Repository.root.appendingPathComponent(folder)
    let names =
      (FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? [])
      .sorted()
    return try names.filter { $0.hasSuffix(".swift") }.map {
      ("\(folder)/\($0)", try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8))
    }
  }

  /// The module that an import line names; nil for any other line, such as one within a longer text.
  static func imported(by line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard line.prefix(while: { $0 == " " }).count <= 2, let index = words.firstIndex(of: "import"),
      index + 1 < words.count,
      words[..<index].allSatisfy({ ["public", "package", "internal", "@_exported"].contains($0) })
    else { return nil }
    return words.last.map(String.init)
  }

  @Test("a module imports what the design lets it import", arguments: allowed.keys.sorted())
  func imports(_ module: String) throws {
    let files = try Self.files("Sources/\(module)")
    #expect(!files.isEmpty)
    let allowed = try #require(Self.allowed[module])
    for file in files {
      let modules = file.text.split(separator: "\n").compactMap(Self.imported)
      #expect(allowed.isSuperset(of: modules), "\(file.path) imports \(modules)")
    }
  }

  @Test("every module of Sources has its rule")
  func rules() throws {
    let folder = Repository.root.appendingPathComponent("Sources")
    let modules = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(
      Set(modules).subtracting(["CCatalogue", "CLibYAML", "COpenSSL", "CPublicSuffix", "CWeb"])
        == Set(Self.allowed.keys))
  }

  @Test("every file of the pages is carried by the program")
  func pages() throws {
    let root = Repository.root.appendingPathComponent("Sources/CWeb")
    let list = try String(contentsOf: root.appendingPathComponent("web.c"), encoding: .utf8)
    for folder in ["assets", "pages", "sdk"] {
      let names = try FileManager.default.contentsOfDirectory(
        atPath: root.appendingPathComponent(folder).path)
      #expect(!names.isEmpty)
      for name in names {
        #expect(list.contains("#embed \"\(folder)/\(name)\""), "\(folder)/\(name)")
        #expect(list.contains("FILE(\"\(folder)/\(name)\""), "\(folder)/\(name)")
      }
    }
  }

  @Test("no generated Swift is imported by Sources")
  func generated() throws {
    let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ".map { "Keywright\($0)" } + ["KeywrightDigits"])
    for file in try Self.files("Sources") {
      let modules = file.text.split(separator: "\n").compactMap(Self.imported)
      #expect(letters.isDisjoint(with: modules), "\(file.path)")
    }
  }

  @Test("Sources name no provider and no provider's domain")
  func providers() throws {
    let specs = try SpecFolder([Repository.root.appendingPathComponent("specs").path]).files
    var words: Set<String> = Set(specs.map { "\"\($0.id)\"" })
    for spec in specs {
      let text = try String(contentsOfFile: spec.path, encoding: .utf8)
      for match in text.matches(of: /https:\/\/([A-Za-z0-9.$<>_-]+)/) {
        let labels = match.output.1.split(separator: ".").suffix(2)
        // `example.com` is nobody's (RFC 2606 §3).
        if labels.count == 2, labels != ["example", "com"] {
          words.insert(labels.joined(separator: "."))
        }
      }
    }
    #expect(words.count > specs.count)
    for file in try Self.files("Sources") {
      let code = file.text.split(separator: "\n").filter {
        !$0.drop(while: { $0 == " " }).hasPrefix("//")
      }
      for word in words { #expect(!code.contains { $0.contains(word) }, "\(file.path): \(word)") }
    }
  }

  @Test(
    "definition and engine know neither kind nor preset",
    arguments: ["Sources/KeywrightDefinition/Flow", "Sources/Keywright"])
  func words(_ folder: String) throws {
    for file in try Self.files(folder) {
      let code = file.text.split(separator: "\n").filter {
        !$0.drop(while: { $0 == " " }).hasPrefix("//")
      }
      .joined(separator: "\n").lowercased()
      #expect(code.firstMatch(of: /\b(kind|preset)\b/) == nil, "\(file.path)")
    }
  }

  @Test("the tour knows no URL of the provider's")
  func tour() throws {
    for file in try Self.files("Examples/Tour") {
      #expect(!file.text.contains("zendesk.com"), "\(file.path)")
    }
  }
}
