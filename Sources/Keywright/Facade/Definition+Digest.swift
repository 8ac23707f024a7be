internal import KeywrightCrypto
internal import KeywrightDefinition

extension Definition {
  /// SHA-256 of the definition's compact text, in hexadecimal: which definition a flow or connection is of.
  package var digest: String { Encoding.hex(KeywrightCrypto.digest(compactBytes, .sha256)) }
}
