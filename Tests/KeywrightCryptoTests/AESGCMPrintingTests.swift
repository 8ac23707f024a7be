import KeywrightCrypto
import Testing

/// A key shows nothing of itself: what is printed is the same for every key.
@Suite("AES-256-GCM, printed")
struct AESGCMPrintingTests {
  struct Holder {
    let key: AESGCM
    let other: AESGCM?
  }

  enum Choice { case held(AESGCM) }

  /// All that Swift prints of a value, by the way it is asked.
  static func texts(of value: Any) -> [String: String] {
    var (dumped, printed, debugged) = ("", "", "")
    dump(value, to: &dumped)
    print(value, to: &printed)
    debugPrint(value, to: &debugged)
    return [
      "description": "\(value)", "String(describing:)": String(describing: value),
      "String(reflecting:)": String(reflecting: value), "dump": dumped, "print": printed,
      "debugPrint": debugged,
    ]
  }

  static func containers(of byte: UInt8) throws -> [String: Any] {
    let key = try AESGCM(key: [UInt8](repeating: byte, count: 32))
    return [
      "itself": key, "an array": [key], "a dictionary": ["key": key],
      "an optional": Optional(key) as Any, "a struct": Holder(key: key, other: key),
      "a tuple": (key, 1), "an enum": Choice.held(key),
      "a result": Result<AESGCM, CryptoFailure>.success(key),
    ]
  }

  static let names = [
    "itself", "an array", "a dictionary", "an optional", "a struct", "a tuple", "an enum",
    "a result",
  ]

  @Test("every key prints as every other does", arguments: names)
  func same(_ name: String) throws {
    let one = try #require(try Self.containers(of: 171)[name])
    let other = try #require(try Self.containers(of: 205)[name])
    #expect(Self.texts(of: one) == Self.texts(of: other))
  }

  @Test("no byte of a key is printed, decimal or hexadecimal", arguments: names)
  func bytes(_ name: String) throws {
    let value = try #require(try Self.containers(of: 171)[name])
    for (way, text) in Self.texts(of: value) {
      #expect(!text.contains("171") && !text.lowercased().contains("abab"), "\(way): \(text)")
    }
  }

  @Test("a mirror has no children")
  func mirror() throws {
    let key = try AESGCM(key: [UInt8](repeating: 171, count: 32))
    #expect(Mirror(reflecting: key).children.isEmpty)
  }

  @Test("a refused key is not in the error")
  func refused() throws {
    let failure = try #require(throws: CryptoFailure.self) {
      try AESGCM(key: [UInt8](repeating: 171, count: 31))
    }
    #expect(Self.texts(of: failure).values.allSatisfy { !$0.contains("171") })
  }
}
