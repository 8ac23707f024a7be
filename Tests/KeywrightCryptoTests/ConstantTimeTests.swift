import KeywrightCrypto
import Testing

@Suite("Constant-time comparison")
struct ConstantTimeTests {
  let bytes: [UInt8] = (0..<64).map { $0 &* 7 }

  @Test("the same bytes are equal")
  func same() {
    #expect(isEqualInConstantTime(bytes, bytes.map { $0 }))
  }

  @Test("one flipped bit anywhere makes unequal")
  func flipped() {
    #expect(flippedBits(of: bytes).allSatisfy { !isEqualInConstantTime(bytes, $0) })
  }

  @Test("a beginning is not equal to the whole")
  func beginning() {
    #expect((0..<64).allSatisfy { !isEqualInConstantTime(Array(bytes.prefix($0)), bytes) })
  }

  @Test("what goes on after the whole is not equal to it")
  func longer() {
    #expect(!isEqualInConstantTime(bytes + [0], bytes))
  }

  @Test("nothing is equal to nothing")
  func nothing() {
    #expect(isEqualInConstantTime([], []))
  }
}
