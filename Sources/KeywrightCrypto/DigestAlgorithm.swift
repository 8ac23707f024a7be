/// The digests that providers use. MD5 and SHA-1 are theirs, never ours.
package enum DigestAlgorithm: String, Sendable, CaseIterable {
  case md5, sha1, sha256, sha512

  /// The length of a digest, and of an HMAC by it. Unit: bytes.
  ///
  /// - Source: RFC 1321 for MD5, FIPS 180-4 for the others
  package var byteCount: Int {
    switch self {
    case .md5: 16
    case .sha1: 20
    case .sha256: 32
    case .sha512: 64
    }
  }
}
