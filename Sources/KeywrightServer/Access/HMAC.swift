internal import KeywrightCrypto
internal import KeywrightDefinition

/// The digest by which a backend lets its frontend make one connection: `hex(HMAC-SHA256(key, "integration:connection"))`.
enum FrontendDigest {
  /// What is digested. Ids have no colon, so no two pairs have the same text.
  static func message(integration: String, connection: String?) -> String {
    [integration, connection].compactMap { $0 }.joined(separator: ":")
  }

  static func digest(key: [UInt8], integration: String, connection: String?) -> [UInt8] {
    authenticationCode(
      for: Array(message(integration: integration, connection: connection).utf8), key: key, .sha256)
  }

  /// Whether a digest is the right one: hexadecimal digits of either case, compared in constant time.
  ///
  /// This is the one place where digests are compared.
  static func isRight(_ given: String, key: [UInt8], integration: String, connection: String?)
    -> Bool
  {
    let wanted = digest(key: key, integration: integration, connection: connection)
    guard given.utf8.count == 64, let bytes = Encoding.bytes(hex: given) else { return false }
    return isEqualInConstantTime(bytes, wanted)
  }
}
