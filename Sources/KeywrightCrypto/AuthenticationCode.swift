internal import COpenSSL

/// The HMAC of a message under a key, of any length each; the key may be empty.
///
/// - Source: RFC 2104
/// - Complexity: O(n) in the lengths of both
package func authenticationCode(
  for message: [UInt8], key: [UInt8], _ algorithm: DigestAlgorithm
) -> [UInt8] {
  let fetched = algorithm.fetched
  // No key could mean "the key that was set before". HMAC fills a short key up with zeros, so one
  // zero is the same key.
  let key = key.isEmpty ? [0] : key
  return [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { buffer, count in
    let code = EVP_Q_mac(
      fetched.library, "HMAC", nil, EVP_MD_get0_name(fetched.pointer), nil, key, key.count,
      message, message.count, buffer.baseAddress, buffer.count, &count)
    precondition(code != nil, "an HMAC of bytes in memory does not fail")
  }
}
