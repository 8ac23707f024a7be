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

  @Test("the Makefile of the page generates where a spec changed, and else does nothing")
  func makefile() throws {
    let blocks = try Repository.text("docs/build-steps.md").components(separatedBy: "```make\n")
    let makefile = try #require(blocks.dropFirst().first).components(separatedBy: "```")[0]
    try scratch { folder in
      let specs = folder.appendingPathComponent("Providers")
      for name in [specs.path, folder.appendingPathComponent("Sources/App").path] {
        try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: true)
      }
      for (from, to) in [
        ("specs/h/house.yaml", "house.yaml"), ("guest.provider.yaml", "guest.provider.yaml"),
      ] {
        try FileManager.default.copyItem(
          at: folder.appendingPathComponent(from), to: specs.appendingPathComponent(to))
      }
      try Data(makefile.utf8).write(to: folder.appendingPathComponent("Makefile"))
      func make() throws -> Command.Outcome {
        try Command.run("make", ["KEYWRIGHT=\(GenerateTests.generator)"], in: folder)
      }
      let first = try make()
      #expect(first.status == 0 && first.output.contains("--into"), "\(first.errors)")
      #expect(try text("Sources/App/Providers.swift", in: folder).contains("/// One."))
      #expect(try make().output.contains("is up to date"))
      let base = try text("Providers/house.yaml", in: folder).replacing("One", with: "Two")
      try Data(base.utf8).write(to: specs.appendingPathComponent("house.yaml"))
      #expect(try make().status == 0)
      #expect(try text("Sources/App/Providers.swift", in: folder).contains("/// Two."))
    }
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
