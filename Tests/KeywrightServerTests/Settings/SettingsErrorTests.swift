import KeywrightServer
import Testing

@Suite("Errors of settings")
struct SettingsErrorTests {
  @Test("an error names the setting, the flag, what was found and what is wanted")
  func flag() async throws {
    #expect(
      try await mistake(flags: ["port": ["80x"]])
        == "setting 'port' from flag --port: found '80x', wanted a whole number from 0 to 65535")
  }

  @Test("an error names the variable")
  func variable() async throws {
    #expect(
      try await mistake(["RATE_LIMIT": "0"])
        == """
        setting 'rate-limit' from environment variable KEYWRIGHT_RATE_LIMIT: \
        found '0', wanted a whole number from 1 to 1000000
        """
    )
  }

  @Test("an error names the file and its key")
  func file() async throws {
    #expect(
      try await mistake(file: #"{"port": 65536}"#)
        == """
        setting 'port' from key 'port' of the file 'FILE': found '65536', \
        wanted a whole number from 0 to 65535
        """
    )
  }

  @Test("an error is typed, with a stable code")
  func typed() async {
    await #expect { try await settings(flags: ["port": ["x"]]) } throws: { error in
      let error = error as? SettingsError
      return error?.code == .misfit && error?.setting == "port" && error?.source == .flag("--port")
        && error?.found == "x"
    }
  }

  @Test(
    "no value of another kind is taken for one that fits",
    arguments: [
      #"{"port": true}"#, #"{"port": "80"}"#, #"{"port": 80.0}"#, #"{"port": 8e1}"#,
      #"{"port": -1}"#, #"{"port": 99999999999999999999}"#, #"{"port": [80]}"#, #"{"simulate": 1}"#,
      #"{"simulate": "true"}"#, #"{"host": 1}"#, #"{"data": ""}"#, #"{"data": {"a": 1}}"#,
      #"{"specs": "a"}"#, #"{"specs": ["a", 1]}"#, #"{"specs": [""]}"#, #"{"origin_map": {}}"#,
      #"{"log_level": "INFO"}"#, #"{"log_format": "xml"}"#,
    ])
  func kinds(text: String) async throws {
    let mistake = try await mistake(file: text)
    #expect(mistake?.contains("of the file 'FILE': found '") == true, "\(mistake ?? "")")
  }

  @Test(
    "no text of a flag or variable is taken for a number or truth that it is not",
    arguments: [
      ("port", "8O"), ("port", " 80"), ("port", "80 "), ("port", "0x50"), ("port", "8.0"),
      ("port", "٣"), ("port", "-1"), ("port", "65536"), ("port", "9223372036854775808"),
      ("simulate", "on"), ("simulate", ""), ("simulate", "truе"), ("shutdown-seconds", "3601"),
      ("log-level", "warn"), ("host", "http://0.0.0.0"), ("host", "[::]"), ("host", "a b"),
      ("specs", ""),
    ])
  func texts(name: String, text: String) async throws {
    #expect(try await mistake(flags: [name: [text]])?.contains("flag --\(name): found") == true)
    // An empty variable is an empty list.
    if name == "specs" { return }
    let variable = name.uppercased().replacing("-", with: "_")
    #expect(try await mistake([variable: text])?.contains("KEYWRIGHT_\(variable): found") == true)
  }

  @Test("a level that is none is told all that are")
  func choice() async throws {
    #expect(
      try await mistake(flags: ["log-level": ["warn"]])?.hasSuffix(
        "wanted one of trace, debug, info, notice, warning, error, critical") == true)
  }

  @Test("an unknown key of the file is an error, with the one that was meant")
  func unknownKey() async throws {
    #expect(
      try await mistake(file: #"{"public-url": 1}"#)
        == "unknown key 'public-url' of the file 'FILE'; did you mean 'public_url'?")
    #expect(
      try await mistake(file: #"{"theme": null}"#)
        == "unknown key 'theme' of the file 'FILE'; --help lists all")
    #expect(
      try await mistake(file: #"{"config": "other.json"}"#)
        == "unknown key 'config' of the file 'FILE'; a file names no other file")
  }

  @Test("an unknown flag is an error, with the one that was meant")
  func unknownFlag() async throws {
    #expect(
      try await mistake(flags: ["prot": ["1"]]) == "unknown flag --prot; did you mean '--port'?")
  }

  @Test("a flag that is no list is given once")
  func repeated() async throws {
    #expect(
      try await mistake(flags: ["port": ["1", "2"]])
        == "setting 'port' from flag --port: found '1 2', wanted one value")
  }

  @Test("a secret is refused wherever others can read it, and never shown")
  func misplaced() async throws {
    #expect(
      try await mistake(flags: ["encryption-key": ["CANARY"]])
        == """
        setting 'encryption-key' from flag --encryption-key: found a secret, \
        wanted it in the environment variable KEYWRIGHT_ENCRYPTION_KEY
        """
    )
    let inFile = try await mistake(file: #"{"encryption_key": "CANARY"}"#)
    #expect(inFile?.contains("found a secret") == true)
    #expect(inFile?.contains("CANARY") == false)
  }

  @Test(
    "what a URL may hide is not shown",
    arguments: [
      "https://user:CANARY@k.example.com", "https://k.example.com?token=CANARY",
      "https://k.example.com/#CANARY", "user:CANARY@k.example.com",
      "https://u:p?CANARY@k.example.com",
      "https://k.example.com/?a=b@CANARY",
    ])
  func hidden(text: String) async throws {
    let mistake = try await mistake(["PUBLIC_URL": text])
    #expect(mistake?.contains("CANARY") == false)
    #expect(mistake?.contains("…") == true)
  }

  @Test("an error is one line, and not longer than a screen")
  func oneLine() async throws {
    let text = "\n\u{1B}[2J" + String(repeating: "x", count: 10_000)
    let mistake = try #require(try await mistake(["PORT": text]))
    #expect(mistake.utf8.allSatisfy { $0 >= 0x20 })
    #expect(mistake.count < 300)
  }

  @Test(
    "a file is one JSON object that can be read",
    arguments: [
      ("", "a file of JSON, which this is not"), ("[]", "a file of one JSON object"),
      (#"{"port": 1,}"#, "which this is not"), (#"{"port": 1, "port": 2}"#, "which this is not"),
      ("port: 1", "which this is not"),
    ])
  func json(text: String, wanted: String) async throws {
    let mistake = try await mistake(file: text)
    #expect(mistake?.hasPrefix("setting 'config' from flag --config: found 'FILE', ") == true)
    #expect(mistake?.contains(wanted) == true)
  }

  @Test(
    "a file that is not there is an error, by the place that names it",
    arguments: [
      "/nowhere/x.json", "/tmp",
    ])
  func missing(path: String) async throws {
    #expect(
      try await mistake(["CONFIG": path])
        == """
        setting 'config' from environment variable KEYWRIGHT_CONFIG: found \
        '\(path)', wanted the path of a JSON file that can be read
        """
    )
  }
}
