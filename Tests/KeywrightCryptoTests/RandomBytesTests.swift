import KeywrightCrypto
import Testing

@Suite("Random bytes")
struct RandomBytesTests {
  @Test("there are as many as asked for", arguments: [0, 1, 12, 32, 33, 100_000])
  func count(_ count: Int) throws {
    #expect(try randomBytes(count).count == count)
  }

  @Test(
    "a number out of range is an error", arguments: [Int.min, -1, 1 << 31, 1 << 32 + 32, Int.max])
  func range(_ count: Int) {
    #expect(throws: CryptoFailure.self) { try randomBytes(count) }
  }

  @Test("100,000 values of 32 bytes hold no value twice")
  func unique() throws {
    var seen: Set<[UInt8]> = []
    for _ in 0..<100_000 { seen.insert(try randomBytes(32)) }
    #expect(seen.count == 100_000)
  }

  @Test("every byte comes as often as every other, in 100,000 values of 32 bytes")
  func frequencies() throws {
    var counts = [Int](repeating: 0, count: 256)
    for _ in 0..<100_000 {
      for byte in try randomBytes(32) { counts[Int(byte)] += 1 }
    }
    let mean = 3_200_000.0 / 256
    let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) / mean }
    // With 255 degrees of freedom it is outside of this once in 700 million runs.
    #expect((140...415).contains(chiSquare))
  }
}
