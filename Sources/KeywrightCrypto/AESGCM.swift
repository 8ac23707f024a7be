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

  let key: [UInt8]
  let cipher: FetchedCipher

  /// Takes a key.
  /// - Throws: ``CryptoFailure`` where it is not 32 bytes long, or the process has no AES-256-GCM.
  package init(key: [UInt8]) throws(CryptoFailure) {
    guard key.count == Self.keyByteCount else {
      throw CryptoFailure("AES-256 takes a key of 32 bytes, not of \(key.count)")
    }
    self.key = key
    cipher = try FetchedCipher.aes256GCM.get()
  }

  /// The lengths of a text and of what is bound to it, as OpenSSL takes them.
  struct Lengths {
    let text: Int32
    let additional: Int32

    /// - Throws: ``CryptoFailure`` where one does not fit, or the nonce is not 12 bytes long.
    init(text: Int, nonce: Int, additional: Int) throws(CryptoFailure) {
      guard nonce == AESGCM.nonceByteCount else {
        throw CryptoFailure("AES-GCM takes a nonce of 12 bytes, not of \(nonce)")
      }
      guard let text = Int32(exactly: text), let additional = Int32(exactly: additional) else {
        throw CryptoFailure("AES-GCM takes less than 2 GiB at once")
      }
      (self.text, self.additional) = (text, additional)
    }
  }
}

extension AESGCM: CustomStringConvertible, CustomReflectable {
  /// `<AES-256-GCM key>`, whatever it is.
  package var description: String { "<AES-256-GCM key>" }

  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
