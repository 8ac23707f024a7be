import KeywrightCrypto
import Testing

@Suite("AES-256-GCM, lengths")
struct AESGCMLengthTests {
  /// More bytes than OpenSSL takes at once. They are reserved and never touched.
  static let tooMany = [UInt8](unsafeUninitializedCapacity: 1 << 31 + 64) { $1 = 1 << 31 + 64 }

  let key: AESGCM
  let nonce = [UInt8](repeating: 0, count: 12)

  init() throws {
    key = try AESGCM(key: [UInt8](repeating: 0, count: 32))
  }

  @Test("a key that is not 32 bytes long is an error", arguments: [0, 1, 16, 24, 31, 33, 64])
  func keys(_ count: Int) {
    #expect(throws: CryptoFailure.self) { try AESGCM(key: [UInt8](repeating: 0, count: count)) }
  }

  @Test("a nonce that is not 12 bytes long seals nothing", arguments: [0, 1, 11, 13, 16])
  func noncesToSeal(_ count: Int) {
    #expect(throws: CryptoFailure.self) {
      try key.seal([1], nonce: [UInt8](repeating: 0, count: count))
    }
  }

  @Test(
    "a nonce that is not 12 bytes long is an error to open with", arguments: [0, 1, 11, 13, 16])
  func noncesToOpen(_ count: Int) {
    #expect(throws: CryptoFailure.self) {
      try key.open(
        [UInt8](repeating: 0, count: 32), nonce: [UInt8](repeating: 0, count: count))
    }
  }

  @Test("a text of 2 GiB is an error to seal")
  func longText() {
    #expect(throws: CryptoFailure.self) { try key.seal(Self.tooMany, nonce: nonce) }
  }

  @Test("additional data of 2 GiB are an error to seal with")
  func longAdditional() {
    #expect(throws: CryptoFailure.self) {
      try key.seal([1], nonce: nonce, authenticating: Self.tooMany)
    }
  }

  @Test("2 GiB are an error to open")
  func longSealed() {
    #expect(throws: CryptoFailure.self) { try key.open(Self.tooMany, nonce: nonce) }
  }
}
