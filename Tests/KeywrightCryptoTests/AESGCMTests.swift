import KeywrightCrypto
import Testing

@Suite("AES-256-GCM")
struct AESGCMTests {
  let key: AESGCM
  let nonce = [UInt8](10...21)
  let additional = Array("what it is bound to".utf8)

  init() throws {
    key = try AESGCM(key: [UInt8](0..<32))
  }

  @Test(
    "what is sealed is the published ciphertext and tag",
    arguments: try Vector.all(of: "aes-256-gcm"))
  func sealing(_ vector: Vector) throws {
    let sealed = try AESGCM(key: vector.key).seal(
      vector.message, nonce: vector.nonce, authenticating: vector.additional)
    #expect(sealed == vector.expected)
  }

  @Test("the published ciphertext and tag open", arguments: try Vector.all(of: "aes-256-gcm"))
  func opening(_ vector: Vector) throws {
    let plaintext = try AESGCM(key: vector.key).open(
      vector.expected, nonce: vector.nonce, authenticating: vector.additional)
    #expect(plaintext == vector.message)
  }

  @Test("test cases 13, 14 and 16 are published")
  func coverage() throws {
    #expect(
      try Vector.all(of: "aes-256-gcm").map(\.name)
        == ["GCM test case 13", "GCM test case 14", "GCM test case 16"])
  }

  @Test("texts and additional data of every length up to 70 bytes come back")
  func lengths() throws {
    for count in 0...70 {
      let (text, bound) = (
        [UInt8](repeating: 1, count: count), [UInt8](repeating: 2, count: 70 - count)
      )
      let sealed = try key.seal(text, nonce: nonce, authenticating: bound)
      #expect(try key.open(sealed, nonce: nonce, authenticating: bound) == text)
    }
  }

  @Test("a million bytes come back")
  func long() throws {
    let text = [UInt8](repeating: 3, count: 1_000_000)
    #expect(try key.open(key.seal(text, nonce: nonce), nonce: nonce) == text)
  }

  @Test("what is sealed is 16 bytes longer than the text", arguments: [0, 1, 16, 17, 1000])
  func overhead(_ count: Int) throws {
    #expect(try key.seal([UInt8](repeating: 0, count: count), nonce: nonce).count == count + 16)
  }

  @Test("many threads share one key")
  func threads() async throws {
    let texts = (0..<200).map { [UInt8](repeating: UInt8($0), count: $0) }
    let opened = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      for text in texts {
        group.addTask { try key.open(key.seal(text, nonce: nonce), nonce: nonce) }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(opened == Set(texts))
  }
}
