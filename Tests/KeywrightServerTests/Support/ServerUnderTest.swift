import AsyncHTTPClient
import Foundation
import Keywright
import KeywrightCompiler
import KeywrightDefinition
import KeywrightSimulator
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import KeywrightServer

/// A server that runs on a port of this machine, and who talks to it.
struct ServerUnderTest: Sendable {
  let broker: Broker
  let address: String
  let secretKey: String
  let environment: DeploymentEnvironment
  let clock: TestClock
  let folder: URL

  var publicKey: String { environment.publicKey }

  /// Runs a server over a new folder while some work is done.
  /// - Parameter port: where it listens, and where the world reaches it unless told otherwise: a browser follows its links.
  static func with<Result: Sendable>(
    _ specs: [String] = [], over transport: some Transport, publicURL: String? = nil,
    port: Int? = nil, clock: TestClock = TestClock(), folder: URL? = nil, rateLimit: Int = 100_000,
    renewingEvery interval: Duration = .seconds(3_600),
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ body: (ServerUnderTest) async throws -> Result
  ) async throws -> Result {
    let isOwn = folder == nil
    let folder =
      folder
      ?? FileManager.default.temporaryDirectory.appendingPathComponent("kw-\(UUID().uuidString)")
    defer { if isOwn { try? FileManager.default.removeItem(at: folder) } }
    let store = try Store(in: folder)
    let (vault, _) = try await Vault.opening(store, by: .init())
    let providers = try await Providers(catalogue() + specs.map(entry), keptIn: store)
    let broker = Broker(
      store: store, vault: vault, providers: providers, transport: transport,
      publicURL: try PublicURL(publicURL ?? "http://127.0.0.1:\(port ?? 3_003)"),
      rateLimit: rateLimit,
      guesses: rateLimit,
      logger: logger,
      in: clock.surroundings)
    let environment: DeploymentEnvironment
    do { environment = try await broker.environments.create("dev") } catch {
      environment = try await broker.environments.named("dev")
    }
    let (_, secretKey) = try await broker.environments.makeKey("test", in: environment)
    let server = KeywrightServer(broker, port: port ?? 0, logger: logger, renewingEvery: interval)
    let (ports, found) = AsyncStream<Int>.makeStream()
    let task = Task {
      // Nothing listens where the port is taken.
      defer { found.finish() }
      try await server.run(shutdownAfter: .seconds(2)) { found.yield($0) }
    }
    var address = ""
    for await port in ports.prefix(1) { address = "http://127.0.0.1:\(port)" }
    if address.isEmpty { try await task.value }
    let running = ServerUnderTest(
      broker: broker, address: address, secretKey: secretKey,
      environment: environment, clock: clock, folder: folder)
    do {
      let result = try await body(running)
      task.cancel()
      _ = await task.result
      return result
    } catch {
      task.cancel()
      _ = await task.result
      throw error
    }
  }

  /// The catalogue that the product carries.
  static func catalogue() throws -> [KeywrightDefinition.Catalogue.Entry] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../../Generated/catalogue.json")
    return try KeywrightDefinition.Catalogue(reading: Array(Data(contentsOf: url))).entries
  }

  /// A spec's text as an entry.
  static func entry(_ text: String) throws -> KeywrightDefinition.Catalogue.Entry {
    let id = try #require(text.firstMatch(of: #/# id: ([a-z0-9-]+)/#)).1
    let compilation = compile(
      SourceText(name: "\(id).yaml", bytes: Array(text.utf8)), id: String(id), in: CompilerContext()
    )
    guard let provider = compilation.provider else {
      throw Failure(compilation.diagnostics.map(\.description).joined(separator: "\n"))
    }
    return .init(provider)
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  // MARK: Talking

  struct Answer: Sendable {
    let status: Int
    let headers: [(String, String)]
    let text: String

    var json: JSON { (try? JSON(reading: text)) ?? .null }
    var code: String? { json["error"]?["code"]?.text }
    var message: String { json["error"]?["message"]?.text ?? "" }
    func header(_ name: String) -> String? {
      headers.first { $0.0.lowercased() == name.lowercased() }?.1
    }
    func all(_ name: String) -> [String] {
      headers.filter { $0.0.lowercased() == name.lowercased() }.map(\.1)
    }
  }

  private static let client = HTTPClient(
    eventLoopGroupProvider: .singleton,
    configuration: {
      var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
      configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
      return configuration
    }())

  /// One request, as it is.
  func send(
    _ method: String, _ path: String, _ body: String? = nil, headers: [(String, String)] = []
  ) async throws -> Answer {
    try await Self.send(
      method, path.hasPrefix("http") ? path : address + path, body, headers: headers)
  }

  /// One request to a URL.
  static func send(
    _ method: String, _ url: String, _ body: String? = nil, headers: [(String, String)] = []
  ) async throws -> Answer {
    // Foundation encodes a URL with a bracket in its query once more, '%' and all.
    let url = url.replacing("[", with: "%5B").replacing("]", with: "%5D")
    var request = HTTPClientRequest(url: url)
    request.method = .init(rawValue: method)
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if let body {
      if !headers.contains(where: { $0.0 == "Content-Type" }) {
        request.headers.add(name: "Content-Type", value: "application/json")
      }
      request.body = .bytes(ByteBuffer(string: body))
    }
    let response = try await client.execute(request, timeout: .seconds(60))
    let bytes = try await response.body.collect(upTo: 16 * 1_024 * 1_024)
    return Answer(
      status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
      text: String(buffer: bytes))
  }

  /// A request of the environment's backend.
  func backend(_ method: String, _ path: String, _ body: String? = nil) async throws -> Answer {
    try await send(method, path, body, headers: [("Authorization", "Bearer \(secretKey)")])
  }

  /// An integration of a provider's method.
  @discardableResult
  func integrate(
    _ key: String, provider: String, method: String? = nil, _ credentials: [String: String] = [:],
    scopes: [String]? = nil
  ) async throws -> Answer {
    var members: [JSON.Member] = [
      .init("unique_key", .string(key)), .init("provider", .string(provider)),
      .init("credentials", .texts(credentials)),
    ]
    if let method { members.append(.init("method", .string(method))) }
    if let scopes { members.append(.init("scopes", .texts(scopes))) }
    let answer = try await backend("POST", "/integrations", JSON.object(members).compactText)
    guard answer.status == 201 else { throw Failure("integration: \(answer.text)") }
    return answer
  }
}

/// A clock that stands until it is moved.
final class TestClock: Sendable {
  private let time: Mutex<Int64>
  init(_ seconds: Int64 = 1_790_000_000) { time = Mutex(seconds) }
  var now: Int64 { time.withLock { $0 } }
  func advance(_ seconds: Int64) { time.withLock { $0 += seconds } }

  var surroundings: Surroundings {
    Surroundings(
      now: { [self] in UnixTime(seconds: now) }, randomBytes: Surroundings.system.randomBytes,
      pause: { _ in try await Task.sleep(for: .milliseconds(1)) })
  }
}

/// A browser: it keeps cookies, and follows nothing by itself.
final class Browser: Sendable {
  private let server: ServerUnderTest
  private let cookies = Mutex<[String: String]>([:])

  init(_ server: ServerUnderTest) { self.server = server }

  var cookieHeader: String {
    cookies.withLock {
      $0.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }
  }

  func forgetCookies() { cookies.withLock { $0 = [:] } }

  func open(_ path: String, headers: [(String, String)] = []) async throws -> ServerUnderTest.Answer
  {
    try await go("GET", path, nil, headers)
  }

  func post(_ path: String, form: String) async throws -> ServerUnderTest.Answer {
    try await go("POST", path, form, [("Content-Type", "application/x-www-form-urlencoded")])
  }

  private func go(
    _ method: String, _ path: String, _ body: String?, _ headers: [(String, String)]
  ) async throws -> ServerUnderTest.Answer {
    let cookie = cookieHeader
    let own = cookie.isEmpty ? [] : [("Cookie", cookie)]
    let answer = try await server.send(method, path, body, headers: own + headers)
    for header in answer.all("Set-Cookie") {
      let parts = header.split(separator: ";")[0].split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      cookies.withLock { cookies in
        if header.contains("Max-Age=0") {
          cookies[String(parts[0])] = nil
        } else {
          cookies[String(parts[0])] = String(parts[1])
        }
      }
    }
    return answer
  }

  /// Goes through an authorization at a simulated provider.
  /// - Returns: the page that it ends at.
  func connect(
    _ path: String, at provider: SimulatedProvider, decline: Bool = false
  ) async throws -> ServerUnderTest.Answer {
    let start = try await open(path)
    guard start.status == 302, let url = start.header("Location") else { return start }
    let back = try provider.consent(at: url, decline: decline)
    return try await open(Browser.local(back))
  }

  /// The path and query of a URL.
  static func local(_ url: String) -> String {
    guard let scheme = url.range(of: "://") else { return url }
    let rest = url[scheme.upperBound...]
    return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
  }
}
