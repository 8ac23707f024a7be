import KeywrightCrypto
import Testing

@Suite("Digest")
struct DigestTests {
  static func vectors() throws -> [Vector] {
    try DigestAlgorithm.allCases.flatMap { try Vector.all(of: $0.rawValue) }
  }

  @Test("a digest is the published one", arguments: try vectors())
  func published(_ vector: Vector) throws {
    let algorithm = try #require(DigestAlgorithm(rawValue: vector.algorithm))
    #expect(digest(vector.message, algorithm) == vector.expected)
  }

  @Test(
    "'abc', nothing and a million bytes are published for every digest",
    arguments: DigestAlgorithm.allCases)
  func coverage(_ algorithm: DigestAlgorithm) throws {
    let counts = Set(try Vector.all(of: algorithm.rawValue).map(\.message.count))
    #expect(counts.isSuperset(of: [0, 3, 1_000_000]))
  }

  @Test("a digest is as long as its algorithm says", arguments: DigestAlgorithm.allCases)
  func length(_ algorithm: DigestAlgorithm) {
    #expect(digest([1, 2, 3], algorithm).count == algorithm.byteCount)
  }

  @Test("many threads at once get what one gets alone")
  func threads() async {
    let texts = (0..<200).map { [UInt8](repeating: UInt8($0), count: $0) }
    let found = await withTaskGroup(of: [UInt8].self) { group in
      for text in texts { group.addTask { digest(text, .sha256) } }
      return await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(found == Set(texts.map { digest($0, .sha256) }))
  }
}
