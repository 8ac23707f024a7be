import Foundation
import HTTPTypes
import Keywright
import KeywrightHTTPClient
import KeywrightSimulator
import Testing

/// A program that goes on running, whose lines are read as they come.
final class RunningProgram: @unchecked Sendable {
  private let process = Process()
  private let output = Pipe()
  private var read = ""

  init(_ name: String, _ arguments: [String] = [], environment: [String: String]) throws {
    process.executableURL = Repository.build.appendingPathComponent(name)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// The next line; what a program never says is a failure of the test, when the program ends.
  func line() throws -> String {
    while !read.contains("\n") {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw CocoaError(.fileReadUnknown) }
      read += String(decoding: data, as: UTF8.self)
    }
    let end = read.firstIndex(of: "\n") ?? read.endIndex
    defer { read = String(read[read.index(after: end)...]) }
    return String(read[..<end])
  }

  func end() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}

/// The examples, run as their readers would run them; the provider is simulated on loopback.
@Suite("The examples", .serialized)
struct ExampleProgramTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("keywright-example-\(UUID().uuidString)").path

  private static let client = OAuthClient(id: "example", secret: Secret("example-client-secret"))

  /// What the programs get to know, and where the provider is.
  private func environment(_ target: String) throws -> [String: String] {
    [
      "GITHUB_CLIENT_ID": Self.client.id,
      "GITHUB_CLIENT_SECRET": Self.client.secret.reveal(),
      "KEYWRIGHT_KEY": try SealingKey.random().text.reveal(), "KEYWRIGHT_FOLDER": folder,
      "PORT": "0",
      "CALLBACK_URL": "http://127.0.0.1:8080/callback",
      "ORIGIN_MAP": "https://github.com=\(target),https://api.github.com=\(target)",
    ]
  }

  /// The provider of the examples, behind a port of this machine.
  private func simulated(_ work: (_ target: String) async throws -> Void) async throws {
    let definition = try #require(SimulatorTests.definitions.first { $0.id == "github" })
    let provider = try SimulatedProvider(
      definition, method: "oauth",
      registration: .init(values: Self.client.setupFields.texts))
    try await SimulatedListener.listening(for: provider) { listener in
      try await work(listener.address)
    }
  }

  /// Opens the consent page and presses Allow.
  private func consent(
    _ url: String, over transport: HTTPClientTransport
  ) async throws -> TransportAnswer {
    let page = try await open(url, over: transport)
    #expect(page.status == 200)
    #expect(text(page).contains("Allow"))
    var request = try HTTPRequest(opening: url, cookie: nil)
    request.method = .post
    request.headerFields[.contentType] = "application/x-www-form-urlencoded"
    return try await transport.send(request, body: Array("decision=approve".utf8))
  }

  private func open(
    _ url: String, cookie: String? = nil, over transport: HTTPClientTransport
  ) async throws -> TransportAnswer {
    try await transport.send(HTTPRequest(opening: url, cookie: cookie), body: nil)
  }

  private func text(_ answer: TransportAnswer) -> String {
    String(decoding: answer.body, as: UTF8.self)
  }

  private func cookie(_ answer: TransportAnswer) -> String? {
    answer.headers[.setCookie]?.split(separator: ";").first.map(String.init)
  }

  @Test(
    "the web application: what one process begins another finishes, and a third request calls the API"
  )
  func webApplication() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await simulated { target in
      let environment = try environment(target)
      let programs = try [0, 1].map { _ in try RunningProgram("WebApp", environment: environment) }
      defer { for program in programs { program.stop() } }
      let origins = try programs.map { String(try $0.line().dropFirst("listening on ".count)) }
      var map = Dictionary(uniqueKeysWithValues: origins.map { ($0, $0) })
      map["https://github.com"] = target
      try await HTTPClientTransport.with(origins: OriginMap(map)) { browser in
        try await walk(through: origins, with: browser)
      }
    }
  }

  /// A person's way through the processes of one web application.
  private func walk(through origins: [String], with browser: HTTPClientTransport) async throws {
    let begun = try await open(origins[0] + "/connect", over: browser)
    #expect(begun.status == 302)
    let flow = try #require(cookie(begun))
    #expect(!flow.contains(Self.client.secret.reveal()))
    let consented = try await consent(try #require(begun.headers[.location]), over: browser)
    let callback = try #require(consented.headers[.location])
    let query = callback.drop { $0 != "?" }
    let finished = try await open(
      origins[1] + "/callback" + query, cookie: flow, over: browser)
    #expect(text(finished) == "connected Ada Lovelace\n")
    let me = try await open(origins[0] + "/me", cookie: cookie(finished), over: browser)
    #expect(me.status == 200 && text(me).contains("1001"))
    let again = try await open(
      origins[0] + "/callback" + query, cookie: flow, over: browser)
    #expect(again.status == 400 && text(again).hasPrefix("invalid_grant"))
  }

  @Test("the command-line tool: it logs in by the browser, and remembers it")
  func commandLineTool() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await simulated { target in
      let environment = try environment(target)
      let login = try RunningProgram("CommandLineTool", ["login"], environment: environment)
      #expect(try login.line() == "open this in your browser:")
      let url = try login.line()
      let redirect = try #require(parameter("redirect_uri", of: url))
      let origin = redirect.split(separator: "/").prefix(2).joined(separator: "//")
      try await HTTPClientTransport.with(
        origins: OriginMap(["https://github.com": target, origin: origin])
      ) { browser in
        let consented = try await consent(url, over: browser)
        let page = try await open(try #require(consented.headers[.location]), over: browser)
        #expect(page.status == 200)
      }
      #expect(try login.line() == "logged in as Ada Lovelace")
      #expect(login.end() == 0)
      let program = Repository.build.appendingPathComponent("CommandLineTool").path
      let outcome = try Command.run(program, ["get", "/user"], environment: environment)
      #expect(outcome.status == 0 && outcome.output.contains("1001"))
    }
  }
}
