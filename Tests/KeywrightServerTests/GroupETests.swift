import Foundation
import GRDB
import KeywrightCrypto
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// Group E of the security rows: what a backend vouches for, by a digest or by a connect session.
@Suite("Group E: digests and connect sessions")
struct GroupETests {
  static let key = RefusalOracle.canaries[1]

  /// The digest as a backend makes it, written apart from the server's.
  static func digest(_ text: String, key: String = key) -> String {
    authenticationCode(for: Array(text.utf8), key: Array(key.utf8), .sha256)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// A server whose environment demands digests, with Zendesk by a browser and by a form.
  private static func withDigests(
    requiring: Bool = true, clock: TestClock = TestClock(),
    _ body: (ServerUnderTest, SimulatedProvider, RefusalOracle) async throws -> Void
  ) async throws {
    let provider = try FirstConnectionTests.zendesk(GroupATests.client)
    try await ServerUnderTest.with(over: provider, clock: clock) { server in
      try await server.integrate("zendesk", provider: "zendesk", GroupATests.client)
      try await server.integrate("other", provider: "zendesk", GroupATests.client)
      try await server.integrate("token", provider: "zendesk", method: "api-token")
      _ = try await server.broker.environments.change(
        "dev", .init(requiresHMAC: requiring, hmacKey: key))
      try await body(server, provider, RefusalOracle(server, provider))
    }
  }

  private static func start(
    _ server: ServerUnderTest, _ integration: String = "zendesk", connection: String? = "conn-1",
    hmac: String?, key: String? = nil
  ) async throws -> ServerUnderTest.Answer {
    var query = "public_key=\(key ?? server.publicKey)&params[subdomain]=acme"
    if let connection { query += "&connection_id=\(connection.inQuery)" }
    if let hmac { query += "&hmac=\(hmac.inQuery)" }
    if integration == "token" {
      return try await server.send(
        "POST", "/api-auth/basic/token?\(query)",
        #"{"email":"a@b.test","api_token":"CANARY-entry"}"#)
    }
    return try await server.send("GET", "/oauth/connect/\(integration)?\(query)")
  }

  @Test("E1: a missing digest and a wrong one are refused on every route")
  func wrong() async throws {
    try await Self.withDigests { server, provider, _ in
      for integration in ["zendesk", "token"] {
        let oracle = try await RefusalOracle(server, provider)
        let right = Self.digest("\(integration):conn-1")
        for missing in [nil, ""] {
          try await oracle.refuses(401, "missing_hmac", integration) {
            try await Self.start(server, integration, hmac: missing)
          }
        }
        let last = right.last == "0" ? "1" : "0"
        let bytes = try #require(Encoding.bytes(hex: right))
        for digest in [
          String(repeating: "0", count: 64), right.dropLast() + last, String(right.dropLast()),
          right + "0", "0" + right, right + right, String(right.reversed()),
          Encoding.base64(bytes), Encoding.base64URL(bytes), " \(right)", "\(right)\n",
          "\(right)\u{0}", "0x\(right.dropFirst(2))", String(decoding: bytes, as: UTF8.self),
          "x", Self.digest("\(integration):conn-1", key: "another key of thirty-two bytes or so"),
          Self.digest("\(integration):conn-1", key: ""), "undefined", "null",
        ] {
          try await oracle.refuses(401, "invalid_hmac", "'\(digest)'") {
            try await Self.start(server, integration, hmac: digest)
          }
        }
        // Each single bit counts.
        for bit in stride(from: 0, to: 256, by: 17) {
          var flipped = bytes
          flipped[bit / 8] ^= 1 << UInt8(bit % 8)
          try await oracle.refuses(401, "invalid_hmac", "bit \(bit)") {
            try await Self.start(server, integration, hmac: Encoding.hex(flipped))
          }
        }
        // And the right one is taken.
        let taken = try await Self.start(
          server, integration, connection: "conn-2", hmac: Self.digest("\(integration):conn-2"))
        #expect(taken.status == (integration == "token" ? 200 : 302), "\(taken.text)")
      }
      try await RefusalOracle(server, provider).keepsSecrets()
    }
  }

  @Test("E1: a wrong digest is refused where none is demanded, too")
  func voluntary() async throws {
    try await Self.withDigests(requiring: false) { server, _, oracle in
      try await oracle.refuses(401, "invalid_hmac") {
        try await Self.start(server, hmac: String(repeating: "0", count: 64))
      }
      #expect(try await Self.start(server, hmac: nil).status == 302)
    }
  }

  @Test("E1: the digest is that of Nango's guide")
  func vector() {
    // printf 'github:conn-1' | openssl dgst -sha256 -hmac '0123456789abcdef0123456789abcdef'
    #expect(
      Self.digest("github:conn-1", key: "0123456789abcdef0123456789abcdef")
        == "c444a5b069a404a0f04fcffd258fcc38492897697a8430229ada3824f9e0b3fd")
    #expect(
      FrontendDigest.isRight(
        "c444a5b069a404a0f04fcffd258fcc38492897697a8430229ada3824f9e0b3fd",
        key: Array("0123456789abcdef0123456789abcdef".utf8), integration: "github",
        connection: "conn-1"))
  }

  @Test("E2: hexadecimal digits of either case are one digest")
  func upperCase() async throws {
    try await Self.withDigests { server, _, _ in
      let right = Self.digest("zendesk:conn-1")
      for digest in [
        right, right.uppercased(), right.prefix(32).uppercased() + right.dropFirst(32),
      ] {
        let answer = try await Self.start(server, hmac: String(digest))
        #expect(answer.status == 302)
      }
    }
  }

  @Test("E3: the digest of another connection, integration or environment is refused")
  func elsewhere() async throws {
    try await Self.withDigests { server, _, oracle in
      for text in [
        "zendesk:conn-2", "other:conn-1", "token:conn-1", "conn-1:zendesk", "zendesk:", ":conn-1",
        "zendeskconn-1", "zendesk:CONN-1", "Zendesk:conn-1",
      ] {
        try await oracle.refuses(401, "invalid_hmac", text) {
          try await Self.start(server, hmac: Self.digest(text))
        }
      }
      // Another environment with an integration of the same name, and a key of its own.
      let prod = try await server.broker.environments.create("prod")
      let (_, secret) = try await server.broker.environments.makeKey("k", in: prod)
      _ = try await server.send(
        "POST", "/integrations",
        JSON.object([
          .init("unique_key", .string("zendesk")), .init("provider", .string("zendesk")),
          .init("credentials", .texts(GroupATests.client)),
        ]).compactText, headers: [("Authorization", "Bearer \(secret)")])
      _ = try await server.broker.environments.change(
        "prod", .init(requiresHMAC: true, hmacKey: "production's own key of 32 bytes at least"))
      try await oracle.refuses(401, "invalid_hmac") {
        try await Self.start(server, hmac: Self.digest("zendesk:conn-1"), key: prod.publicKey)
      }
    }
  }

  @Test("E4: an id with a colon is refused, so no two pairs have one digest")
  func colon() async throws {
    try await Self.withDigests { server, _, oracle in
      // ("a:b", "c") and ("a", "b:c") have the same text.
      #expect(
        FrontendDigest.message(integration: "a:b", connection: "c")
          == FrontendDigest.message(integration: "a", connection: "b:c"))
      let same = Self.digest("zendesk:b:c")
      try await oracle.refuses(400, "invalid_connection_id") {
        try await Self.start(server, connection: "b:c", hmac: same)
      }
      for path in ["zendesk:b", "zendesk%3Ab"] {
        let answer = try await server.send(
          "GET",
          "/oauth/connect/\(path)?public_key=\(server.publicKey)&connection_id=c&params[subdomain]=acme&hmac=\(same)"
        )
        #expect([401, 404].contains(answer.status), "\(answer.text)")
      }
      #expect(try await server.count("flow") == 0)
      let made = try await server.backend(
        "POST", "/integrations", #"{"unique_key": "zendesk:b", "provider": "zendesk"}"#)
      #expect(made.status == 400)
      #expect(made.code == "invalid_body")
      for id in ["a\u{0}", "a\n", String(repeating: "x", count: 256), ":", "a:"] {
        try await oracle.refuses(400, "invalid_connection_id", id) {
          try await Self.start(server, connection: id, hmac: Self.digest("zendesk:\(id)"))
        }
      }
    }
  }

  @Test("E5: the digest of an integration alone names no connection")
  func integrationOnly() async throws {
    try await Self.withDigests { server, _, oracle in
      try await oracle.refuses(401, "invalid_hmac") {
        try await Self.start(server, hmac: Self.digest("zendesk"))
      }
      // Without a connection id it is right, and the server names the connection.
      #expect(
        try await Self.start(server, connection: nil, hmac: Self.digest("zendesk")).status == 302)
      // And one with a connection id is not right without it.
      let answer = try await Self.start(
        server, connection: nil, hmac: Self.digest("zendesk:conn-1"))
      #expect(answer.code == "invalid_hmac")
    }
  }

  @Test("E6: a connect session ends to the second, and makes one connection on each route")
  func expiry() async throws {
    let clock = TestClock()
    try await Self.withDigests(clock: clock) { server, provider, oracle in
      let token = try await server.session()
      let path = "/oauth/connect/zendesk?connect_session_token=\(token)&params[subdomain]=acme"
      clock.advance(1_799)
      #expect(try await server.send("GET", path).status == 302)
      let after = try await RefusalOracle(server, provider)
      clock.advance(1)
      try await after.refuses(401, "expired_connect_session_token") {
        try await server.send("GET", path)
      }
      clock.advance(1)
      try await after.refuses(401, "expired_connect_session_token") {
        try await server.send(
          "GET", "/connect/session", headers: [("Authorization", "Bearer \(token)")])
      }
      // Again and again at once: one of them makes the connection.
      let other = try await server.session()
      let answers = try await withThrowingTaskGroup(of: ServerUnderTest.Answer.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await server.send(
              "POST", "/api-auth/basic/token?connect_session_token=\(other)&params[subdomain]=acme",
              #"{"email":"a@b.test","api_token":"x"}"#)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.filter { $0.status == 200 }.count == 1, "\(answers.map(\.text))")
      #expect(answers.filter { $0.code == "used_connect_session_token" }.count == 7)
      #expect(try await server.count("connection") == 1)
    }
  }

  @Test("E6: where the connection could not be kept, the session still makes one")
  func retry() async throws {
    let provider = try FirstConnectionTests.zendesk(
      GroupATests.client.merging(["api_token": "right"]) { $1 })
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("token", provider: "zendesk", method: "api-token")
      let token = try await server.session()
      let path = "/api-auth/basic/token?connect_session_token=\(token)&params[subdomain]=acme"
      let wrong = try await server.send("POST", path, #"{"email":"a@b.test","api_token":"wrong"}"#)
      #expect(wrong.code == "connection_test_failed", "\(wrong.text)")
      // A store that takes nothing, for once.
      try await server.broker.store.write {
        try $0.execute(
          sql:
            "CREATE TRIGGER full BEFORE INSERT ON connection BEGIN SELECT RAISE(FAIL, 'full'); END")
      }
      let full = try await server.send("POST", path, #"{"email":"a@b.test","api_token":"right"}"#)
      #expect(full.status >= 400)
      #expect(try await server.count("connection") == 0)
      try await server.broker.store.write { try $0.execute(sql: "DROP TRIGGER full") }
      let right = try await server.send("POST", path, #"{"email":"a@b.test","api_token":"right"}"#)
      #expect(right.status == 200, "\(right.text)")
      let again = try await server.send("POST", path, #"{"email":"a@b.test","api_token":"right"}"#)
      #expect(again.code == "used_connect_session_token")
    }
  }

  @Test("E7: a key that was replaced is refused at once")
  func rotation() async throws {
    try await Self.withDigests { server, _, oracle in
      let old = Self.digest("zendesk:conn-1")
      #expect(try await Self.start(server, hmac: old).status == 302)
      let next = "the next key, which has 32 bytes as well"
      _ = try await server.broker.environments.change("dev", .init(hmacKey: next))
      let after = try await Self.start(server, hmac: old)
      #expect(after.status == 401)
      #expect(after.code == "invalid_hmac")
      #expect(
        try await Self.start(server, hmac: Self.digest("zendesk:conn-1", key: next)).status == 302)
    }
  }

  @Test("E7: what was read before a change is not remembered after it")
  func overtaken() async throws {
    try await Self.withDigests { server, _, _ in
      let keys = KnownKeys()
      let (mark, other) = (fingerprint("a"), fingerprint("b"))
      let holder = KnownKeys.Holder(environment: server.environment, key: "")
      let before = keys.changes
      keys.remember(holder, for: mark, readAfter: before)
      #expect(keys.holder(mark) != nil)
      keys.forgetAll()
      // A reader that was overtaken comes with what is no longer so.
      keys.remember(holder, for: other, readAfter: before)
      #expect(keys.holder(mark) == nil)
      #expect(keys.holder(other) == nil)
      keys.remember(holder, for: other, readAfter: keys.changes)
      #expect(keys.holder(other) != nil)
      // A key that is revoked opens nothing from then on.
      let list = try await server.broker.environments.keys(of: server.environment)
      #expect(try await server.backend("GET", "/integrations").status == 200)
      try await server.broker.environments.revokeKey(
        #require(list.first).id, of: server.environment)
      #expect(try await server.backend("GET", "/integrations").code == "unknown_account")
    }
  }

  @Test("E8: no environment demands digests without a good key")
  func shortKey() async throws {
    let provider = try FirstConnectionTests.zendesk(GroupATests.client)
    try await ServerUnderTest.with(over: provider) { server in
      try await server.integrate("zendesk", provider: "zendesk", GroupATests.client)
      let setup = try await server.broker.administrator.makeSetupToken()
      let admin = try await server.send(
        "POST", "/admin/setup", #"{"token": "\#(setup)", "password": "correct horse battery"}"#)
      let token = try #require(admin.json["token"]?.text)
      func patch(_ body: String) async throws -> ServerUnderTest.Answer {
        try await server.send(
          "PATCH", "/admin/environments/dev", body, headers: [("Authorization", "Bearer \(token)")])
      }
      for body in [
        #"{"hmac_enabled": true}"#, #"{"hmac_enabled": true, "hmac_key": ""}"#,
        #"{"hmac_enabled": true, "hmac_key": "CANARY-entry"}"#,
        #"{"hmac_key": "\#(String(repeating: "k", count: 31))"}"#, #"{"hmac_enabled": "true"}"#,
      ] {
        let answer = try await patch(body)
        #expect(answer.status == 400, "\(body)")
        #expect(answer.code == "invalid_body")
        #expect(!answer.text.contains("CANARY"))
      }
      #expect(try await patch(#"{"hmac_key": "\#(Self.key)", "hmac_enabled": true}"#).status == 200)
      // What is demanded can't be undone by half.
      #expect(try await patch(#"{"hmac_key": ""}"#).status == 400)
      let oracle = try await RefusalOracle(server, provider)
      try await oracle.refuses(401, "missing_hmac") { try await Self.start(server, hmac: nil) }
      // Even a database that says so lets nobody in.
      try await server.broker.store.write {
        try $0.execute(sql: "UPDATE environment SET hmac_key_sealed = NULL")
      }
      for digest in [
        nil, "", Self.digest("zendesk:conn-1"), Self.digest("zendesk:conn-1", key: ""),
      ] {
        try await oracle.refuses(401, "invalid_hmac") { try await Self.start(server, hmac: digest) }
      }
    }
  }

  @Test("E9: there is one comparer of digests, and it takes constant time")
  func comparer() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/KeywrightServer").standardizedFileURL
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?
        .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" })
    #expect(files.count > 30)
    var constant: [String] = []
    var makers: [String] = []
    var callers: [String] = []
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      let lines = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
      func add(_ name: String, to list: inout [String]) {
        list += lines.filter { $0.contains(name) }.map { _ in file.lastPathComponent }
      }
      add("isEqualInConstantTime(", to: &constant)
      add("authenticationCode(", to: &makers)
      add("FrontendDigest.isRight(", to: &callers)
      // No other comparison touches a digest, a fingerprint or an HMAC.
      for line in lines where line.contains("==") || line.contains("!=") {
        for name in [
          "digest(", "Digest ==", "fingerprint(", ".hmac ==", "hmac ==", "== digest", "== wanted",
          "elementsEqual",
        ] {
          #expect(!line.contains(name), "\(file.lastPathComponent): \(line)")
        }
      }
    }
    // The digest of a frontend, a token's fingerprint, the set-up token, the password and the mark of a form.
    #expect(
      constant.sorted() == [
        "Administrator.swift", "Administrator.swift", "HMAC.swift", "Random.swift", "Visit.swift",
      ])
    #expect(makers == ["HMAC.swift"])
    #expect(callers == ["Wish.swift"])
  }

  @Test("E10: a connect session's token opens nothing but the connecting of its own integrations")
  func sessionElsewhere() async throws {
    let clock = TestClock()
    try await Self.withDigests(clock: clock) { server, provider, oracle in
      let token = try await server.session(#"{"allowed_integrations": ["zendesk"]}"#)
      let bearer = [("Authorization", "Bearer \(token)")]
      for (method, path) in [
        ("GET", "/connections"), ("GET", "/connections/a?provider_config_key=zendesk"),
        ("DELETE", "/connections/a?provider_config_key=zendesk"), ("GET", "/integrations"),
        ("GET", "/integrations/zendesk?include=credentials"), ("POST", "/integrations"),
        ("DELETE", "/integrations/zendesk"), ("POST", "/connect/sessions"),
        ("POST", "/connect/sessions/reconnect"), ("GET", "/activity"), ("GET", "/providers"),
        ("POST", "/connections/metadata"), ("POST", "/connections"),
      ] {
        try await oracle.refuses(401, "invalid_secret_key_format", "\(method) \(path)") {
          try await server.send(method, path, method == "POST" ? "{}" : nil, headers: bearer)
        }
      }
      for (method, path) in [
        ("GET", "/admin/environments"), ("POST", "/admin/environments"),
        ("PATCH", "/admin/environments/dev"), ("GET", "/admin/environments/dev/keys"),
        ("POST", "/admin/environments/dev/keys"),
      ] {
        try await oracle.refuses(401, "not_logged_in", "\(method) \(path)") {
          try await server.send(method, path, method == "GET" ? nil : "{}", headers: bearer)
        }
        // Nor does an environment's own key.
        try await oracle.refuses(401, "not_logged_in", "\(method) \(path)") {
          try await server.backend(method, path, method == "GET" ? nil : "{}")
        }
      }
      for route in [
        "/oauth/connect/other?connect_session_token=\(token)&params[subdomain]=acme",
        "/oauth/connect/none?connect_session_token=\(token)",
      ] {
        try await oracle.refuses(403, "forbidden", route) { try await server.send("GET", route) }
      }
      try await oracle.refuses(403, "forbidden") {
        try await server.send(
          "POST", "/api-auth/basic/token?connect_session_token=\(token)&params[subdomain]=acme",
          #"{"email":"a@b.test","api_token":"CANARY-entry"}"#)
      }
      for wrong in [
        "nango_connect_session_" + String(repeating: "0", count: 64), "x", token.uppercased(),
        token + "0", String(token.dropLast()), server.secretKey,
      ] {
        let answer = try await server.send(
          "GET", "/oauth/connect/zendesk?connect_session_token=\(wrong)&params[subdomain]=acme")
        #expect(answer.status == 401)
        #expect(answer.code == "invalid_connect_session_token")
      }
      // Twice: the second time after a connection was made.
      let path = "/oauth/connect/zendesk?connect_session_token=\(token)&params[subdomain]=acme"
      #expect(try await Browser(server).connect(path, at: provider).status == 200)
      try await RefusalOracle(server, provider).refuses(401, "used_connect_session_token") {
        try await server.send("GET", path)
      }
      // One that its backend has taken back.
      let ended = try await server.session()
      #expect(
        try await server.send(
          "DELETE", "/connect/session", headers: [("Authorization", "Bearer \(ended)")]
        ).status == 204)
      try await RefusalOracle(server, provider).refuses(401, "used_connect_session_token") {
        try await server.send(
          "GET", "/oauth/connect/zendesk?connect_session_token=\(ended)&params[subdomain]=acme")
      }
    }
  }

  @Test("E11: with a connect session nobody but the server names the connection")
  func ownConnectionID() async throws {
    try await Self.withDigests { server, _, oracle in
      let token = try await server.session()
      try await oracle.refuses(400, "connection_id_forbidden") {
        try await server.send(
          "GET",
          "/oauth/connect/zendesk?connect_session_token=\(token)&connection_id=mine&params[subdomain]=acme"
        )
      }
      try await oracle.refuses(400, "connection_id_forbidden") {
        try await server.send(
          "POST",
          "/api-auth/basic/token?connect_session_token=\(token)&connection_id=mine&params[subdomain]=acme",
          #"{"email":"a@b.test","api_token":"CANARY-entry"}"#)
      }
      // Not even with a right digest.
      try await oracle.refuses(400, "connection_id_forbidden") {
        try await server.send(
          "GET",
          "/oauth/connect/zendesk?connect_session_token=\(token)&public_key=\(server.publicKey)&connection_id=mine&hmac=\(Self.digest("zendesk:mine"))&params[subdomain]=acme"
        )
      }
    }
  }

  @Test("the public key alone replaces no connection; a digest and a session do")
  func replacing() async throws {
    try await Self.withDigests(requiring: false) { server, _, _ in
      func fill(_ query: String) async throws -> ServerUnderTest.Answer {
        try await server.send(
          "POST", "/api-auth/basic/token?\(query)&params[subdomain]=acme",
          #"{"email":"a@b.test","api_token":"x"}"#)
      }
      let key = "public_key=\(server.publicKey)&connection_id=conn-1"
      #expect(try await fill(key).status == 200)
      let refused = try await fill(key)
      #expect(refused.status == 409)
      #expect(refused.code == "connection_exists")
      #expect(try await fill("\(key)&hmac=\(Self.digest("token:conn-1"))").status == 200)
      let answer = try await server.backend(
        "POST", "/connect/sessions/reconnect",
        #"{"connection_id": "conn-1", "integration_id": "token"}"#)
      let token = try #require(answer.json["data"]?["token"]?.text)
      #expect(
        try await fill("connect_session_token=\(token)").json["connectionId"]?.text == "conn-1")
      #expect(try await server.count("connection") == 1)
    }
  }
}
