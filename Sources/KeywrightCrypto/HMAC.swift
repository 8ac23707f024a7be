internal import COpenSSL

/// The HMAC of a message under a key, of any length each.
///
/// - Source: RFC 2104; by the one-shot interface, which copies the key
package func authenticationCode(
  for message: [UInt8], key: [UInt8], _ algorithm: DigestAlgorithm
) -> [UInt8] {
  // The interface takes the key's length as an `int`; a key longer than a block is replaced by its digest
  // anyway (RFC 2104 §2), so that is done here for any key that could be too long.
  let key = key.count > 128 ? digest(key, algorithm) : key
  return [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { buffer, count in
    let code = HMAC(
      algorithm.algorithm.pointer, key, Int32(key.count), message, message.count,
      buffer.baseAddress, nil)
    precondition(code != nil, "an HMAC of bytes in memory does not fail")
    count = algorithm.byteCount
  }
}

/// Whether both hold the same bytes, in time that depends on their lengths alone.
package func isEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
  one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
}
