internal import COpenSSL

/// What is stored of a password: 32 bytes that take a tenth of a second and 32 MB to make (scrypt, N = 2¹⁵, r = 8).
///
/// - Source: RFC 7914
/// - Throws: ``CryptoFailure`` where there is no memory for it.
package func passwordDigest(_ password: [UInt8], salt: [UInt8]) throws(CryptoFailure) -> [UInt8] {
  var isDone: Int32 = 0
  let characters = password.map { CChar(bitPattern: $0) }
  let bytes = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
    isDone = EVP_PBE_scrypt(
      characters, characters.count, salt, salt.count, 1 << 15, 8, 1, 64 << 20, buffer.baseAddress,
      32)
    count = isDone == 1 ? 32 : 0
  }
  guard isDone == 1 else { throw CryptoFailure.drained("a password's digest") }
  return bytes
}
