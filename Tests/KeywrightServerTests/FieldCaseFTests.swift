import Foundation
import Testing

@testable import KeywrightServer

/// Group F of the field cases: what goes wrong in operation, with the program as people run it.
@Suite("Field cases, group F")
struct FieldCaseFTests {
  private func folder() -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("kw-f-\(UUID().uuidString)")
  }

  @Test(
    "F1: a key that is none ends the start with one sentence that says how to make one",
    arguments: [
      "", "   ", String(Data(repeating: 1, count: 31).base64EncodedString()), "no base64 at all!",
    ])
  func unfitKey(_ key: String) async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (code, text) = try await ServerProcess.run(
      ["serve", "--port", "0", "--data", folder.path],
      environment: ["KEYWRIGHT_ENCRYPTION_KEY": key])
    #expect(code == 78)
    #expect(text.contains("openssl rand -base64 32"), "\(text)")
    #expect(text.split(separator: "\n").count == 1, "\(text)")
    #expect(!text.contains("Fatal") && !text.contains(".swift:"))
  }

  @Test("F1: a first start needs no key: it makes one, for its owner alone")
  func firstStart() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try await ServerProcess(
      ["--simulate", "--data", folder.path], port: ServerProcess.freePort())
    #expect(server.text.contains("made a key"))
    #expect(server.stop() == 0)
    let key = folder.appendingPathComponent("key")
    #expect(
      Data(
        base64Encoded: try String(contentsOf: key, encoding: .utf8).trimmingCharacters(
          in: .whitespacesAndNewlines))?.count == 32)
    let rights =
      try FileManager.default.attributesOfItem(atPath: key.path)[.posixPermissions] as? Int
    #expect(rights == 0o600)
  }

  @Test(
    "F2: beside a database another key is refused, nothing is made, and the right one still works")
  func otherKey() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try await ServerProcess(["--data", folder.path], port: ServerProcess.freePort())
    let secret = try first.printed("kw_sk_")
    #expect(first.stop() == 0)
    let (key, database) = (
      folder.appendingPathComponent("key"), folder.appendingPathComponent("keywright.sqlite")
    )
    let text = try String(contentsOf: key, encoding: .utf8)
    let before = try Data(contentsOf: database)
    try FileManager.default.removeItem(at: key)

    let missing = try await ServerProcess.run(["serve", "--port", "0", "--data", folder.path])
    #expect(missing.code == 78)
    let id = try #require(
      MasterKey(
        Array(Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? Data()))?
        .id)
    #expect(missing.text.contains(id), "\(missing.text)")
    #expect(!FileManager.default.fileExists(atPath: key.path))
    #expect(try Data(contentsOf: database) == before)

    let other = try await ServerProcess.run(
      ["serve", "--port", "0", "--data", folder.path],
      environment: ["KEYWRIGHT_ENCRYPTION_KEY": Data(repeating: 9, count: 32).base64EncodedString()]
    )
    #expect(other.code == 78)
    #expect(other.text.contains(id), "\(other.text)")
    #expect(try Data(contentsOf: database) == before)

    try text.write(to: key, atomically: true, encoding: .utf8)
    let again = try await ServerProcess(["--data", folder.path], port: ServerProcess.freePort())
    #expect(!again.text.contains("kw_sk_"))
    let list = try await ServerUnderTest.send(
      "GET", again.address + "/integrations", headers: [("Authorization", "Bearer \(secret)")])
    #expect(list.text == #"{"data":[]}"#)
    #expect(again.stop() == 0)
  }

  @Test("one folder has one server")
  func lock() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try await ServerProcess(["--data", folder.path], port: ServerProcess.freePort())
    let second = try await ServerProcess.run(["serve", "--port", "0", "--data", folder.path])
    #expect(second.code == 78)
    #expect(second.text.contains("another server"), "\(second.text)")
    #expect(first.stop() == 0)
  }

  @Test("simulated and real connections do not share a folder")
  func kinds() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let real = try await ServerProcess(["--data", folder.path], port: ServerProcess.freePort())
    #expect(real.stop() == 0)
    let mixed = try await ServerProcess.run([
      "serve", "--simulate", "--port", "0", "--data", folder.path,
    ])
    #expect(mixed.code == 78)
    #expect(mixed.text.contains("real connections"), "\(mixed.text)")
  }

  @Test("a spec that is wrong is named with its place, and the others serve")
  func badSpec() async throws {
    let (folder, specs) = (folder(), folder())
    defer {
      try? FileManager.default.removeItem(at: folder)
      try? FileManager.default.removeItem(at: specs)
    }
    try FileManager.default.createDirectory(at: specs, withIntermediateDirectories: true)
    try Notes.spec.write(
      to: specs.appendingPathComponent("notes.yaml"), atomically: true, encoding: .utf8)
    try "name: Bad\nauth:\n  key:\n    kind: api_kee\n".write(
      to: specs.appendingPathComponent("bad.yaml"), atomically: true, encoding: .utf8)
    let server = try await ServerProcess(
      ["--data", folder.path, "--specs", specs.path], port: ServerProcess.freePort())
    #expect(server.text.contains("bad.yaml:4:11: error: unknown kind 'api_kee'"), "\(server.text)")
    let text = try await ServerUnderTest.send("GET", server.address + "/providers.json").text
    #expect(text.contains("\"notes\"") && text.contains("\"zendesk\"") && !text.contains("\"bad\""))
    #expect(server.stop() == 0)
  }

  @Test("a password that is set before the first start lets the server listen to others at once")
  func administratorFirst() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    // As in a container: the folder is named by the variable, for both.
    let variables = ["KEYWRIGHT_DATA": folder.path]
    func admin(_ words: String..., input: String? = nil) async throws -> (code: Int32, text: String)
    {
      try await ServerProcess.run(["admin"] + words, environment: variables, input: input)
    }
    // What only looks into a store makes none, and nothing is made for a password that will not do.
    #expect(try await admin("key", "dev").code == 78)
    #expect(try await admin("password", input: "short\n").code == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    let set = try await admin("password", input: "the first password\n")
    #expect(set.code == 0, "\(set.text)")
    #expect(set.text.contains(folder.appendingPathComponent("key").path))
    let server = try await ServerProcess(
      ["--host", "0.0.0.0"], port: ServerProcess.freePort(), environment: variables)
    #expect(!server.text.contains("kw_setup_") && !server.text.contains("127.0.0.1 alone"))
    #expect(try server.printed("kw_sk_").hasPrefix("kw_sk_"))
    let session = try await ServerUnderTest.send(
      "POST", server.address + "/admin/session", #"{"password":"the first password"}"#)
    #expect(session.status == 201, "\(session.text)")
    #expect(server.stop() == 0)
  }

  @Test("a password is set in no folder whose key is elsewhere")
  func administratorWithoutKey() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func set() async throws -> (code: Int32, text: String) {
      try await ServerProcess.run(
        ["admin", "password", "--data", folder.path], input: "the first password\n")
    }
    #expect(try await set().code == 0)
    try FileManager.default.removeItem(at: folder.appendingPathComponent("key"))
    let refused = try await set()
    #expect(refused.code == 78)
    #expect(refused.text.contains("is missing"), "\(refused.text)")
  }

  @Test(
    "the first password is set with the token of the start, once, and 'keywright admin' sets it anew"
  )
  func administrator() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try await ServerProcess(["--data", folder.path], port: ServerProcess.freePort())
    let token = try server.printed("kw_setup_")
    func post(_ path: String, _ body: String) async throws -> (Int, String) {
      let answer = try await ServerUnderTest.send("POST", server.address + path, body)
      return (answer.status, answer.text)
    }
    let wrong = try await post(
      "/admin/setup", #"{"token":"kw_setup_wrong","password":"a long password"}"#)
    #expect(wrong.0 == 401)
    let short = try await post("/admin/setup", #"{"token":"\#(token)","password":"short"}"#)
    #expect(short.0 == 400)
    let done = try await post(
      "/admin/setup", #"{"token":"\#(token)","password":"a long password"}"#)
    #expect(done.0 == 201, "\(done.1)")
    let twice = try await post(
      "/admin/setup", #"{"token":"\#(token)","password":"another password"}"#)
    #expect(twice.0 == 409)
    let reset = try await ServerProcess.run(
      ["admin", "password", "--data", folder.path], input: "the third password\n")
    #expect(reset.code == 0, "\(reset.text)")
    #expect(try await post("/admin/session", #"{"password":"a long password"}"#).0 == 401)
    #expect(try await post("/admin/session", #"{"password":"the third password"}"#).0 == 201)
    let key = try await ServerProcess.run(["admin", "key", "prod", "--data", folder.path])
    #expect(key.text.hasPrefix("kw_sk_"), "\(key.text)")
    #expect(server.stop() == 0)
  }
}
