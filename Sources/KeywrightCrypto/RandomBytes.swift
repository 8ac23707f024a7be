internal import COpenSSL

/// Bytes that nobody can guess, from a generator that the system's random source seeds.
///
/// - Parameter count: how many. Unit: bytes. 0 to 2³¹ − 1.
/// - Throws: ``CryptoFailure`` where the number is out of range, or the source gives none.
/// - Complexity: O(n)
package func randomBytes(_ count: Int) throws(CryptoFailure) -> [UInt8] {
  guard let length = Int32(exactly: count), length >= 0 else {
    throw CryptoFailure("\(count) random bytes are out of range")
  }
  var done: Int32 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    done = length == 0 ? 1 : RAND_bytes(buffer.baseAddress, length)
    initialized = done == 1 ? count : 0
  }
  guard done == 1 else { throw CryptoFailure.drained("random bytes") }
  return bytes
}
