import Foundation
import KeywrightCompiler
import KeywrightDefinition
import Testing

/// No text of a spec reaches out of the Swift that is generated: it comes back from the compiled program byte by byte.
@Suite("Injection")
struct InjectionTests {
  static let hostile = [
    "\\(evil())", "\\#(evil())", "\"", "\"\"\"", "\"\"\"#", "#\"", "\"#", "\\", "\\\\", "*/", "/*",
    "//", "\n",
    "\r", "\r\n", "\u{0}", "\u{2028}", "\u{2029}", "\u{85}", "#if true",
    "#sourceLocation(file: \"x\", line: 1)",
    "@_silgen_name(\"x\")", "`", "$0", "import Foundation", "}\n}\nstruct X {", "é", "e\u{301}",
    "🔑", "\u{202E}",
    "\t", "$<", "$$<", "\\u{0}", "\u{FEFF}", "'", "%", "}}", "{{",
  ]

  /// Texts that are the same every time: the hostile ones, then random ones of 1 to 12 pieces or scalars.
  static let texts: [String] = {
    var random = SystemNumbers(seed: 77)
    return hostile
      + (0..<10_000).map { _ in
        (0..<Int.random(in: 1...12, using: &random)).map { _ in
          if Bool.random(using: &random) {
            return hostile[Int.random(in: 0..<hostile.count, using: &random)]
          }
          let scalar = Unicode.Scalar(UInt32.random(in: 1...0x2FFF, using: &random))
          return String(scalar ?? "a")
        }.joined()
      }
  }()

  /// The text in double quotes of YAML, in which a literal `$<` is doubled.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      defer { previous = scalar }
      switch scalar {
      case "<" where previous == "$": result += "$<"
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case " "..."~": result.unicodeScalars.append(scalar)
      default: result += "\\U" + String(format: "%08x", scalar.value)
      }
    }
    return result + "\""
  }

  @Test("10,000 texts come back from compiled code as they were")
  func texts() throws {
    let members = Self.texts.enumerated().map { index, text in
      "          k\(index): \(Self.quoted(text))"
    }
    let spec = """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        login:
          kind: custom
          title: "T \\" \\\\ */ \\u00e9"
          ask: { key: { title: "K \\\\(x) */ \\"", type: secret } }
          exchange:
            post: https://demo.test/t
            headers: { X: $<key> }
            json:
      \(members.joined(separator: "\n"))
            credential: { access_token: $<body.t> }
      """
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("keywright-injection-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // 1 MiB is the most that one spec may have, so the texts go into several.
    let compilation = compile(SourceText(name: "demo.yaml", text: spec), id: "demo")
    let provider = try #require(
      compilation.provider, "\(compilation.diagnostics.prefix(3).map(\.description))")
    let generated = folder.appendingPathComponent("Demo.swift")
    // Only the literal is compiled to a program: the runtime's library is not linked here.
    let text = provider.swiftText(origin: "demo.yaml")
    let start = try #require(text.range(of: "StaticString {"))
    let end = try #require(text.range(of: "\n  }\n}\n", options: .backwards))
    let literal = text[start.upperBound..<end.lowerBound]
    try """
    let definition: StaticString = \(literal)
    definition.withUTF8Buffer { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        print(String(decoding: rest.prefix(4096), as: UTF8.self), terminator: "")
        rest = rest.dropFirst(4096)
      }
    }
    """.replacing("    let definition", with: "let definition").write(
      to: generated, atomically: true, encoding: .utf8)
    let program = folder.appendingPathComponent("demo").path
    let built = try Command.run("swiftc", ["-swift-version", "6", generated.path, "-o", program])
    #expect(built.status == 0, "\(built.errors.prefix(2_000))")
    let printed = try Command.run(program, []).output
    #expect(printed.utf8.allSatisfy { $0 < 0x80 })
    let definition = try Definition(reading: Array(printed.utf8))
    #expect(definition == provider.definition)
    guard case .json(.object(let found))? = definition.methods[0].exchange[0].request?.body else {
      Issue.record("no body")
      return
    }
    let values = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.value) })
    for (index, text) in Self.texts.enumerated() {
      guard case .template(let template)? = values["k\(index)"] else {
        Issue.record("k\(index) is missing")
        continue
      }
      #expect(template.literalText?.isSameBytes(as: text) == true, "k\(index)")
    }
    // The whole file is Swift, in which nothing of the texts is code.
    let whole = folder.appendingPathComponent("Whole.swift")
    try text.write(to: whole, atomically: true, encoding: .utf8)
    let checked = try MisuseTests.typeCheck(whole)
    #expect(checked.status == 0, "\(checked.errors.prefix(2_000))")
  }
}
