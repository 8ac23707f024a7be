import Foundation
import GRDB
import Keywright
import KeywrightDefinition
import KeywrightSimulator
import Testing

@testable import KeywrightServer

/// Who comes from Nango keeps its names: of providers, and of what is filled in.
@Suite("Names from Nango")
struct NangoNameTests {
  /// A provider of the tests' own, with two fields that another case makes one.
  private static let twins = """
    # id: twins
    name: Twins
    api: { base: https://api.twins.example.net }
    auth:
      key:
        kind: api_key
        nango: { key: twins-key, fields: { token: api_key } }
        ask:
          api_key: { title: Key }
          team: { title: Team, optional: true }
          te_am: { title: Other team, optional: true }

    """

  private static func zendesk() throws -> SimulatedProvider {
    try FirstConnectionTests.zendesk(["email": "ada@acme.example", "api_token": "tok-1"])
  }

  private static func create(
    _ server: ServerUnderTest, _ body: String
  ) async throws -> ServerUnderTest.Answer {
    try await server.backend("POST", "/integrations", body)
  }

  // MARK: Keys

  @Test("a key chooses the method that it stands for, and its names of fields are understood")
  func key() async throws {
    try await ServerUnderTest.with(over: try Self.zendesk()) { server in
      let made = try await Self.create(
        server, #"{"unique_key":"zendesk-token","provider":"zendesk-api-key"}"#)
      #expect(made.status == 201, "\(made.text)")
      #expect(made.json["data"]?["provider"]?.text == "zendesk")
      #expect(made.json["data"]?["method"]?.text == "api-token")
      let address =
        "/api-auth/basic/zendesk-token?public_key=\(server.publicKey)&connection_id=z1&params[subdomain]=acme"
      let wrong = try await server.send(
        "POST", address, #"{"username":"ada@acme.example","password":"tok-2"}"#)
      #expect(wrong.status == 400)
      #expect(wrong.code == "connection_test_failed")
      let right = try await server.send(
        "POST", address, #"{"type":"BASIC","username":"ada@acme.example","password":"tok-1"}"#)
      #expect(right.status == 200, "\(right.text)")
      let read = try await server.backend(
        "GET", "/connections/z1?provider_config_key=zendesk-token")
      #expect(read.json["credentials"]?["type"]?.text == "BASIC")
      #expect(read.json["credentials"]?["username"]?.text == "ada@acme.example/token")
      #expect(read.json["connection_config"]?["subdomain"]?.text == "acme")
    }
  }

  @Test("a backend brings its connections along under the same names")
  func importing() async throws {
    try await ServerUnderTest.with(over: try Self.zendesk()) { server in
      _ = try await Self.create(server, #"{"unique_key":"z","provider":"zendesk-api-key"}"#)
      let made = try await server.backend(
        "POST", "/connections",
        #"{"provider_config_key":"z","connection_id":"z1","connection_config":{"subDomain":"acme"},"credentials":{"type":"BASIC","username":"ada@acme.example","password":"tok-1"}}"#
      )
      #expect(made.status == 201, "\(made.text)")
    }
  }

  @Test("a name that is nobody's is told, with the one that it is near to")
  func wrongName() async throws {
    try await ServerUnderTest.with(over: try Self.zendesk()) { server in
      _ = try await Self.create(server, #"{"unique_key":"z","provider":"zendesk-api-key"}"#)
      let answer = try await server.send(
        "POST", "/api-auth/basic/z?public_key=\(server.publicKey)&params[subdomain]=acme",
        #"{"username":"ada@acme.example","api_tokn":"tok-1"}"#)
      #expect(answer.status == 400)
      #expect(answer.code == "invalid_config")
      #expect(answer.message.contains("no field 'api_tokn'; did you mean 'api_token'?"))
    }
  }

  @Test("an id of a provider counts before a key, and a key that is near is proposed")
  func ownID() async throws {
    try await ServerUnderTest.with(over: try Self.zendesk()) { server in
      let own = try await Self.create(server, #"{"provider":"zendesk"}"#)
      #expect(own.json["data"]?["method"]?.text == "oauth")
      let near = try await Self.create(server, #"{"provider":"zendesk-api-kye"}"#)
      #expect(near.status == 400)
      #expect(near.message.contains("did you mean 'zendesk-api-key'?"))
      let other = try await Self.create(server, #"{"provider":"zendesk-api-key","method":"oauth"}"#)
      #expect(other.status == 400)
      #expect(other.message.contains("is the method 'api-token' of 'zendesk'"))
    }
  }

  @Test("a key that two providers claim chooses neither")
  func claimedTwice() async throws {
    let other = Self.twins.replacing("twins", with: "triplets")
      .replacing("triplets-key", with: "twins-key")
    try await ServerUnderTest.with([Self.twins, other], over: try Self.zendesk()) { server in
      let answer = try await Self.create(server, #"{"provider":"twins-key"}"#)
      #expect(answer.status == 400)
      #expect(answer.message.contains("'triplets' and 'twins'"))
    }
  }

  @Test("what a key fills in holds for each connection, and who says otherwise is told")
  func filled() async throws {
    try await ServerUnderTest.with(over: try Self.zendesk()) { server in
      let made = try await Self.create(
        server,
        #"{"provider":"salesforce-sandbox","credentials":{"clientId":"c","Client-Secret":"s"}}"#)
      #expect(made.status == 201, "\(made.text)")
      #expect(made.json["data"]?["unique_key"]?.text == "salesforce-sandbox")
      #expect(made.json["data"]?["missing_credentials"]?.textList == [])
      #expect(made.json["data"]?["connection_config"] == .texts(["environment": "sandbox"]))
      let address = "/oauth/connect/salesforce-sandbox?public_key=\(server.publicKey)"
      let start = try await server.send("GET", address)
      #expect(start.header("Location")?.hasPrefix("https://test.salesforce.com/") == true)
      let other = try await server.send("GET", address + "&params[environment]=production")
      #expect(other.status == 400)
      #expect(other.code == "invalid_config")
      let plain = try await Self.create(server, #"{"provider":"salesforce"}"#)
      #expect(plain.json["data"]?["connection_config"] == .object([]))
    }
  }

  // MARK: Fields

  private static func names() throws -> FieldNames {
    let entry = try ServerUnderTest.entry(twins)
    return FieldNames(try #require(entry.definition.methods.first).ask, entry.nango)
  }

  @Test(
    "a field is known by the spec's name, by another that is written down, and in any case",
    arguments: [
      ("api_key", "api_key"), ("token", "api_key"), ("apiKey", "api_key"), ("API-KEY", "api_key"),
      ("Token", "api_key"), ("team", "team"), ("te_am", "te_am"), ("__", "__"), ("key", "key"),
    ])
  func field(_ name: String, _ field: String) throws {
    #expect(try Self.names().resolved([name: "x"]) == [field: "x"])
  }

  @Test("a name that could be two fields is refused, and so are two names for one field")
  func clash() throws {
    #expect(throws: FieldNames.Clash.self) { try Self.names().resolved(["Team": "x"]) }
    #expect(throws: FieldNames.Clash.self) {
      try Self.names().resolved(["token": "x", "apiKey": "x"])
    }
    // The one that is not the spec's is at fault.
    let clash = #expect(throws: FieldNames.Clash.self) {
      try Self.names().resolved(["api_key": "x", "API_KEY": "x"])
    }
    #expect(clash?.name == "API_KEY")
  }

  @Test("an empty text under a name that is nobody's says nothing; one with words is told")
  func empty() async throws {
    try await ServerUnderTest.with([Self.twins], over: try Self.zendesk()) { server in
      _ = try await Self.create(server, #"{"unique_key":"t","provider":"twins-key"}"#)
      func connect(_ password: String) async throws -> ServerUnderTest.Answer {
        try await server.send(
          "POST", "/api-auth/basic/t?public_key=\(server.publicKey)",
          #"{"token":"sk","password":"\#(password)"}"#)
      }
      #expect(try await connect("").status == 200)
      #expect(try await connect("x").message.contains("no field 'password'"))
    }
  }

  // MARK: Where they are kept

  @Test("the catalogue carries the keys, each once, and one from before has none")
  func catalogue() throws {
    let entries = try ServerUnderTest.catalogue()
    let keys = entries.flatMap { $0.nango.map(\.key) }
    #expect(keys.contains("zendesk-api-key"))
    #expect(Set(keys).count == keys.count)
    for entry in entries {
      for key in entry.nango { #expect(entry.definition.method(key.method) != nil) }
    }
    let catalogue = KeywrightDefinition.Catalogue(entries)
    #expect(try KeywrightDefinition.Catalogue(reading: Array(catalogue.text.utf8)) == catalogue)
    let older = catalogue.text.replacing(#/"nango":\{.*?\},"definition"/#, with: #""definition""#)
    let read = try KeywrightDefinition.Catalogue(reading: Array(older.utf8))
    #expect(read.entries.flatMap(\.nango).isEmpty)
    #expect(read.entries.map(\.definition) == entries.map(\.definition))
  }

  @Test("an integration of the first version's database is there as it was")
  func older() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-older-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appendingPathComponent("keywright.sqlite").path
    let database = try DatabasePool(path: path)
    try Schema.migrator.migrate(database, upTo: "1 first tables")
    try await database.write { database in
      try database.execute(
        sql: """
          INSERT INTO environment (id, name, public_key, created_at) VALUES ('e', 'dev', 'kw_pk_x', 1);
          INSERT INTO integration (id, environment, key, provider, method, created_at, updated_at)
            VALUES ('i', 'e', 'old', 'salesforce', 'oauth', 1, 1);
          """)
    }
    try database.close()
    try await ServerUnderTest.with(over: try Self.zendesk(), folder: folder) { server in
      let found = try await server.backend("GET", "/integrations/old")
      #expect(found.status == 200, "\(found.text)")
      #expect(found.json["data"]?["connection_config"] == .object([]))
    }
  }
}
