import AsyncHTTPClient
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import Keywright
import KeywrightDefinition
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import KeywrightServer

/// A provider on a port of its own, which outlives the server: refresh tokens rotate, and the old one works until the new
/// one is first used.
final class RotatingProvider: Sendable {
  private struct Grant {
    var current: Int
    var previous: Int?
  }

  private let grants = Mutex<[String: Grant]>([:])
  private let count = Mutex(0)

  func token(_ form: [String: String]) -> String? {
    let number = count.withLock { count in
      count += 1
      return count
    }
    return grants.withLock { grants -> String? in
      let grant: String
      if form["grant_type"] == "authorization_code" {
        grant = "g\(number)"
      } else {
        let parts = (form["refresh_token"] ?? "").split(separator: ".").map(String.init)
        guard parts.count == 2, let known = grants[parts[0]], let used = Int(parts[1]),
          used == known.current || used == known.previous
        else { return nil }
        grant = parts[0]
      }
      let old = grants[grant]
      let used = form["refresh_token"].flatMap { Int($0.split(separator: ".").last ?? "") }
      grants[grant] = Grant(current: number, previous: used ?? old?.current)
      return
        #"{"access_token":"at.\#(number)","refresh_token":"\#(grant).\#(number)","token_type":"bearer","expires_in":1}"#
    }
  }

  /// Whether a refresh token would be taken.
  func takes(_ token: String) -> Bool {
    let parts = token.split(separator: ".").map(String.init)
    return grants.withLock { grants in
      guard parts.count == 2, let grant = grants[parts[0]] else { return false }
      return Int(parts[1]) == grant.current || Int(parts[1]) == grant.previous
    }
  }

  /// Listens while some work is done.
  func listening<Result: Sendable>(_ body: (Int) async throws -> Result) async throws -> Result {
    let router = Router()
    router.post("token") { request, _ in
      let body = String(buffer: try await request.body.collect(upTo: 65_536))
      let form = Dictionary((FormText.pairs(body) ?? []).map { ($0.name, $0.value) }) { $1 }
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...15)))
      guard let answer = self.token(form) else {
        return Response(
          status: .badRequest, headers: [.contentType: "application/json"],
          body: .init(byteBuffer: ByteBuffer(string: #"{"error":"invalid_grant"}"#)))
      }
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...15)))
      return Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(string: answer)))
    }
    router.get("me") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(string: #"{"id":"7"}"#)))
    }
    let (ports, found) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "provider")
    logger.logLevel = .critical
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { found.yield($0.localAddress?.port ?? 0) }, logger: logger)
    let task = Task { try await application.run() }
    defer { task.cancel() }
    var port = 0
    for await first in ports.prefix(1) { port = first }
    return try await body(port)
  }
}

/// The server is killed while it works, as a power cut does it.
@Suite("Power cuts")
struct PowerCutTests {
  private static let client = HTTPClient(
    eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

  private static func get(_ url: String, _ headers: [(String, String)] = []) async throws -> (
    Int, HTTPHeaders, String
  ) {
    var request = HTTPClientRequest(url: url)
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    let response = try await client.execute(request, timeout: .seconds(20))
    let body = try await response.body.collect(upTo: 1 << 20)
    return (Int(response.status.code), response.headers, String(buffer: body))
  }

  private static func connect(_ server: ServerProcess, _ publicKey: String, _ id: String)
    async throws -> Bool
  {
    let start = try await get(
      "\(server.address)/oauth/connect/notes?public_key=\(publicKey)&connection_id=\(id)")
    guard start.0 == 302,
      let cookie = start.1.first(name: "Set-Cookie")?.split(separator: ";").first,
      let query = start.1.first(name: "Location")?.split(separator: "?").last,
      let state = FormText.pairs(String(query))?.first(where: { $0.name == "state" })?.value
    else { return false }
    let end = try await get(
      "\(server.address)/oauth/callback/notes?code=c&state=\(state)", [("Cookie", String(cookie))])
    return end.0 == 200
  }

  @Test(
    "killed twenty times amid authorizations and renewals, the server loses no credential and half-writes none"
  )
  func killed() async throws {
    let rounds =
      ProcessInfo.processInfo.environment["KEYWRIGHT_SOAK"].flatMap { Int($0) }.map { $0 * 2 } ?? 20
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-cut-\(UUID().uuidString)")
    let specs = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-cut-specs-\(UUID().uuidString)")
    defer {
      try? FileManager.default.removeItem(at: folder)
      try? FileManager.default.removeItem(at: specs)
    }
    try FileManager.default.createDirectory(at: specs, withIntermediateDirectories: true)
    try Notes.spec.write(
      to: specs.appendingPathComponent("notes.yaml"), atomically: true, encoding: .utf8)
    let provider = RotatingProvider()
    try await provider.listening { port in
      let arguments = [
        "--data", folder.path, "--specs", specs.path, "--rate-limit", "100000",
        "--origin-map", "https://notes.example.net=http://127.0.0.1:\(port)",
        "--origin-map", "https://api.notes.example.net=http://127.0.0.1:\(port)",
      ]
      var server = try await ServerProcess(arguments, port: ServerProcess.freePort())
      let (publicKey, secretKey) = (try server.printed("kw_pk_"), try server.printed("kw_sk_"))
      try await Self.integrate(server, secretKey)
      var kept: Set<String> = []
      for number in 0..<8 where try await Self.connect(server, publicKey, "base-\(number)") {
        kept.insert("base-\(number)")
      }
      #expect(kept.count == 8)
      for round in 0..<rounds {
        let (running, known) = (server, kept)
        let confirmed = Box<Set<String>>([])
        let work = Task {
          await withTaskGroup(of: Void.self) { group in
            for id in known.shuffled().prefix(8) {
              group.addTask {
                for _ in 0..<20 {
                  _ = try? await Self.get(
                    "\(running.address)/connections/\(id)?provider_config_key=notes",
                    [("Authorization", "Bearer \(secretKey)")])
                }
              }
            }
            for number in 0..<3 {
              group.addTask {
                let id = "round-\(round)-\(number)"
                if (try? await Self.connect(running, publicKey, id)) == true {
                  confirmed.change { $0.insert(id) }
                }
              }
            }
          }
        }
        try await Task.sleep(for: .milliseconds(1_000 + Int.random(in: 0...300)))
        server.kill()
        work.cancel()
        await work.value
        // What was confirmed is there.
        kept.formUnion(confirmed.value)
        try await Self.examine(folder, provider, kept)
        server = try await ServerProcess(arguments, port: ServerProcess.freePort())
      }
      for id in kept {
        let read = try await Self.get(
          "\(server.address)/connections/\(id)?provider_config_key=notes",
          [("Authorization", "Bearer \(secretKey)")])
        #expect(read.0 == 200, "\(id): \(read.2)")
      }
      #expect(server.stop() == 0)
    }
  }

  private static func integrate(_ server: ServerProcess, _ secretKey: String) async throws {
    var request = HTTPClientRequest(url: server.address + "/integrations")
    request.method = .POST
    request.headers.add(name: "Authorization", value: "Bearer \(secretKey)")
    request.body = .bytes(
      ByteBuffer(
        string:
          #"{"unique_key":"notes","provider":"notes","method":"oauth","credentials":{"client_id":"a","client_secret":"b"}}"#
      ))
    let response = try await client.execute(request, timeout: .seconds(10))
    #expect(response.status == .created)
  }

  /// Opens the database as the next start will: it is whole, every credential can be read, and the provider takes each.
  private static func examine(_ folder: URL, _ provider: RotatingProvider, _ kept: Set<String>)
    async throws
  {
    let store = try Store(in: folder)
    let (vault, _) = try await Vault.opening(store, by: .init())
    let (isWhole, rows) = try await store.read { database in
      (
        try String.fetchOne(database, sql: "PRAGMA integrity_check"),
        try ConnectionRow.fetchAll(database, sql: "SELECT * FROM connection")
      )
    }
    #expect(isWhole == "ok")
    #expect(kept.isSubset(of: rows.map(\.connectionID)))
    for row in rows {
      let kept = try #require(KeptConnection(plainText: try vault.open(row.sealed, in: row.place)))
      let token = kept.record.credentials[""]?.parts["refresh_token"] ?? ""
      #expect(provider.takes(token), "\(row.connectionID): \(token)")
    }
  }
}
