internal import COpenSSL

extension AESGCM {
  /// The plaintext; nil where the tag does not match, or nothing could have been sealed.
  ///
  /// - Parameters:
  ///   - sealed: ciphertext and tag, as ``seal(_:nonce:authenticating:)`` gave them.
  ///   - nonce: the 12 bytes that it was sealed with.
  ///   - additional: the bytes that it was bound to.
  /// - Throws: ``CryptoFailure`` where the nonce is not 12 bytes long, or 2 GiB are reached.
  /// - Complexity: O(n)
  package func open(
    _ sealed: [UInt8], nonce: [UInt8], authenticating additional: [UInt8] = []
  ) throws(CryptoFailure) -> [UInt8]? {
    let textCount = max(sealed.count - Self.tagByteCount, 0)
    let lengths = try Lengths(text: textCount, nonce: nonce.count, additional: additional.count)
    guard sealed.count >= Self.tagByteCount else { return nil }
    guard let context = EVP_CIPHER_CTX_new() else { throw .drained("AES-GCM") }
    defer { EVP_CIPHER_CTX_free(context) }
    var tag = Array(sealed[textCount...])
    var isReady = false
    var isAuthentic = false
    let plaintext = [UInt8](unsafeUninitializedCapacity: max(textCount, 1)) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      var written: Int32 = 0
      isReady =
        EVP_DecryptInit_ex2(context, cipher.pointer, key, nonce, nil) == 1
        && (additional.isEmpty
          || EVP_DecryptUpdate(context, nil, &written, additional, lengths.additional) == 1)
        && (textCount == 0
          || EVP_DecryptUpdate(context, start, &written, sealed, lengths.text) == 1)
        && EVP_CIPHER_CTX_ctrl(
          context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagByteCount), &tag) == 1
      isAuthentic = isReady && EVP_DecryptFinal_ex(context, start + textCount, &written) == 1
      // What no tag vouches for is not left in memory either.
      if !isAuthentic { OPENSSL_cleanse(start, textCount) }
      count = isAuthentic ? textCount : 0
    }
    guard isReady else { throw .drained("AES-GCM open") }
    // A tag that does not match may leave its reason on the queue.
    if !isAuthentic { ERR_clear_error() }
    return isAuthentic ? plaintext : nil
  }
}
