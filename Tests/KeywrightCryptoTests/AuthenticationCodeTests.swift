import KeywrightCrypto
import Testing

@Suite("Authentication code")
struct AuthenticationCodeTests {
  static func vectors() throws -> [Vector] {
    try DigestAlgorithm.allCases.flatMap { try Vector.all(of: "hmac-\($0.rawValue)") }
  }

  @Test("an HMAC is the published one", arguments: try vectors())
  func published(_ vector: Vector) throws {
    let name = String(vector.algorithm.dropFirst("hmac-".count))
    let algorithm = try #require(DigestAlgorithm(rawValue: name))
    #expect(
      authenticationCode(for: vector.message, key: vector.key, algorithm) == vector.expected)
  }

  @Test(
    "six cases of an RFC are published for every digest", arguments: DigestAlgorithm.allCases)
  func coverage(_ algorithm: DigestAlgorithm) throws {
    let vectors = try Vector.all(of: "hmac-\(algorithm.rawValue)")
    #expect(vectors.filter { $0.source.hasPrefix("RFC ") }.count >= 6)
  }

  /// HMAC as RFC 2104 §2 spells it, over the digest alone.
  static func spelledOut(
    _ message: [UInt8], key: [UInt8], _ algorithm: DigestAlgorithm
  ) -> [UInt8] {
    let blockByteCount = algorithm == .sha512 ? 128 : 64
    let short = key.count > blockByteCount ? digest(key, algorithm) : key
    let block = short + [UInt8](repeating: 0, count: blockByteCount - short.count)
    let inner = digest(block.map { $0 ^ 0x36 } + message, algorithm)
    return digest(block.map { $0 ^ 0x5c } + inner, algorithm)
  }

  @Test(
    "keys of every length up to 300 bytes do what RFC 2104 spells out",
    arguments: DigestAlgorithm.allCases)
  func keyLengths(_ algorithm: DigestAlgorithm) {
    let message = Array("a message".utf8)
    let wrong = (0...300).filter { count in
      let key = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 1) }
      return authenticationCode(for: message, key: key, algorithm)
        != Self.spelledOut(message, key: key, algorithm)
    }
    #expect(wrong == [])
  }

  @Test("an empty message has a code", arguments: DigestAlgorithm.allCases)
  func emptyMessage(_ algorithm: DigestAlgorithm) {
    #expect(
      authenticationCode(for: [], key: [1], algorithm) == Self.spelledOut([], key: [1], algorithm))
  }

  @Test("an empty key has a code", arguments: DigestAlgorithm.allCases)
  func emptyKey(_ algorithm: DigestAlgorithm) {
    #expect(
      authenticationCode(for: [1], key: [], algorithm) == Self.spelledOut([1], key: [], algorithm))
  }
}
