import KeywrightCrypto
import Testing

@Suite("AES-256-GCM, forged")
struct AESGCMForgeryTests {
  let keyBytes: [UInt8]
  let key: AESGCM
  let nonce: [UInt8]
  let additional = Array("what it is bound to".utf8)
  let sealed: [UInt8]

  init() throws {
    keyBytes = try randomBytes(32)
    key = try AESGCM(key: keyBytes)
    nonce = try randomBytes(12)
    sealed = try key.seal(
      Array("a flow's state".utf8), nonce: nonce, authenticating: additional)
  }

  @Test("unchanged, it opens")
  func unchanged() throws {
    #expect(
      try key.open(sealed, nonce: nonce, authenticating: additional)
        == Array("a flow's state".utf8))
  }

  @Test("one flipped bit of the ciphertext opens nothing")
  func ciphertext() throws {
    for changed in flippedBits(of: sealed.dropLast(16)) {
      #expect(
        try key.open(changed + sealed.suffix(16), nonce: nonce, authenticating: additional) == nil)
    }
  }

  @Test("one flipped bit of the tag opens nothing")
  func tag() throws {
    for changed in flippedBits(of: sealed.suffix(16)) {
      #expect(
        try key.open(sealed.dropLast(16) + changed, nonce: nonce, authenticating: additional) == nil
      )
    }
  }

  @Test("one flipped bit of the nonce opens nothing")
  func otherNonce() throws {
    for changed in flippedBits(of: nonce) {
      #expect(try key.open(sealed, nonce: changed, authenticating: additional) == nil)
    }
  }

  @Test("one flipped bit of the additional data opens nothing")
  func otherAdditional() throws {
    for changed in flippedBits(of: additional) {
      #expect(try key.open(sealed, nonce: nonce, authenticating: changed) == nil)
    }
  }

  @Test("one flipped bit of the key opens nothing")
  func otherKey() throws {
    for changed in flippedBits(of: keyBytes) {
      #expect(
        try AESGCM(key: changed).open(sealed, nonce: nonce, authenticating: additional) == nil)
    }
  }

  @Test("one flipped bit of the tag of an empty text opens nothing")
  func emptyText() throws {
    for changed in flippedBits(of: try key.seal([], nonce: nonce)) {
      #expect(try key.open(changed, nonce: nonce) == nil)
    }
  }

  @Test("without the additional data it opens nothing")
  func withoutAdditional() throws {
    #expect(try key.open(sealed, nonce: nonce) == nil)
  }

  @Test("a beginning of it, shorter than the tag or not, opens nothing")
  func beginning() throws {
    for count in 0..<sealed.count {
      #expect(
        try key.open(Array(sealed.prefix(count)), nonce: nonce, authenticating: additional) == nil)
    }
  }

  @Test("with a byte more it opens nothing")
  func longer() throws {
    #expect(try key.open(sealed + [0], nonce: nonce, authenticating: additional) == nil)
  }
}
