internal import COpenSSL

extension AESGCM {
  /// The ciphertext, followed by the tag: 16 bytes more than the plaintext.
  ///
  /// - Parameters:
  ///   - plaintext: less than 2 GiB.
  ///   - nonce: 12 bytes, never used twice under one key.
  ///   - additional: bytes that are bound to the ciphertext and not part of it; less than 2 GiB.
  /// - Throws: ``CryptoFailure`` where a length is none of these.
  /// - Complexity: O(n)
  package func seal(
    _ plaintext: [UInt8], nonce: [UInt8], authenticating additional: [UInt8] = []
  ) throws(CryptoFailure) -> [UInt8] {
    let lengths = try Lengths(
      text: plaintext.count, nonce: nonce.count, additional: additional.count)
    guard let context = EVP_CIPHER_CTX_new() else { throw .drained("AES-GCM") }
    defer { EVP_CIPHER_CTX_free(context) }
    var isDone = false
    let sealed = [UInt8](
      unsafeUninitializedCapacity: plaintext.count + Self.tagByteCount
    ) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      let tag = start + plaintext.count
      var written: Int32 = 0
      isDone =
        EVP_EncryptInit_ex2(context, cipher.pointer, key, nonce, nil) == 1
        && (additional.isEmpty
          || EVP_EncryptUpdate(context, nil, &written, additional, lengths.additional) == 1)
        && (plaintext.isEmpty
          || EVP_EncryptUpdate(context, start, &written, plaintext, lengths.text) == 1)
        && EVP_EncryptFinal_ex(context, tag, &written) == 1
        && EVP_CIPHER_CTX_ctrl(
          context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagByteCount), tag) == 1
      count = isDone ? plaintext.count + Self.tagByteCount : 0
    }
    guard isDone else { throw .drained("AES-GCM seal") }
    return sealed
  }
}
