import Foundation
import HTTPTypes
import Keywright
import KeywrightHTTPClient
import KeywrightSimulator
import Testing

/// The program, run as a contributor runs it.
@Suite("The tools around a spec", .serialized)
struct SpecToolTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("keywright-cli-\(UUID().uuidString)")
  private static let program = Repository.build.appendingPathComponent("keywright").path

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func run(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Command.Outcome {
    try Command.run(
      Self.program, arguments, in: folder,
      environment: ["KEYWRIGHT_HOME": folder.path + "/home"].merging(environment) { $1 })
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
  }

  @Test(
    "a new spec of each kind is accepted as it is, and connects to its simulated provider",
    arguments: ["oauth2", "client_credentials", "api_key", "basic", "custom"])
  func new(_ kind: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let made = try run(["new", "my-api", "--kind", kind])
    #expect(made.status == 0 && made.output.contains("wrote my-api.provider.yaml"))
    #expect(try run(["check", "my-api.provider.yaml"]).status == 0)
    let tested = try run(["test", "my-api.provider.yaml"])
    #expect(tested.status == 0, "\(tested.output)\(tested.errors)")
    let connected = try run(
      ["connect", "my-api.provider.yaml", "--simulate", "--decide", "approve"])
    #expect(connected.status == 0 && connected.output.contains("connected to My Api: Ada Lovelace"))
    let again = try run(["new", "my-api"])
    #expect(again.status == 64 && again.errors.contains("stays as it is"))
  }

  @Test("one address may verify and tell the account, each with its own condition")
  func sharedAddress() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    try Data(
      """
      name: Desk
      api: { base: https://api.desk.test }
      verify: { get: /me, format: json, accept: body.active == true }
      account: { get: /me, id: $<body.data.0.id>, name: $<body.data.0.name>, accept: body.ok }
      auth: { api_key: {} }

      """.utf8
    ).write(to: URL(fileURLWithPath: path("desk.provider.yaml")))
    let tested = try run(["test", "desk.provider.yaml"])
    #expect(tested.status == 0, "\(tested.output)\(tested.errors)")
    #expect(tested.output.contains("connect account sign verify"))
  }

  @Test("a folder of specs is tested whole, and a mistake in one of them is told with its place")
  func folderOfSpecs() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for id in ["one", "two"] {
      #expect(try run(["new", id, "--kind", "api_key"]).status == 0)
    }
    let tested = try run(["test", "."])
    #expect(tested.status == 0, "\(tested.output)\(tested.errors)")
    #expect(tested.output.contains("ok   one ") && tested.output.contains("ok   two "))
    #expect(tested.output.contains("2 providers, 2 methods, 2 runs, 0 as documented"))
    try Data("name: Three\nsort: of\n".utf8).write(
      to: URL(fileURLWithPath: path("three.provider.yaml")))
    let refused = try run(["test", folder.path])
    #expect(refused.status == 1 && refused.errors.contains("three.provider.yaml:2:1: error: "))
    // A folder that happens to be called as a provider is not meant; one without specs is a mistake.
    for name in ["slack", "empty"] {
      try FileManager.default.createDirectory(
        atPath: path(name), withIntermediateDirectories: true)
    }
    try FileManager.default.createDirectory(
      atPath: path("Tests/Transcripts"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Repository.root.appendingPathComponent("Tests/Transcripts/slack.oauth.yaml").path,
      toPath: path("Tests/Transcripts/slack.oauth.yaml"))
    let slack = try run(["test", "slack"]).output
    #expect(slack.contains("ok   slack oauth") && slack.contains("1 as documented"), "\(slack)")
    let empty = try run(["test", "empty"])
    #expect(empty.status == 64 && empty.errors.contains("there is no spec in the folder 'empty'"))
  }

  @Test("in a checkout of the catalogue a new spec goes beside the others")
  func newInCatalogue() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("specs"), withIntermediateDirectories: true)
    try Data("productivity: Productivity\n".utf8).write(
      to: folder.appendingPathComponent("specs/categories.yaml"))
    #expect(try run(["new", "my-api"]).output.contains("wrote specs/m/my-api.yaml"))
    #expect(try run(["check"]).output.contains("1 spec, 1 method: no errors"))
  }

  @Test("a saved connection is sealed, for its user alone, and calls the API")
  func save() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run(["new", "my-api"])
    let secret = "top-secret-4711"
    let connected = try run(
      [
        "connect", "my-api.provider.yaml", "--simulate", "--decide", "approve", "--save", "--name",
        "mine", "--scope", "read", "--set", "client_secret=env:MY_SECRET",
      ], environment: ["MY_SECRET": secret])
    #expect(connected.status == 0, "\(connected.errors)")
    #expect(!connected.output.contains(secret))
    #expect(try mode("home") == 0o700)
    #expect(try mode("home/key") == 0o600)
    #expect(try mode("home/mine.about") == 0o600)
    let kept = try String(contentsOfFile: path("home/mine.about"), encoding: .utf8)
    #expect(kept.hasPrefix("kwn1.") && !kept.contains(secret))
    let called = try run(["call", "mine", "/things?page=2"])
    #expect(called.status == 0 && called.output.contains("simulated"), "\(called.errors)")
    let unknown = try run(["call", "mime", "/things"])
    #expect(unknown.status == 64 && unknown.errors.contains("did you mean 'mine'?"))
  }

  @Test("what is missing, misspelt or does not fit is told before anything is sent")
  func entries() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run(["new", "my-api", "--kind", "basic"])
    let connect = ["connect", "my-api.provider.yaml"]
    let missing = try run(connect)
    #expect(missing.status == 64)
    #expect(missing.errors.contains("'username' (E-mail address) is missing: pass --set username="))
    let misspelt = try run(connect + ["--set", "usernam=ada"])
    #expect(misspelt.errors.contains("no field 'usernam'; did you mean 'username'?"))
    let unfit = try run(connect + ["--set", "username=ada", "--set", "password=x"])
    #expect(unfit.status == 64 && unfit.errors.contains("'username': "))
    let file = try run(connect + ["--set", "password=@nothing"])
    #expect(file.errors.contains("'nothing' can't be read"))
    let alone = try run(connect + ["--decide", "approve"])
    #expect(alone.errors.contains("add --simulate"))
    let stage = try run(connect + ["--simulate", "--fault", "exchnge=503"])
    #expect(stage.status == 64 && stage.errors.contains("with a stage of exchange, renew"))
    let fault = try run(connect + ["--simulate", "--fault", "exchange=999"])
    #expect(fault.status == 64 && fault.errors.contains("wanted a status of 400 to 599"))
  }

  @Test("a scope that the spec does not name is asked for, with a warning")
  func unknownScope() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run(["new", "my-api"])
    let outcome = try run(
      ["connect", "my-api.provider.yaml", "--simulate", "--decide", "approve", "--scope", "reed"])
    #expect(outcome.status == 0 && outcome.output.contains("granted: reed"))
    #expect(outcome.errors.contains("names no scope 'reed'; did you mean 'read'?"))
  }

  @Test("what only checks changes nothing, and a saved connection can be forgotten")
  func leavesNothing() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try Command.run(
      Self.program, ["reference", "--check", "--pages", path("pages")], in: Repository.root)
    #expect(!FileManager.default.fileExists(atPath: path("pages")))
    _ = try run(["new", "my-api", "--kind", "api_key"])
    _ = try run(["connect", "my-api.provider.yaml", "--simulate", "--save"])
    #expect(try run(["saved"]).output.contains("my-api"))
    #expect(try run(["saved", "--forget", "my-api"]).status == 0)
    #expect(try run(["call", "my-api", "/"]).status == 64)
  }

  @Test(
    "what goes wrong with a simulated provider is told by its code",
    arguments: [
      ("exchange=503", "temporarily_unavailable"), ("exchange=429:30", "to be tried again in 30 s"),
      ("exchange=malformed", "unreadable_answer"), ("exchange=cut-off", "interrupted"),
      ("exchange=dropped", "interrupted"), ("account=500", "temporarily_unavailable"),
    ])
  func faults(_ fault: String, _ expected: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run(["new", "my-api"])
    let outcome = try run(
      ["connect", "my-api.provider.yaml", "--simulate", "--decide", "approve", "--fault", fault])
    #expect(outcome.status == 1 && outcome.errors.contains(expected), "\(outcome.errors)")
  }

  @Test("who declines on the consent page is told so, and the browser comes back to the program")
  func consentPage() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run(["new", "my-api"])
    let spec = path("my-api.provider.yaml")
    let program = try RunningProgram(
      "keywright", ["connect", spec, "--simulate", "--no-browser"],
      environment: ["KEYWRIGHT_HOME": folder.path])
    #expect(try program.line() == "open this in your browser:")
    let url = try program.line()
    let origin = url.split(separator: "/").prefix(2).joined(separator: "//")
    let redirect = try #require(parameter("redirect_uri", of: url))
    let back = redirect.split(separator: "/").prefix(2).joined(separator: "//")
    try await HTTPClientTransport.with(origins: OriginMap([origin: origin, back: back])) {
      browser in
      let page = try await browser.send(HTTPRequest(opening: url), body: nil)
      let text = String(decoding: page.body, as: UTF8.self)
      #expect(text.contains("Allow") && text.contains("Decline") && text.contains("Simulated"))
      var request = try HTTPRequest(opening: url)
      request.method = .post
      request.headerFields[.contentType] = "application/x-www-form-urlencoded"
      let answer = try await browser.send(request, body: Array("decision=decline".utf8))
      let target = try #require(answer.headers[.location])
      #expect(try await browser.send(HTTPRequest(opening: target), body: nil).status == 200)
    }
    #expect(program.end() == 1)
  }

  @Test("what is secret is asked for without an echo")
  func secretQuestion() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run(["new", "my-api", "--kind", "api_key"])
    let script = path("terminal.py")
    try Data(
      """
      import os, pty, signal, sys
      program, spec, secret = sys.argv[1:]
      signal.alarm(60)
      child, terminal = pty.fork()
      if child == 0:
          os.execv(program, [program, "connect", spec])
      seen = b""
      while b"API key" not in seen:
          seen += os.read(terminal, 1024)
      os.write(terminal, secret.encode() + b"\\n")
      try:
          while chunk := os.read(terminal, 1024):
              seen += chunk
      except OSError:
          pass
      print(seen.decode())
      sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
      """.utf8
    ).write(to: URL(fileURLWithPath: script))
    let secret = "never-shown-4711"
    let outcome = try Command.run(
      "python3", [script, Self.program, path("my-api.provider.yaml"), secret], in: folder)
    // The host is nobody's, so nothing is connected.
    #expect(outcome.status == 1 && outcome.output.contains("unreachable"), "\(outcome.output)")
    #expect(!outcome.output.contains(secret))
  }

  @Test("each request of a method is printed as a line for a shell")
  func requests() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run(["new", "my-api"])
    let output = try run(["explain", "my-api.provider.yaml", "--requests"]).output
    for part in [
      "# authorize: the browser opens\nhttps://my-api.example/oauth/authorize?client_id=simulated-client-id&",
      "# exchange\ncurl --request POST 'https://my-api.example/oauth/token'",
      "--data-raw 'code=simulated-code-", "&grant_type=authorization_code&",
      "# renew\ncurl --request POST", "# sign: any request to the API\ncurl --request GET",
    ] { #expect(output.contains(part), "\(part)\n\(output)") }
  }

  @Test("a check that watches checks again when a file changes")
  func watch() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try run(["new", "my-api"])
    let spec = path("my-api.provider.yaml")
    let program = try RunningProgram("keywright", ["check", spec, "--watch"], environment: [:])
    defer { program.stop() }
    #expect(try program.line() == "1 spec, 1 method: no errors")
    let text = try String(contentsOfFile: spec, encoding: .utf8)
    try Data((text + "# changed\n").utf8).write(to: URL(fileURLWithPath: spec))
    #expect(try program.line() == "")
    #expect(try program.line() == "1 spec, 1 method: no errors")
  }

  @Test("all providers pass in one run, with a line for each")
  func all() throws {
    let outcome = try Command.run(Self.program, ["test"], in: Repository.root)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count > SimulatorTests.methods.count)
    #expect(lines.last?.hasSuffix("all went well") == true)
  }

  @Test("the pages of the providers are what the specs say")
  func pages() throws {
    let outcome = try Command.run(
      Self.program, ["reference", "--check"], in: Repository.root)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}
