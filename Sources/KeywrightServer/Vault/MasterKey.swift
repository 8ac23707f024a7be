internal import KeywrightCrypto
internal import KeywrightDefinition

/// A key of 256 bits that encrypts the data keys of rows, and nothing else.
package struct MasterKey: Sendable, CustomStringConvertible, CustomReflectable {
  let bytes: [UInt8]

  /// What tells it from other keys, and tells nobody what it is.
  package let id: String

  /// Takes 32 bytes; nil where there are more or fewer.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
    let digest = KeywrightCrypto.digest(Array("keywright key id".utf8) + bytes, .sha256)
    id = Encoding.hex(Array(digest.prefix(8)))
  }

  /// Reads base64 of either alphabet, as `openssl rand -base64 32` prints it.
  /// - Throws: what was found, without the text itself.
  package init(reading text: String, from source: String) throws(VaultFailure) {
    let trimmed = String(
      text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    let advice = "put the output of 'openssl rand -base64 32' there"
    if trimmed.isEmpty { throw VaultFailure("\(source) is empty; \(advice)") }
    guard let bytes = Encoding.bytes(anyBase64: trimmed) else {
      throw VaultFailure("\(source) is no base64; \(advice)")
    }
    guard let key = MasterKey(bytes) else {
      throw VaultFailure("\(source) holds \(bytes.count) bytes, and a key has 32; \(advice)")
    }
    self = key
  }

  /// The key's text, to be written into its file.
  var text: String { Encoding.base64(bytes) }

  /// `<master key ID>`: what the key is stays hidden.
  package var description: String { "<master key \(id)>" }
  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why secrets can't be encrypted or read.
package struct VaultFailure: Error, CustomStringConvertible {
  /// What was found, what is wanted, and what to do.
  package let description: String

  init(_ description: String) { self.description = description }
}
