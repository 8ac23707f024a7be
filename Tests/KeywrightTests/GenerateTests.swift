import Foundation
import Testing

/// The two generators, as programs.
@Suite("Generating")
struct GenerateTests {
  static let generator = Repository.build.appendingPathComponent("keywright-generate").path
  static let commandLine = Repository.build.appendingPathComponent("keywright").path

  /// A folder of its own, removed afterwards.
  private func scratch(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("Keywright Ä (\(UUID().uuidString))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func contents(of folder: URL) throws -> [String: Data] {
    let names =
      FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return try names.reduce(into: [:]) { result, name in
      let url = folder.appendingPathComponent(name)
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      if !isFolder.boolValue { result[name] = try Data(contentsOf: url) }
    }
  }

  @Test("what is committed is what the specs say")
  func current() throws {
    let catalogue = try Command.run(
      Self.generator, ["--specs", "specs", "--out", "Generated", "--check"])
    #expect(catalogue.status == 0, "\(catalogue.errors)")
    let fixture = try Command.run(
      Self.generator,
      ["--out", "Tests/Fixtures/Notebook", "--check", "Tests/Fixtures/notebook.provider.yaml"])
    #expect(fixture.status == 0, "\(fixture.errors)")
  }

  @Test("another folder, locale and time zone give the same bytes, from either program")
  func deterministic() throws {
    try scratch { folder in
      let specs = folder.appendingPathComponent("specs")
      try FileManager.default.copyItem(
        at: Repository.root.appendingPathComponent("specs"), to: specs)
      let one = try Command.run(
        Self.generator, ["--specs", "specs", "--out", "one"], in: folder,
        environment: ["LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"])
      let two = try Command.run(
        Self.commandLine,
        ["generate", "--specs", specs.path, "--out", folder.appendingPathComponent("two").path],
        environment: ["LC_ALL": "C", "TZ": "America/St_Johns"])
      #expect(one.status == 0 && two.status == 0, "\(one.errors)\(two.errors)")
      let made = try contents(of: folder.appendingPathComponent("one"))
      #expect(made == (try contents(of: folder.appendingPathComponent("two"))))
      #expect(made == (try contents(of: Repository.root.appendingPathComponent("Generated"))))
    }
  }

  @Test("a second run writes nothing, a stray is removed, a changed file comes back")
  func incremental() throws {
    try scratch { folder in
      let specs = Repository.root.appendingPathComponent("specs").path
      func generate(_ options: String...) throws -> Command.Outcome {
        try Command.run(Self.generator, ["--specs", specs, "--out", "out"] + options, in: folder)
      }
      #expect(try generate().status == 0)
      let out = folder.appendingPathComponent("out")
      let file = out.appendingPathComponent("Z/Zendesk.swift")
      let date = Date(timeIntervalSince1970: 1_000_000)
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
      #expect(try generate().status == 0)
      let after =
        try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
      #expect(after == date)
      let before = try contents(of: out)
      try Data("stray".utf8).write(to: out.appendingPathComponent("Z/Stray.swift"))
      try Data("changed".utf8).write(to: file)
      let check = try generate("--check")
      #expect(check.status == 3)
      #expect(check.errors.contains("Z/Stray.swift: error: no spec makes this file"))
      #expect(check.errors.contains("Z/Zendesk.swift: error: not what its spec says"))
      #expect(try generate().status == 0)
      #expect(try contents(of: out) == before)
    }
  }

  @Test("one wrong spec stops everything, with its diagnostic, and no file is touched")
  func wrong() throws {
    try scratch { folder in
      let specs = folder.appendingPathComponent("specs/d")
      try FileManager.default.createDirectory(at: specs, withIntermediateDirectories: true)
      try Data("name: Demo\nauth: { api_key: {}, x: { kind: oath2 } }\n".utf8)
        .write(to: specs.appendingPathComponent("demo.yaml"))
      let outcome = try Command.run(
        Self.generator, ["--specs", "specs", "--out", "out"], in: folder)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors.hasPrefix(
          "specs/d/demo.yaml:2:33: error: unknown kind 'oath2'; did you mean 'oauth2'?"))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
    }
  }

  @Test(
    "wrong usage says how it is used, and has a code of its own",
    arguments: [[], ["--out"], ["--out", "x"], ["--nope"], ["--out", "x", "--specs", "y", "z"]])
  func usage(_ arguments: [String]) throws {
    let outcome = try Command.run(Self.generator, arguments)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("usage: keywright-generate"))
  }
}

@Suite("The command line")
struct CommandLineTests {
  private func keywright(_ arguments: String..., in folder: URL? = nil) throws -> Command.Outcome {
    try Command.run(GenerateTests.commandLine, arguments, in: folder)
  }

  @Test("check says how much it checked")
  func check() throws {
    let outcome = try keywright("check")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("no errors"))
  }

  @Test("check prints a wrong spec's diagnostic and fails")
  func checkFails() throws {
    let path = "Tests/KeywrightCompilerTests/BadSpecs/unknown-name.yaml"
    let outcome = try keywright("check", path)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.hasPrefix(
        "\(path):4:24: error: unknown name 'taem'; did you mean 'team'? [unknown-name]\n"))
  }

  @Test(
    "check of what is not there is one clear error",
    arguments: ["nowhere", "Package.swift", "Tests/Fixtures/TwoHalves/TwoHalves.swift"])
  func checkMissing(_ path: String) throws {
    let outcome = try keywright("check", path)
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("'\(path)'"))
  }

  @Test(
    "explain prints every stage",
    arguments: [
      ("spec", "kind: oauth2"), ("lowered", "kind: custom"), ("definition", "\"format\": 1"),
      ("swift", "public nonisolated struct Zendesk"),
    ])
  func explain(_ stage: String, _ expected: String) throws {
    let outcome = try keywright("explain", "zendesk", "--stage", stage)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(expected))
  }

  @Test("what explain prints as the long form is a spec")
  func explainCompiles() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let long = folder.appendingPathComponent("zendesk.yaml")
    try Data(try keywright("explain", "zendesk", "--stage", "lowered").output.utf8).write(to: long)
    let definitions = try [long.path, "zendesk"].map {
      try keywright("explain", $0, "--stage", "definition").output
    }
    #expect(definitions[0] == definitions[1])
    #expect(!definitions[0].isEmpty)
  }

  @Test("explain of an unknown provider proposes a near one")
  func unknown() throws {
    let outcome = try keywright("explain", "zendsk")
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("did you mean 'zendesk'?"))
  }

  @Test("away from a folder of specs the built-in catalogue answers")
  func builtIn() throws {
    let elsewhere = FileManager.default.temporaryDirectory
    let listed = try keywright("catalog", in: elsewhere)
    #expect(listed.output.hasPrefix("zendesk"))
    let definition = try keywright("explain", "zendesk", "--stage", "definition", in: elsewhere)
    #expect(
      definition.output == (try keywright("explain", "zendesk", "--stage", "definition").output))
  }

  @Test("the catalogue as JSON is JSON")
  func json() throws {
    let outcome = try keywright("catalog", "--format", "json")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]]
    #expect(json?.contains { $0["id"] as? String == "zendesk" } == true)
  }
}
