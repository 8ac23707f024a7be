internal import COpenSSL

/// The digests that providers use. MD5 and SHA-1 are theirs, never ours.
package enum DigestAlgorithm: String, Sendable, CaseIterable {
  case md5, sha1, sha256, sha512

  /// The length of a digest. Unit: bytes.
  package var byteCount: Int {
    switch self {
    case .md5: 16
    case .sha1: 20
    case .sha256: 32
    case .sha512: 64
    }
  }

  var algorithm: Algorithm {
    switch self {
    case .md5: .md5
    case .sha1: .sha1
    case .sha256: .sha256
    case .sha512: .sha512
    }
  }
}

/// The digest of some bytes.
///
/// - Source: RFC 1321 for MD5, FIPS 180-4 for the others
/// - Complexity: O(n)
package func digest(_ bytes: [UInt8], _ algorithm: DigestAlgorithm) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { buffer, count in
    let done = EVP_Digest(
      bytes, bytes.count, buffer.baseAddress, nil, algorithm.algorithm.pointer, nil)
    precondition(done == 1, "a digest of bytes in memory does not fail")
    count = algorithm.byteCount
  }
}
