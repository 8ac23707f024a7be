import Foundation
import Testing

/// The tool that build steps run, as a program.
@Suite("Build steps: the tool")
struct GeneratorTests {
  private static let notebook = "Tests/Fixtures/notebook.provider.yaml"

  /// A folder with a catalogue of one, a spec that extends it, and a list.
  private func scratch(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("Keywright Ü (\(UUID().uuidString))")
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = [
      "specs/h/house.yaml":
        "name: House\napi: { base: https://api.house.example }\nauth: { api_key: { title: One } }\n",
      "guest.provider.yaml": "name: Guest\nextends: house\n",
      "keywright.providers": "# ours\n\n  house  # a comment\r\n",
    ]
    for (name, text) in files {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try body(folder)
  }

  private func generate(_ arguments: String, in folder: URL) throws -> Command.Outcome {
    try Command.run(
      GenerateTests.generator, arguments.split(separator: " ").map(String.init), in: folder)
  }

  private func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  @Test(
    "wrong usage is one error that says what is wanted, and exits with 2",
    arguments: [
      ("", "wanted one of '--out DIR', '--into FILE' and '--no-output'"),
      ("a.yaml", "wanted one of '--out DIR', '--into FILE' and '--no-output'"),
      (
        "--out x --into y.swift a.yaml",
        "wanted one of '--out DIR', '--into FILE' and '--no-output'"
      ),
      ("--out", "'--out' needs a folder"), ("--out --check", "'--out' needs a folder"),
      ("--into", "'--into' needs a file"), ("--out x --out y", "'--out' is given twice"),
      ("--frobnicate", "unknown option '--frobnicate'"), ("-x", "unknown option '-x'"),
      ("--out x", "wanted specs, '--providers FILE' or '--specs DIR'"),
      ("--out x --providers y", "'--providers' needs '--catalogue DIR' to find them in"),
      (
        "--out x --specs y a.yaml",
        "'--specs' makes the whole catalogue, and goes with '--out' alone"
      ),
      (
        "--into x.txt a.yaml",
        "'--into' needs a file that ends in '.swift', and no '--by-id'"
      ),
      ("--no-output --check a.yaml", "'--no-output' takes neither '--check' nor '--by-id'"),
    ])
  func usage(_ arguments: String, _ message: String) throws {
    let outcome = try generate(arguments, in: Repository.root)
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("keywright-generate: error: \(message)\nusage: "))
    #expect(outcome.output.isEmpty)
  }

  @Test("help names every option and every exit code, and exits with 0")
  func help() throws {
    let outcome = try generate("--help", in: Repository.root)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let options = [
      "--specs", "--out", "--into", "--by-id", "--providers", "--catalogue", "--no-output",
      "--check", "--quiet", "--help",
    ]
    for option in options { #expect(outcome.output.contains("\n  \(option) "), "\(option)") }
    for code in ["0 up to date", "1 a spec is wrong", "2 wrong usage", "3 --check found"] {
      #expect(outcome.output.contains(code))
    }
  }

  @Test("a file that can't be read or written exits with 1 and is named")
  func fileSystem() throws {
    try scratch { folder in
      let missing = try generate("--out out nowhere.yaml", in: folder)
      #expect(missing.status == 1)
      #expect(missing.errors == "error: there is no file or folder 'nowhere.yaml'\n")
      let list = try generate("--out out --catalogue specs --providers none", in: folder)
      #expect(list.status == 1)
      #expect(list.errors == "error: 'none' can't be read\n")
      let blocked = try generate(
        "--out keywright.providers/x --catalogue specs guest.provider.yaml", in: folder)
      #expect(blocked.status == 1)
      #expect(blocked.errors.contains("keywright.providers"))
    }
  }

  @Test("files are named after types, or after specs where a build has to know them beforehand")
  func names() throws {
    try scratch { folder in
      let options = "--catalogue specs --providers keywright.providers guest.provider.yaml"
      #expect(try generate("--out types \(options)", in: folder).status == 0)
      #expect(try generate("--out ids --by-id \(options)", in: folder).status == 0)
      func names(_ name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
          atPath: folder.appendingPathComponent(name).path
        ).sorted()
      }
      #expect(try names("types") == ["CatalogueProviders.swift", "Guest.swift"])
      #expect(try names("ids") == ["CatalogueProviders.swift", "guest.provider.swift"])
      let contents = try ["types/Guest.swift", "ids/guest.provider.swift"].map {
        try text($0, in: folder)
      }
      #expect(contents[0] == contents[1])
    }
  }

  @Test("one file takes all, says what it was made of, and leaves its neighbours alone")
  func single() throws {
    try scratch { folder in
      try Data("// Generated by Keywright from x".utf8)
        .write(to: folder.appendingPathComponent("Other.swift"))
      let options =
        "--into All.swift --catalogue specs --providers keywright.providers guest.provider.yaml"
      let outcome = try generate(options, in: folder)
      #expect(outcome.status == 0 && outcome.output == "wrote ./All.swift\n", "\(outcome.errors)")
      let all = try text("All.swift", in: folder)
      #expect(
        all.hasPrefix("// Generated by Keywright from keywright.providers, guest.provider.yaml: "))
      #expect(all.contains("// MARK: - specs/h/house.yaml\n"))
      #expect(all.contains("struct House: Provider") && all.contains("struct Guest: Provider"))
      #expect(all.components(separatedBy: "import Keywright").count == 2)
      #expect(try generate("\(options) --check", in: folder).status == 0)
      #expect(try text("Other.swift", in: folder) == "// Generated by Keywright from x")
    }
  }

  @Test("every generated file says where it comes from, and is marked for linters")
  func marks() throws {
    try scratch { folder in
      let options =
        "--out out --catalogue specs --providers keywright.providers guest.provider.yaml"
      #expect(try generate(options, in: folder).status == 0)
      for (file, origin) in [
        ("CatalogueProviders", "keywright.providers"), ("Guest", "guest.provider.yaml"),
      ] {
        let text = try text("out/\(file).swift", in: folder)
        #expect(text.hasPrefix("// Generated by Keywright from \(origin): "))
        #expect(text.contains("\n// swift-format-ignore-file\n// swiftlint:disable all\n"))
        #expect(!text.contains(folder.path))
      }
      let attributes = try Repository.text(".gitattributes")
      #expect(attributes.contains("\nGenerated/** linguist-generated=true\n"))
    }
  }

  @Test("a list's mistakes are told all at once, each with its place")
  func list() throws {
    try scratch { folder in
      try Data("hause # typo\nhouse\n\thouse\n".utf8)
        .write(to: folder.appendingPathComponent("keywright.providers"))
      let outcome = try generate(
        "--out out --catalogue specs --providers keywright.providers", in: folder)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors == """
          keywright.providers:1:1: error: there is no provider 'hause' in the catalogue; did you mean 'house'?
          keywright.providers:3:2: error: 'house' is named twice

          """)
    }
  }

  @Test("a list that names nobody makes a file that compiles")
  func emptyList() throws {
    try scratch { folder in
      try Data("# nobody yet\n".utf8)
        .write(to: folder.appendingPathComponent("keywright.providers"))
      let options = "--out out --catalogue specs --providers keywright.providers"
      #expect(try generate(options, in: folder).status == 0)
      let checked = try MisuseTests.typeCheck(
        folder.appendingPathComponent("out/CatalogueProviders.swift"))
      #expect(checked.status == 0, "\(checked.errors)")
    }
  }

  @Test("what a spec extends is looked for beside it, then in the catalogue")
  func extended() throws {
    try scratch { folder in
      let without = try generate("--out out guest.provider.yaml", in: folder)
      #expect(without.status == 1)
      #expect(without.errors.hasPrefix("guest.provider.yaml:2:10: error: there is no spec 'house'"))
      let options = "--out out --catalogue specs guest.provider.yaml"
      #expect(try generate(options, in: folder).status == 0)
      #expect(try text("out/Guest.swift", in: folder).contains("/// One."))
      let own = try text("specs/h/house.yaml", in: folder).replacing("One", with: "Own")
      try Data(own.utf8).write(to: folder.appendingPathComponent("house.yaml"))
      #expect(try generate(options, in: folder).status == 0)
      #expect(try text("out/Guest.swift", in: folder).contains("/// Own."))
    }
  }

  @Test("what is wrong with a spec that others extend is told once")
  func once() throws {
    try scratch { folder in
      let file = folder.appendingPathComponent("specs/h/house.yaml")
      try Data("name: House\nauht: {}\n".utf8).write(to: file)
      let outcome = try generate(
        "--no-output --catalogue specs --providers keywright.providers guest.provider.yaml",
        in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.errors.components(separatedBy: "house.yaml:2:1: error: ").count == 2)
    }
  }

  @Test("specs can be checked where nothing is to be written")
  func withoutOutput() throws {
    let outcome = try generate("--no-output \(Self.notebook)", in: Repository.root)
    #expect(outcome.status == 0 && outcome.output == "1 spec: no errors\n")
    let quiet = try generate("--no-output --quiet \(Self.notebook)", in: Repository.root)
    #expect(quiet.status == 0 && quiet.output.isEmpty)
  }

  @Test("an id that one's own spec and the list both have is refused")
  func twice() throws {
    try scratch { folder in
      try FileManager.default.copyItem(
        at: folder.appendingPathComponent("specs/h/house.yaml"),
        to: folder.appendingPathComponent("house.provider.yaml"))
      let outcome = try generate(
        "--out out --catalogue specs --providers keywright.providers house.provider.yaml",
        in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("the id 'house' is used by two files"))
    }
  }
}

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
    #expect(manifest.contains("My Äpp (1)/keywright/specs/o/openai.yaml"))
    for text in [manifest, outcome.output, outcome.errors] { #expect(!text.contains("%20")) }
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
