internal import Keywright
internal import KeywrightCrypto
internal import KeywrightDefinition

/// What the server makes up: ids, keys and tokens, out of the surroundings' randomness.
struct Random: Sendable {
  let bytes: @Sendable (Int) throws -> [UInt8]

  /// An id that nobody has to guess: RFC 9562, version 4.
  func uuid() throws -> String { try Encoding.uuid(bytes(16)) }

  /// A token of 256 bits behind a prefix that tells what it is.
  func token(_ prefix: String) throws -> String { try prefix + Encoding.base64URL(bytes(32)) }

  /// A token of 256 bits in hexadecimal digits.
  func hexToken(_ prefix: String) throws -> String { try prefix + Encoding.hex(bytes(32)) }
}

/// What is stored of a token: enough to recognise it, and nothing to use.
func fingerprint(_ token: String) -> [UInt8] { digest(Array(token.utf8), .sha256) }

/// Whether a token is the one whose digest is stored.
func isEqualDigest(of token: String, _ stored: [UInt8]) -> Bool {
  isEqualInConstantTime(fingerprint(token), stored)
}
