internal import COpenSSL

/// A cipher as libcrypto has it, fetched once.
///
/// `@unchecked`: the object is immutable, OpenSSL shares it between threads, and it is never freed.
struct FetchedCipher: @unchecked Sendable {
  let pointer: OpaquePointer

  /// A failure where the process's `openssl.cnf` leaves AES-256-GCM out. Unlike a digest it is taken
  /// from nowhere else: what protects our own secrets follows the machine's policy.
  static let aes256GCM: Result<FetchedCipher, CryptoFailure> =
    if let pointer = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil) {
      .success(FetchedCipher(pointer: pointer))
    } else {
      .failure(.drained("this process's OpenSSL has no AES-256-GCM"))
    }
}
