import KeywrightCrypto
import Testing

@Suite("Digests and HMAC")
struct HashTests {
  @Test("published vectors", arguments: Vectors.rows("hashes.tsv"))
  func vectors(_ row: [String]) throws {
    let algorithm = try #require(DigestAlgorithm(rawValue: row[1]))
    let (key, message) = (Vectors.bytes(row[2]), Vectors.bytes(row[3]))
    let found =
      row[0] == "digest"
      ? digest(message, algorithm) : authenticationCode(for: message, key: key, algorithm)
    #expect(found == Vectors.bytes(row[4]), "\(row[5])")
    #expect(found.count == algorithm.byteCount)
  }

  @Test("there are vectors of both, for each algorithm")
  func count() {
    let rows = Vectors.rows("hashes.tsv")
    for algorithm in DigestAlgorithm.allCases {
      for what in ["digest", "hmac"] {
        #expect(rows.contains { $0[0] == what && $0[1] == algorithm.rawValue })
      }
    }
  }

  @Test("a million bytes, against Python's hashlib")
  func long() {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    #expect(
      digest(bytes, .sha256)
        == Vectors.bytes("36d8612204e70e840d13eda28f71fdb28725faaba02ae27e3eae7b0770b03fe6"))
  }

  @Test("constant-time comparison compares")
  func comparison() {
    #expect(isEqualInConstantTime([], []))
    #expect(isEqualInConstantTime([1, 2], [1, 2]))
    #expect(!isEqualInConstantTime([1, 2], [1, 3]))
    #expect(!isEqualInConstantTime([1], [1, 1]))
  }
}

@Suite("AES-256-GCM")
struct AESGCMTests {
  @Test("published vectors, sealed and opened", arguments: Vectors.rows("aes-256-gcm.tsv"))
  func vectors(_ row: [String]) throws {
    let bytes = row.dropFirst().map(Vectors.bytes)
    let key = try AESGCM(key: bytes[0])
    let sealed = try key.seal(bytes[2], nonce: bytes[1], authenticating: bytes[3])
    #expect(sealed == bytes[4], "\(row[0])")
    #expect(try key.open(bytes[4], nonce: bytes[1], authenticating: bytes[3]) == bytes[2])
  }

  @Test("one flipped bit of ciphertext, tag, nonce or additional data opens nothing")
  func flippedBits() throws {
    let key = try AESGCM(key: try randomBytes(32))
    let (nonce, additional) = (try randomBytes(12), Array("additional".utf8))
    let sealed = try key.seal(
      Array("a flow's state".utf8), nonce: nonce, authenticating: additional)
    func flipped(_ bytes: [UInt8]) -> [[UInt8]] {
      (0..<bytes.count * 8).map { bit in
        var copy = bytes
        copy[bit / 8] ^= 1 << UInt8(bit % 8)
        return copy
      }
    }
    for changed in flipped(sealed) {
      #expect(try key.open(changed, nonce: nonce, authenticating: additional) == nil)
    }
    for changed in flipped(nonce) {
      #expect(try key.open(sealed, nonce: changed, authenticating: additional) == nil)
    }
    for changed in flipped(additional) {
      #expect(try key.open(sealed, nonce: nonce, authenticating: changed) == nil)
    }
    #expect(try key.open(sealed, nonce: nonce, authenticating: additional) != nil)
  }

  @Test("another key, and less than a tag, open nothing")
  func others() throws {
    let nonce = try randomBytes(12)
    let sealed = try AESGCM(key: try randomBytes(32)).seal([1, 2, 3], nonce: nonce)
    let other = try AESGCM(key: try randomBytes(32))
    #expect(try other.open(sealed, nonce: nonce) == nil)
    for count in 0..<16 {
      #expect(try other.open(Array(sealed.prefix(count)), nonce: nonce) == nil)
    }
  }

  @Test("keys and nonces of another length are errors", arguments: [0, 1, 11, 13, 16, 31, 33])
  func lengths(_ count: Int) throws {
    let bytes = [UInt8](repeating: 0, count: count)
    #expect(throws: CryptoFailure.self) { try AESGCM(key: bytes) }
    let key = try AESGCM(key: [UInt8](repeating: 0, count: 32))
    #expect(throws: CryptoFailure.self) { try key.seal([1], nonce: bytes) }
    #expect(throws: CryptoFailure.self) {
      try key.open([UInt8](repeating: 0, count: 32), nonce: bytes)
    }
  }

  @Test("the key is not printed")
  func printing() throws {
    let key = try AESGCM(key: [UInt8](repeating: 171, count: 32))
    var dumped = ""
    dump([key], to: &dumped)
    for text in ["\(key)", String(reflecting: key), "\([key])", "\(Optional(key) as Any)", dumped] {
      #expect(!text.contains("171"))
    }
  }
}

@Suite("Random bytes")
struct RandomTests {
  @Test("no value comes twice, and every byte as often as every other")
  func distribution() throws {
    var seen: Set<[UInt8]> = []
    var counts = [Int](repeating: 0, count: 256)
    for _ in 0..<10_000 {
      let bytes = try randomBytes(32)
      #expect(seen.insert(bytes).inserted)
      for byte in bytes { counts[Int(byte)] += 1 }
    }
    let mean = 320_000.0 / 256
    let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) / mean }
    // 255 degrees of freedom: outside of this once in more than a million runs.
    #expect((150...390).contains(chiSquare))
  }

  @Test("a number out of range is an error", arguments: [-1, Int.max])
  func range(_ count: Int) {
    #expect(throws: CryptoFailure.self) { try randomBytes(count) }
  }
}
