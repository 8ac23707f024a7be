internal import COpenSSL

/// The digest of some bytes, of any number.
///
/// - Source: RFC 1321 for MD5, FIPS 180-4 for the others
/// - Complexity: O(n)
package func digest(_ bytes: [UInt8], _ algorithm: DigestAlgorithm) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { buffer, count in
    let done = EVP_Digest(
      bytes, bytes.count, buffer.baseAddress, nil, algorithm.fetched.pointer, nil)
    precondition(done == 1, "a digest of bytes in memory does not fail")
    count = algorithm.byteCount
  }
}
