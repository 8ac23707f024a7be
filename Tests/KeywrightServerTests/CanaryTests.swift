import Foundation
import Keywright
import KeywrightDefinition
import Logging
import Synchronization
import Testing

@testable import KeywrightServer

/// Secrets stay where they are needed.
@Suite("Canaries")
struct CanaryTests {
  @Test(
    "no secret stands in a log at any level, in Activity, in an answer that has no business with it, or in a file"
  )
  func canaries() async throws {
    let lines = Mutex("")
    let sink = LogSink { bytes in lines.withLock { $0 += String(decoding: bytes, as: UTF8.self) } }
    let logger = Logger(label: "test") { _ in TextLogHandler(level: .trace, sink: sink) }
    let clock = TestClock()
    let notes = Notes.usual { request, number in
      number == 3
        ? Notes.answer(
          400,
          #"{"error":"invalid_grant","error_description":"canary-refresh-2 is unknown to canary-client-secret"}"#
        ) : Notes.token(number)
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-canary-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var shown = ""
    try await ServerUnderTest.with(
      [Notes.spec], over: notes, clock: clock, folder: folder, logger: logger
    ) { server in
      _ = try await server.broker.environments.change(
        "dev", .init(hmacKey: "canary-hmac-key-0123456789-0123456789"))
      try await server.connectNotes()
      clock.advance(3_700)
      #expect(try await server.readNotes().status == 200)
      clock.advance(3_700)
      let broken = try await server.readNotes()
      #expect(broken.status == 424)
      shown += broken.text
      _ = try await server.finishNotes("n2", code: "canary-code-2")
      _ = try await server.finishNotes("n2", code: "canary-code-3")
      for path in [
        "/connections", "/integrations", "/integrations/notes", "/providers/notes", "/metrics",
        "/openapi.json", "/connections/none?provider_config_key=notes",
      ] {
        shown += try await server.backend("GET", path).text
      }
      for entry in try await server.activity() {
        shown += entry.compactText
        shown += try await server.backend("GET", "/activity/\(entry["id"]?.text ?? "")").text
      }
      let bad = try await server.send(
        "GET", "/connections", headers: [("Authorization", "Bearer kw_sk_canary-wrong-key")])
      shown += bad.text
      #expect(
        !shown.contains("canary"),
        "\(shown.firstRange(of: "canary").map { shown[$0.lowerBound...].prefix(80) } ?? "")")
      #expect(!shown.contains(server.secretKey))
      let logged = lines.withLock { $0 }
      #expect(!logged.contains("canary") && !logged.contains(server.secretKey), "\(logged)")
      #expect(logged.contains("route="))
    }
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    #expect(files.contains { $0.lastPathComponent == "keywright.sqlite" })
    for file in files where file.lastPathComponent != "key" {
      let bytes = try Data(contentsOf: file)
      #expect(bytes.range(of: Data("canary".utf8)) == nil, "\(file.lastPathComponent)")
    }
  }

  @Test("the folder is its owner's alone, and so is everything in it")
  func rights() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-rights-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await ServerUnderTest.with([Notes.spec], over: Notes.usual(), folder: folder) { server in
      try await server.connectNotes()
      func rights(_ url: URL) throws -> Int {
        try #require(
          try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int)
      }
      #expect(try rights(folder) == 0o700)
      for file in try FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: nil)
      {
        #expect(try rights(file) == 0o600, "\(file.lastPathComponent)")
      }
    }
  }

  @Test("a ciphertext in another row, field or version is refused")
  func places() throws {
    let key = try #require(MasterKey([UInt8](repeating: 7, count: 32)))
    let vault = Vault(key)
    let place = Place(environment: "e", row: "r", field: "kept", version: 3)
    let sealed = try vault.seal("text", in: place)
    #expect(try vault.open(sealed, in: place) == Array("text".utf8))
    let others = [
      Place(environment: "f", row: "r", field: "kept", version: 3),
      Place(environment: "e", row: "s", field: "kept", version: 3),
      Place(environment: "e", row: "r", field: "setup", version: 3),
      Place(environment: "e", row: "r", field: "kept", version: 2),
      Place(environment: "er", row: "", field: "kept", version: 3),
    ]
    for other in others { #expect(throws: VaultFailure.self) { try vault.open(sealed, in: other) } }
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 1
      #expect(throws: VaultFailure.self) { try vault.open(changed, in: place) }
    }
  }
}
