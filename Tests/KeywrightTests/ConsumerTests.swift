import Foundation
import Testing

/// A package that uses both plugins. Its tests share one build, so they run one after another.
@Suite("Build steps: a consumer", .serialized)
struct ConsumerTests {
  let consumer: ConsumerPackage

  init() throws { consumer = try ConsumerPackage() }

  /// What a build compiled, apart from the plugins themselves, which SwiftPM names each time.
  private func compiled(_ outcome: Command.Outcome) -> [Substring] {
    (outcome.output + outcome.errors).split(separator: "\n").filter {
      $0.contains("Compiling ") && !$0.contains("Compiling plugin")
    }
  }

  private func built() throws -> Command.Outcome {
    let outcome = try consumer.build()
    try #require(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    return outcome
  }

  @Test("a package builds and runs in a folder with spaces, brackets and letters beyond ASCII")
  func folder() throws {
    let outcome = try built()
    let program = consumer.folder.appendingPathComponent(".build/debug/Consumer")
    let run = try Command.run(program.path, [])
    #expect(run.output.contains("authorize https://acme.sandbox.helpdesk.example/oauth/authorize?"))
    #expect(run.output.contains("sign GET api.openai.com/v1/models"))
    let manifest = try String(
      contentsOf: consumer.folder.appendingPathComponent(".build/debug.yaml"), encoding: .utf8)
    // Not the whole of it in a failure's message: it is long.
    let namesInput = manifest.contains("My Äpp (1)/keywright/specs/o/openai.yaml")
    let hasEscape = [manifest, outcome.output, outcome.errors].contains { $0.contains("%20") }
    #expect(namesInput && !hasEscape)
    #expect(!(outcome.output + outcome.errors).contains("warning:"), "\(outcome.errors)")
  }

  @Test("without traits nothing is fetched but HTTP's types")
  func resolved() throws {
    _ = try built()
    let resolved = try Data(
      contentsOf: consumer.folder.appendingPathComponent("Package.resolved"))
    let json = try JSONSerialization.jsonObject(with: resolved) as? [String: Any]
    let pins = (json?["pins"] as? [[String: Any]] ?? []).compactMap { $0["identity"] as? String }
    #expect(pins == ["swift-http-types"])
  }

  @Test("providers that nobody listed are not generated")
  func chosen() throws {
    _ = try built()
    let files = try FileManager.default.contentsOfDirectory(atPath: consumer.generated.path)
    #expect(
      files.sorted() == [
        "CatalogueProviders.swift", "helpdesk-sandbox.provider.swift", "helpdesk.provider.swift",
      ])
    let text = try #require(consumer.generated("CatalogueProviders.swift"))
    #expect(text.components(separatedBy: ": Provider {").count == 2)
  }

  @Test("where nothing changed nothing is generated and nothing compiled")
  func unchanged() throws {
    _ = try built()
    // After its first build SwiftPM compiles the tool's C file once more.
    _ = try built()
    let outcome = try built()
    #expect(compiled(outcome).isEmpty)
    #expect(!outcome.output.contains("Generating providers"))
  }

  @Test(
    "a spec that is reached only by 'extends' stops the build with its own diagnostic until it is mended"
  )
  func extended() throws {
    let base = """
      name: House
      api: { base: https://api.house.example }
      auth: { api_key: { title: One } }
      """
    try consumer.write(base, to: "house.yaml")
    try consumer.write("name: Guest\nextends: house\n", to: "guest.provider.yaml")
    _ = try built()
    let before = try #require(consumer.generated("guest.provider.swift"))

    try consumer.write(base.replacing("title:", with: "titel:"), to: "house.yaml")
    let broken = try consumer.build()
    #expect(broken.status != 0)
    let path = consumer.sources.appendingPathComponent("house.yaml").path
    #expect(
      (broken.output + broken.errors).contains(
        "\(path):3:20: error: unknown key 'titel' in a method of kind 'api_key'; did you mean 'title'?"
      ),
      "\(broken.output)\(broken.errors)")

    try consumer.write(base.replacing("One", with: "Two"), to: "house.yaml")
    _ = try built()
    let after = try #require(consumer.generated("guest.provider.swift"))
    #expect(before.contains("/// One.") && after.contains("/// Two."))
  }

  @Test(
    "what one's own folder does not hold is extended out of the catalogue, whose specs are inputs too"
  )
  func extendedCatalogue() throws {
    let base = consumer.specs.appendingPathComponent("h/house.yaml")
    let text = """
      name: House
      api: { base: https://api.house.example }
      auth: { api_key: { title: One } }
      """
    try Data(text.utf8).write(to: base)
    try consumer.write("name: Guest\nextends: house\n", to: "guest.provider.yaml")
    _ = try built()
    #expect(consumer.generated("guest.provider.swift")?.contains("/// One.") == true)
    try Data(text.replacing("One", with: "Two").utf8).write(to: base)
    _ = try built()
    #expect(consumer.generated("guest.provider.swift")?.contains("/// Two.") == true)
  }

  @Test("a spec that is added is compiled, and one that is removed is gone")
  func addedAndRemoved() throws {
    _ = try built()
    try consumer.write(
      "name: Extra\napi: { base: https://api.extra.example }\nauth: { api_key: {} }\n",
      to: "extra.provider.yaml")
    try consumer.write("let extra = Extra()\n", to: "Extra.swift")
    _ = try built()
    try FileManager.default.removeItem(
      at: consumer.sources.appendingPathComponent("extra.provider.yaml"))
    let removed = try consumer.build()
    #expect(removed.status != 0)
    #expect((removed.output + removed.errors).contains("cannot find 'Extra' in scope"))
    #expect(consumer.generated("extra.provider.swift") == nil)
  }

  @Test(
    "a provider that the list takes in is compiled, and one that nobody has is named with its place"
  )
  func list() throws {
    _ = try built()
    try consumer.write("openai\nnotion  # pages\n", to: "keywright.providers")
    try consumer.write("let pages = Notion()\n", to: "Pages.swift")
    _ = try built()
    try consumer.write("openai\n  notoin\n", to: "keywright.providers")
    let wrong = try consumer.build()
    #expect(wrong.status != 0)
    #expect(
      (wrong.output + wrong.errors).contains(
        "keywright.providers:2:3: error: there is no provider 'notoin' in the catalogue; "
          + "did you mean 'notion'?"))
  }

  @Test("the command plugin checks, generates into a folder, and says what is stale there")
  func command() throws {
    let checked = try consumer.command("check")
    #expect(
      checked.status == 0 && checked.output.contains("3 specs: no errors"), "\(checked.errors)")
    let out = consumer.folder.appendingPathComponent("Sources/Hand made")
    let generated = try consumer.command("generate", "--out", "Sources/Hand made")
    #expect(generated.status == 0, "\(generated.errors)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: out.path).sorted() == [
        "CatalogueProviders.swift", "Helpdesk.swift", "HelpdeskSandbox.swift",
      ])
    let fresh = try consumer.command("generate", "--out", "Sources/Hand made", "--check")
    #expect(fresh.status == 0, "\(fresh.errors)")
    try Data("changed".utf8).write(to: out.appendingPathComponent("Helpdesk.swift"))
    let stale = try consumer.command("generate", "--out", "Sources/Hand made", "--check")
    #expect(stale.status != 0)
    #expect(
      (stale.output + stale.errors).contains(
        "Sources/Hand made/Helpdesk.swift: error: not what its spec says"))
    #expect(!(generated.output + stale.errors).contains("%20"))
  }

  @Test(
    "the command plugin says what is wrong with how it is called",
    arguments: [
      (["frob"], "wanted 'check' or 'generate'"),
      (["check", "--target", "None"], "there is no target 'None'"),
    ])
  func wrongCommand(_ arguments: [String], _ message: String) throws {
    let outcome = try Command.run(
      "swift",
      ["package", "--disable-sandbox", "--allow-writing-to-package-directory", "keywright"]
        + arguments, in: consumer.folder)
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
