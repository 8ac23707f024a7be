import KeywrightDefinition
import KeywrightServer
import Logging
import Testing

@Suite("Server settings")
struct ServerSettingsTests {
  @Test("where nobody says anything, the defaults hold")
  func defaults() async throws {
    let settings = try await settings()
    #expect(settings.data == "keywright-data")
    #expect(settings.host == "127.0.0.1")
    #expect(settings.port == 3_003)
    #expect(settings.publicURL == nil)
    #expect(settings.specs == [])
    #expect(settings.simulate == false)
    #expect(settings.originMap == [:])
    #expect(settings.encryptionKeyFile == nil)
    #expect(settings.encryptionKey == nil)
    #expect(settings.logLevel == .info)
    #expect(settings.logFormat == .text)
    #expect(settings.rateLimit == 600)
    #expect(settings.shutdownSeconds == 20)
  }

  private static let file = """
    {"data": "d", "host": "::", "port": 1, "public_url": "https://a.example", "specs": ["a", "b"],
     "simulate": true, "origin_map": ["https://a.example=http://127.0.0.1:1"],
     "encryption_key_file": "k", "log_level": "trace", "log_format": "json", "rate_limit": 2,
     "shutdown_seconds": 3}
    """

  @Test("a file can say everything but secrets")
  func file() async throws {
    let settings = try await settings(file: Self.file)
    #expect(settings.data == "d")
    #expect(settings.host == "::")
    #expect(settings.port == 1)
    #expect(settings.publicURL == "https://a.example")
    #expect(settings.specs == ["a", "b"])
    #expect(settings.simulate)
    #expect(settings.originMap == ["https://a.example": "http://127.0.0.1:1"])
    #expect(settings.encryptionKeyFile == "k")
    #expect(settings.logLevel == .trace)
    #expect(settings.logFormat == .json)
    #expect(settings.rateLimit == 2)
    #expect(settings.shutdownSeconds == 3)
  }

  private static let variables = [
    "DATA": "dv", "HOST": "0.0.0.0", "PORT": "10", "PUBLIC_URL": "https://v.example",
    "SPECS": "x:y z", "SIMULATE": "no",
    "ORIGIN_MAP": "https://v.example=http://localhost:1,https://w.example=http://localhost:2",
    "ENCRYPTION_KEY_FILE": "kv", "ENCRYPTION_KEY": "secret", "LOG_LEVEL": "error",
    "LOG_FORMAT": "text", "RATE_LIMIT": "20", "SHUTDOWN_SECONDS": "30",
  ]

  @Test("each variable wins over the file")
  func variables() async throws {
    let settings = try await settings(Self.variables, file: Self.file)
    #expect(settings.data == "dv")
    #expect(settings.host == "0.0.0.0")
    #expect(settings.port == 10)
    #expect(settings.publicURL == "https://v.example")
    #expect(settings.specs == ["x", "y z"])
    #expect(settings.simulate == false)
    #expect(
      settings.originMap == [
        "https://v.example": "http://localhost:1", "https://w.example": "http://localhost:2",
      ])
    #expect(settings.encryptionKeyFile == "kv")
    #expect(settings.encryptionKey?.reveal() == "secret")
    #expect(settings.logLevel == .error)
    #expect(settings.logFormat == .text)
    #expect(settings.rateLimit == 20)
    #expect(settings.shutdownSeconds == 30)
  }

  @Test("each flag wins over its variable")
  func flags() async throws {
    let flags = [
      "data": ["df"], "host": ["localhost"], "port": ["0"], "public-url": ["http://127.0.0.1:3003"],
      "specs": ["one:whole", "two"], "simulate": [],
      "origin-map": ["https://f.example=http://127.0.0.1:9"], "encryption-key-file": ["kf"],
      "log-level": ["debug"], "log-format": ["json"], "rate-limit": ["1"],
      "shutdown-seconds": ["0"],
    ]
    let settings = try await settings(flags: flags, Self.variables, file: Self.file)
    #expect(settings.data == "df")
    #expect(settings.host == "localhost")
    #expect(settings.port == 0)
    #expect(settings.publicURL == "http://127.0.0.1:3003")
    #expect(settings.specs == ["one:whole", "two"])
    #expect(settings.simulate)
    #expect(settings.originMap == ["https://f.example": "http://127.0.0.1:9"])
    #expect(settings.encryptionKeyFile == "kf")
    #expect(settings.logLevel == .debug)
    #expect(settings.logFormat == .json)
    #expect(settings.rateLimit == 1)
    #expect(settings.shutdownSeconds == 0)
  }

  @Test("null in the file is as if nothing stood there")
  func null() async throws {
    #expect(try await settings(file: #"{"port": null}"#).port == 3_003)
  }

  @Test("the flag names another file than the variable")
  func config() async throws {
    let settings = try await settings(["CONFIG": "/nowhere"], file: #"{"port": 5}"#)
    #expect(settings.port == 5)
  }

  @Test("an empty variable is not an unset one")
  func empty() async throws {
    #expect(try await settings(["ENCRYPTION_KEY": ""]).encryptionKey?.reveal() == "")
    #expect(try await settings(["SPECS": ""], file: #"{"specs": ["a"]}"#).specs == [])
    for name in ["DATA", "HOST", "PORT", "PUBLIC_URL", "SIMULATE", "CONFIG", "LOG_LEVEL"] {
      let mistake = try await mistake([name: ""], file: name == "CONFIG" ? nil : "{}")
      #expect(mistake?.contains("variable KEYWRIGHT_\(name): found '', wanted") == true)
    }
  }

  @Test("no way of printing the settings shows the key")
  func secret() async throws {
    let settings = try await settings(["ENCRYPTION_KEY": "CANARY"])
    var dumped = ""
    dump(settings, to: &dumped)
    #expect(!"\(settings)\(String(reflecting: settings))\(dumped)".contains("CANARY"))
  }

  @Test(
    "a public URL loses the slash at its end, and its host's capitals",
    arguments: [
      ("https://k.example.com/", "https://k.example.com"),
      ("https://K.Example.com:443/auth//", "https://k.example.com/auth"),
      ("https://k.example.com:8443/a/b", "https://k.example.com:8443/a/b"),
      ("http://localhost:3003", "http://localhost:3003"), ("http://[::1]/", "http://[::1]"),
    ])
  func publicURL(text: String, url: String) async throws {
    #expect(try await settings(["PUBLIC_URL": text]).publicURL == url)
  }

  @Test(
    "a public URL is absolute, without user name, query and fragment, and https but for loopback",
    arguments: [
      "", "k.example.com", "/auth", "ftp://k.example.com", "https://", "https://k.example.com?",
      "https://k.example.com/#", "https://k.example.com/?q=1", "https://u@k.example.com",
      "https://u:p@k.example.com", "http://k.example.com", "http://127.0.0.1.example.com",
      "http://127.0.0.1@k.example.com", "https://k.example.com\\@e.com", " https://k.example.com",
      "https://k.example.com\n", "https://k example.com", "https://k.example.com:0", "https:/k",
      "javascript:alert(1)", "https://ü.example.com",
    ])
  func badPublicURL(text: String) async throws {
    let mistake = try await mistake(["PUBLIC_URL": text])
    #expect(mistake?.contains("wanted an https URL without user name, query and fragment") == true)
  }

  @Test(
    "an origin map is of two origins, the second on this machine",
    arguments: [
      "https://a.example", "=", "https://a.example=", "=http://127.0.0.1:1",
      "https://a.example=https://b.example", "https://a.example/path=http://127.0.0.1:1",
      "a=b", "https://a.example=http://127.0.0.1:1=x", "https://a.example=http://127.0.0.1:1,",
      "https://a.example=http://127.0.0.1:1,https://A.example=http://127.0.0.1:2",
    ])
  func originMap(text: String) async throws {
    #expect(try await mistake(["ORIGIN_MAP": text])?.contains("'origin-map'") == true)
  }

  @Test("a level of the log is any of swift-log's", arguments: Logger.Level.allCases)
  func logLevel(level: Logger.Level) async throws {
    #expect(try await settings(flags: ["log-level": [level.rawValue]]).logLevel == level)
  }
}
