import Foundation
import KeywrightCompiler
import Testing

/// No provider takes a name from those who use it.
@Suite("Build steps: names of providers")
struct ProviderNameTests {
  /// Ids whose plain Swift name is a type of Swift, of Foundation or of the runtime.
  static let taken = [
    "locale", "data", "url", "error", "scope", "provider", "connection", "secret", "swift",
    "result",
  ]

  static func type(_ id: String) -> String { id == "url" ? "URL" : id.capitalized }

  /// A provider with a field, a choice, a scope and a method of its own name.
  static func spec(_ id: String, swift: String?) -> String {
    // `$<connection>` is a word of the language, and so no field's name.
    let field = id == "connection" ? "connections" : id
    return """
      name: \(type(id))
      \(swift.map { "swift: \($0)" } ?? "# no name of its own")
      ask:
        \(field): { title: One, type: choice, values: [\(id), two] }
      api: { base: https://api.names.example }
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://names.example/authorize
          token_endpoint: https://names.example/token
          authorization_parameters: { where: $<\(field)> }
          scopes: { \(id): One, other: Two }
        \(id)_key:
          kind: api_key
          ask: { api_key: { title: Key }, own_\(id): { title: Own, type: secret } }
          api: { headers: { X-Own: $<own_\(id)> } }

      """
  }

  /// The name that the compiler proposes for a provider; nil where it takes the plain one.
  static func proposal(for id: String) -> String? {
    let source = SourceText(name: "\(id).yaml", text: spec(id, swift: nil))
    let message = compile(source, id: id).diagnostics.first { $0.code == "swift-name" }?.message
    return message?.firstMatch(of: /write 'swift: (\w+)'/).map { String($0.output.1) }
  }

  @Test("a name that consumers use is refused, with a proposal", arguments: taken)
  func refused(_ id: String) { #expect(Self.proposal(for: id) == Self.type(id) + "API") }

  @Test(
    "with the proposals all of them compile in one module, beside Foundation, and so does who imports it"
  )
  func compiles() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("keywright-names-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for id in Self.taken {
      try Data(Self.spec(id, swift: Self.proposal(for: id)).utf8)
        .write(to: folder.appendingPathComponent("\(id).provider.yaml"))
    }
    let generated = try Command.run(
      GenerateTests.generator, ["--into", "All.swift"] + Self.taken.map { "\($0).provider.yaml" },
      in: folder)
    try #require(generated.status == 0, "\(generated.errors)")
    let use = """
      let locale: Locale = .current
      let data = Data()
      let url = URL(string: "x")
      let result: Result<Int, any Error> = .success(Swift.max(1, 2))
      func use() {
        _ = (DataAPI(data: .data), URLAPI.Scope.url, ErrorAPI.Scope.error, ScopeAPI.Scope.scope)
        _ = (SecretAPI(secret: .two), ResultAPI(result: .result), SwiftAPI.Scope.swift)
        let key: Keywright.Secret = Secret("x")
        _ = ProviderAPI(provider: .provider).providerKey(apiKey: key, ownProvider: key)
      }

      """
    try Data("import Foundation\nimport Keywright\n\(use)".utf8)
      .write(to: folder.appendingPathComponent("Beside.swift"))
    try Data("import Foundation\nimport Keywright\nimport Names\n\(use)".utf8)
      .write(to: folder.appendingPathComponent("User.swift"))
    let made = try Self.swiftc(
      ["-emit-module", "-module-name", "Names", "All.swift", "Beside.swift"], in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let used = try Self.swiftc(["-typecheck", "-module-name", "User", "User.swift"], in: folder)
    #expect(used.status == 0, "\(used.errors)")
  }

  /// The compiler with the modules that this test was built with.
  private static func swiftc(_ arguments: [String], in folder: URL) throws -> Command.Outcome {
    let map = Repository.root.appendingPathComponent("Sources/COpenSSL/module.modulemap").path
    let modules = Repository.build.appendingPathComponent("Modules").path
    return try Command.run(
      "swiftc",
      ["-swift-version", "6", "-warnings-as-errors", "-I", modules, "-I", "."]
        + ["-Xcc", "-fmodule-map-file=\(map)"] + arguments, in: folder)
  }

  @Test("every public type of the runtime is a name that no provider gets")
  func reserved() throws {
    let files = try ["Keywright", "KeywrightDefinition"].flatMap {
      try RepositoryTests.files("Sources/\($0)")
    }
    let declaration =
      /^public (?:nonisolated |final |indirect )*(?:struct|enum|class|protocol|actor|typealias) (\w+)/
      .anchorsMatchLineEndings()
    let types = files.flatMap { $0.text.matches(of: declaration).map { String($0.output.1) } }
    #expect(types.contains("Secret") && types.contains("Provider") && types.count > 30)
    for type in types {
      let text =
        "name: Demo\nswift: \(type)\napi: { base: https://x.example }\nauth: { api_key: {} }\n"
      let found = compile(SourceText(name: "demo.yaml", text: text), id: "demo").diagnostics
      #expect(found.map(\.code) == ["swift-name"], "\(type)")
    }
  }
}
