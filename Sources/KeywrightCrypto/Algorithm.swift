internal import COpenSSL

/// An algorithm that is fetched once: an implicit fetch costs more than a short digest.
///
/// `@unchecked`: the object is immutable, and OpenSSL shares it between threads.
struct Algorithm: @unchecked Sendable {
  let pointer: OpaquePointer

  static let md5 = digest("MD5")
  static let sha1 = digest("SHA1")
  static let sha256 = digest("SHA256")
  static let sha512 = digest("SHA512")
  static let aes256GCM = taken(EVP_CIPHER_fetch(nil, "AES-256-GCM", nil), "AES-256-GCM")

  private static func digest(_ name: String) -> Algorithm {
    taken(EVP_MD_fetch(nil, name, nil), name)
  }

  /// A libcrypto without these algorithms is broken; no caller could go on.
  private static func taken(_ pointer: OpaquePointer?, _ name: String) -> Algorithm {
    guard let pointer else {
      preconditionFailure("libcrypto has no \(name): \(CryptoFailure.drained(name))")
    }
    return Algorithm(pointer: pointer)
  }
}
