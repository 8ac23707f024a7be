internal import COpenSSL

/// Whether both hold the same bytes, in time that depends on their lengths alone.
///
/// - Complexity: O(n), wherever they first differ
package func isEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
  one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
}
