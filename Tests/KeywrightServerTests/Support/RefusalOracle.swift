import Foundation
import GRDB
import HTTPTypes
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// What must hold after each refusal: nothing went out, no row changed but in Activity, one entry there with the same
/// code where an attempt began, no secret is told, and the server lives.
struct RefusalOracle {
  /// Secrets that are planted: none may be seen anywhere.
  static let canaries = [
    "CANARY-client-secret", "CANARY-hmac-key-of-32-bytes-or-more", "CANARY-entry",
  ]

  private let server: ServerUnderTest
  private let requests: @Sendable () -> [String]
  private let sent: Int
  private let rows: [String]

  /// Remembers how things are before anything is refused.
  init(_ server: ServerUnderTest, _ provider: SimulatedProvider) async throws {
    try await self.init(server) { provider.seen.map(\.description) }
  }

  /// The same, over another transport.
  init(_ server: ServerUnderTest, _ transport: RecordingTransport) async throws {
    try await self.init(server) { transport.sent.map { $0.request.path ?? "" } }
  }

  private init(
    _ server: ServerUnderTest, requests: @escaping @Sendable () -> [String]
  ) async throws {
    self.server = server
    self.requests = requests
    sent = requests().count
    rows = try await server.rows()
  }

  /// Checks a refusal.
  /// - Parameters:
  ///   - path: what the refusal points at; nil is not looked at.
  ///   - entries: how many entries of Activity the refused request made.
  ///   - request: what is refused.
  @discardableResult
  func refuses(
    _ status: Int, _ code: String, at path: [String]? = nil, entries: Int = 0,
    _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation,
    _ request: () async throws -> ServerUnderTest.Answer
  ) async throws -> ServerUnderTest.Answer {
    let before = try await server.entries()
    let answer = try await request()
    #expect(
      answer.status == status, "\(comment): \(answer.text.prefix(300))",
      sourceLocation: sourceLocation)
    #expect(
      answer.code == code, "\(comment): \(answer.text.prefix(300))", sourceLocation: sourceLocation)
    if let path {
      let found = answer.json["error"]?["errors"]?.elements?.compactMap { $0["path"]?.textList }
      #expect(
        found == [path], "\(comment): \(answer.text.prefix(300))", sourceLocation: sourceLocation)
    }
    let after = try await server.entries()
    #expect(
      Array(after.dropFirst(before.count)) == Array(repeating: "failed \(code)", count: entries),
      "\(comment): Activity", sourceLocation: sourceLocation)
    #expect(
      requests().count == sent, "\(comment): \(requests())", sourceLocation: sourceLocation)
    #expect(try await server.rows() == rows, "\(comment): rows", sourceLocation: sourceLocation)
    let told = answer.text + answer.headers.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
    for secret in Self.canaries + [server.secretKey] {
      #expect(!told.contains(secret), "\(comment): told a secret", sourceLocation: sourceLocation)
    }
    #expect(try await server.send("GET", "/health").status == 200, sourceLocation: sourceLocation)
    return answer
  }

  /// Checks that none of the canaries stands in the store's files, nor anywhere in Activity.
  func keepsSecrets(sourceLocation: SourceLocation = #_sourceLocation) throws {
    for file in try FileManager.default.contentsOfDirectory(
      at: server.folder, includingPropertiesForKeys: nil)
    {
      let bytes = try Data(contentsOf: file)
      for secret in Self.canaries + [server.secretKey] {
        #expect(
          bytes.range(of: Data(secret.utf8)) == nil, "\(secret) in \(file.lastPathComponent)",
          sourceLocation: sourceLocation)
      }
    }
  }
}

extension ServerUnderTest {
  /// Flows and connections, each with what a refusal could change of it.
  func rows() async throws -> [String] {
    try await broker.store.read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT 'flow ' || id || ' ' || coalesce(used_at, '') || ' ' || coalesce(hex(parked_digest), '') FROM flow
          UNION ALL
          SELECT 'connection ' || id || ' ' || version || ' ' || updated_at || ' ' || config || ' ' || state || tags
            FROM connection
          ORDER BY 1
          """)
    }
  }

  /// The entries of Activity as far as they have ended, oldest first.
  func entries() async throws -> [String] {
    try await broker.store.read { database in
      try String.fetchAll(
        database, sql: "SELECT state || ' ' || coalesce(code, '') FROM activity ORDER BY number")
    }
  }

  func count(_ table: String) async throws -> Int {
    try await broker.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
  }

  /// A connect session's token.
  func session(_ body: String = "{}") async throws -> String {
    let answer = try await backend("POST", "/connect/sessions", body)
    guard let token = answer.json["data"]?["token"]?.text else { throw Failure(answer.text) }
    return token
  }
}

extension String {
  /// As one value of a query.
  var inQuery: String {
    utf8.map { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }
}
