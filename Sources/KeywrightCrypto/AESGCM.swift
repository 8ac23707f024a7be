internal import COpenSSL

/// AES-256 in Galois/counter mode: what is sealed is secret, and can't be changed unseen.
///
/// - Source: NIST SP 800-38D, with a nonce of 96 bits and a tag of 128
package struct AESGCM: Sendable {
  /// Unit: bytes.
  package static let keyByteCount = 32
  /// Unit: bytes.
  package static let nonceByteCount = 12
  /// Unit: bytes.
  package static let tagByteCount = 16

  private let key: [UInt8]

  /// Takes a key.
  /// - Throws: ``CryptoFailure`` where it is not 32 bytes long.
  package init(key: [UInt8]) throws(CryptoFailure) {
    guard key.count == Self.keyByteCount else {
      throw CryptoFailure("AES-256 takes a key of 32 bytes, not of \(key.count)")
    }
    self.key = key
  }

  /// The ciphertext, followed by the tag.
  ///
  /// - Parameters:
  ///   - nonce: 12 bytes, never used twice under one key.
  ///   - additional: bytes that are bound to the ciphertext and not part of it.
  package func seal(
    _ plaintext: [UInt8], nonce: [UInt8], authenticating additional: [UInt8] = []
  ) throws(CryptoFailure) -> [UInt8] {
    let length = try Self.check(plaintext, nonce, additional)
    guard let context = EVP_CIPHER_CTX_new() else { throw .drained("AES-GCM") }
    defer { EVP_CIPHER_CTX_free(context) }
    var isDone = false
    let sealed = [UInt8](
      unsafeUninitializedCapacity: plaintext.count + Self.tagByteCount
    ) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      var written: Int32 = 0
      isDone =
        EVP_EncryptInit_ex2(context, Algorithm.aes256GCM.pointer, key, nonce, nil) == 1
        && (additional.isEmpty
          || EVP_EncryptUpdate(context, nil, &written, additional, Int32(additional.count)) == 1)
        && (plaintext.isEmpty
          || EVP_EncryptUpdate(context, start, &written, plaintext, length) == 1)
        && EVP_EncryptFinal_ex(context, start + plaintext.count, &written) == 1
        && EVP_CIPHER_CTX_ctrl(
          context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagByteCount), start + plaintext.count) == 1
      count = isDone ? buffer.count : 0
    }
    guard isDone else { throw .drained("AES-GCM seal") }
    return sealed
  }

  /// The plaintext; nil where the tag does not match, or nothing could have been sealed.
  package func open(
    _ sealed: [UInt8], nonce: [UInt8], authenticating additional: [UInt8] = []
  ) throws(CryptoFailure) -> [UInt8]? {
    guard sealed.count >= Self.tagByteCount else { return nil }
    let ciphertext = Array(sealed.dropLast(Self.tagByteCount))
    var tag = Array(sealed.suffix(Self.tagByteCount))
    let length = try Self.check(ciphertext, nonce, additional)
    guard let context = EVP_CIPHER_CTX_new() else { throw .drained("AES-GCM") }
    defer { EVP_CIPHER_CTX_free(context) }
    var isReady = false
    var isAuthentic = false
    let plaintext = [UInt8](unsafeUninitializedCapacity: max(ciphertext.count, 1)) {
      buffer, count in
      guard let start = buffer.baseAddress else { return }
      var written: Int32 = 0
      isReady =
        EVP_DecryptInit_ex2(context, Algorithm.aes256GCM.pointer, key, nonce, nil) == 1
        && (additional.isEmpty
          || EVP_DecryptUpdate(context, nil, &written, additional, Int32(additional.count)) == 1)
        && (ciphertext.isEmpty
          || EVP_DecryptUpdate(context, start, &written, ciphertext, length) == 1)
        && EVP_CIPHER_CTX_ctrl(
          context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagByteCount), &tag) == 1
      isAuthentic =
        isReady && EVP_DecryptFinal_ex(context, start + ciphertext.count, &written) == 1
      count = isAuthentic ? ciphertext.count : 0
    }
    guard isReady else { throw .drained("AES-GCM open") }
    // A tag that does not match leaves its reason on the queue.
    if !isAuthentic { ERR_clear_error() }
    return isAuthentic ? plaintext : nil
  }

  private static func check(
    _ text: [UInt8], _ nonce: [UInt8], _ additional: [UInt8]
  ) throws(CryptoFailure) -> Int32 {
    guard nonce.count == nonceByteCount else {
      throw CryptoFailure("AES-GCM takes a nonce of 12 bytes, not of \(nonce.count)")
    }
    guard let length = Int32(exactly: text.count), additional.count <= Int32.max else {
      throw CryptoFailure("AES-GCM takes at most 2 GiB")
    }
    return length
  }
}

extension AESGCM: CustomStringConvertible, CustomReflectable {
  /// The algorithm's name.
  package var description: String { "<AES-256-GCM key>" }

  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
