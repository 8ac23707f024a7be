internal import COpenSSL

/// A digest as libcrypto has it, fetched once: an implicit fetch costs more than a short digest.
///
/// `@unchecked`: both objects are immutable, OpenSSL shares them between threads, and they are
/// never freed.
struct FetchedDigest: @unchecked Sendable {
  let pointer: OpaquePointer

  /// The library context that has the digest; nil is the process's own.
  let library: OpaquePointer?

  static let md5 = FetchedDigest("MD5")
  static let sha1 = FetchedDigest("SHA1")
  static let sha256 = FetchedDigest("SHA256")
  static let sha512 = FetchedDigest("SHA512")

  /// Takes the process's digest, which follows its `openssl.cnf`, and else the one built into libcrypto.
  ///
  /// A file that loads only some providers, or asks for FIPS 140, can hide a digest that a
  /// provider's protocol can't do without. Only a libcrypto built without it leaves nothing to take.
  private init(_ name: String) {
    if let pointer = EVP_MD_fetch(nil, name, nil) {
      (self.pointer, library) = (pointer, nil)
      return
    }
    let builtIn = OSSL_LIB_CTX_new()
    guard let builtIn, let pointer = EVP_MD_fetch(builtIn, name, nil) else {
      preconditionFailure("this libcrypto was built without \(CryptoFailure.drained(name))")
    }
    ERR_clear_error()
    (self.pointer, library) = (pointer, builtIn)
  }
}

extension DigestAlgorithm {
  /// What libcrypto has for it.
  var fetched: FetchedDigest {
    switch self {
    case .md5: .md5
    case .sha1: .sha1
    case .sha256: .sha256
    case .sha512: .sha512
    }
  }
}
