internal import Foundation
internal import KeywrightCrypto
internal import KeywrightDefinition

/// Encrypts the secrets of rows: each under a key of its own, which the master key encrypts (AES-256-GCM, both).
///
/// What it gives is `version | key id | nonce, data key, tag | nonce, text, tag`. A new data key for each change keeps
/// every key far below the number of random nonces that GCM allows (SP 800-38D §8.3).
package struct Vault: Sendable {
  private let primary: MasterKey
  private let chance: @Sendable (Int) throws -> [UInt8]

  /// The one format there is.
  private static let version: UInt8 = 1
  private static let wrappedCount = 12 + 32 + 16

  /// A vault under a key.
  package init(
    _ key: MasterKey,
    randomBytes: @escaping @Sendable (Int) throws -> [UInt8] = {
      try KeywrightCrypto.randomBytes($0)
    }
  ) {
    primary = key
    chance = randomBytes
  }

  /// Encrypts a text for one place.
  func seal(_ text: [UInt8], in place: Place) throws -> Data {
    let dataKey = try chance(32)
    let wrapNonce = try chance(12)
    let nonce = try chance(12)
    let wrapped = try AESGCM(key: primary.bytes).seal(
      dataKey, nonce: wrapNonce, authenticating: place.bytes("key/v1"))
    let sealed = try AESGCM(key: dataKey).seal(
      text, nonce: nonce, authenticating: place.bytes("cred/v1"))
    let id = Encoding.bytes(hex: primary.id) ?? []
    return Data([Self.version] + id + wrapNonce + wrapped + nonce + sealed)
  }

  /// Encrypts a text for one place.
  func seal(_ text: String, in place: Place) throws -> Data {
    try seal(Array(text.utf8), in: place)
  }

  /// Reads what was encrypted for one place.
  /// - Throws: ``VaultFailure`` where it was encrypted under another key, for another place, or was changed.
  func open(_ data: Data, in place: Place) throws -> [UInt8] {
    let bytes = Array(data)
    guard bytes.first == Self.version, bytes.count >= 9 + Self.wrappedCount + 28 else {
      throw VaultFailure("what is stored for \(place.field) is no secret of this version")
    }
    let id = Encoding.hex(Array(bytes[1..<9]))
    guard id == primary.id else {
      throw VaultFailure(
        "\(place.field) is encrypted under the key \(id), and this one is \(primary.id)")
    }
    let wrapped = bytes[9..<9 + Self.wrappedCount]
    let rest = bytes[(9 + Self.wrappedCount)...]
    guard
      let dataKey = try AESGCM(key: primary.bytes).open(
        Array(wrapped.dropFirst(12)), nonce: Array(wrapped.prefix(12)),
        authenticating: place.bytes("key/v1")),
      let text = try AESGCM(key: dataKey).open(
        Array(rest.dropFirst(12)), nonce: Array(rest.prefix(12)),
        authenticating: place.bytes("cred/v1"))
    else {
      throw VaultFailure("what is stored for \(place.field) was changed, or is another row's")
    }
    return text
  }
}
