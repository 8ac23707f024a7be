import KeywrightCrypto
import Testing

@Suite("Crypto failure")
struct CryptoFailureTests {
  @Test("a key of a wrong length: the error says what is wanted and what was found")
  func key() {
    let failure = #expect(throws: CryptoFailure.self) {
      try AESGCM(key: [UInt8](repeating: 0, count: 31))
    }
    #expect(failure?.description == "AES-256 takes a key of 32 bytes, not of 31")
  }

  @Test("a nonce of a wrong length: the error says what is wanted and what was found")
  func nonce() throws {
    let key = try AESGCM(key: [UInt8](repeating: 0, count: 32))
    let failure = #expect(throws: CryptoFailure.self) { try key.seal([], nonce: [1]) }
    #expect(failure?.description == "AES-GCM takes a nonce of 12 bytes, not of 1")
  }
}
