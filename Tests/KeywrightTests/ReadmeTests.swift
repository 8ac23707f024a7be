import Foundation
import Testing

@Suite("The README")
struct ReadmeTests {
  /// The block of Swift that begins with its imports.
  private func application() throws -> String {
    let blocks = try Repository.text("README.md").components(separatedBy: "```swift\n").dropFirst()
    let block = try #require(blocks.first { $0.hasPrefix("import Keywright") })
    return block.components(separatedBy: "```")[0]
  }

  @Test("its application compiles as it is printed")
  func compiles() throws {
    let lines = try application().components(separatedBy: "\n")
    // The transport's module wants the maps of NIO's C modules; what it offers stands below.
    let imports = lines.filter { $0.hasPrefix("import ") && $0 != "import KeywrightHTTPClient" }
    var body = lines.filter { !$0.hasPrefix("import ") }.joined(separator: "\n")
    // Each comment begins another request of the web application, with a scope of its own.
    for request in ["// GET /callback", "// from then on"] {
      #expect(body.contains(request))
      body = body.replacing(request, with: "}\ndo {")
    }
    body = body.replacing("// GET /connect", with: "do {")
    let source = """
      \(imports.joined(separator: "\n"))
      struct HTTPClientTransport: Transport {
        func send(
          _ request: HTTPRequest, body: [UInt8]?
        ) async throws(TransportError) -> TransportAnswer { throw TransportError(.refused, "") }
      }
      struct Session { subscript(name: String) -> String { get { name } set {} } }
      struct Request { let url: String }
      func redirect(to url: String) {}
      func application(_ request: Request, _ id: String) async throws {
        var session = Session()
        \(body)
        }
        _ = session["flow"]
      }
      """
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("readme-\(UUID().uuidString).swift")
    try Data(source.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let outcome = try MisuseTests.typeCheck(file)
    #expect(outcome.status == 0, "\(outcome.errors)\n\(source)")
  }

  @Test("what it says the tour prints is what the tour prints, numbers aside")
  func tour() throws {
    let outcome = try Command.run(Repository.build.appendingPathComponent("Tour").path, [])
    let readme = Self.withoutNumbers(try Repository.text("README.md"))
    #expect(outcome.status == 0)
    for line in outcome.output.split(separator: "\n") where !line.contains("kept until") {
      // How many seconds are left depends on when it is asked.
      #expect(readme.contains(Self.withoutNumbers(String(line))), "\(line)")
    }
  }

  private static func withoutNumbers(_ text: String) -> String {
    text.replacing(/[0-9]+/, with: "#")
  }
}
