/// Every array that differs from this one in one bit.
func flippedBits(of bytes: [UInt8]) -> [[UInt8]] {
  (0..<bytes.count * 8).map { bit in
    var copy = bytes
    copy[bit / 8] ^= 1 << UInt8(bit % 8)
    return copy
  }
}
