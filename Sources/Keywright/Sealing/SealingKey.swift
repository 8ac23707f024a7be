internal import KeywrightCrypto
internal import KeywrightDefinition

/// A key of 256 bits, under which flows and connections are sealed with AES-256-GCM.
public struct SealingKey: Sendable {
  private let bytes: [UInt8]

  /// Takes a key.
  /// - Throws: ``AuthorizationError`` where it is not 32 bytes long.
  public init(_ bytes: [UInt8]) throws(AuthorizationError) {
    guard bytes.count == 32 else {
      throw AuthorizationError(
        .unfitKey, "a sealing key has 32 bytes; this one has \(bytes.count)")
    }
    self.bytes = bytes
  }

  /// Makes a new key.
  public static func random(in surroundings: Surroundings = .system) throws -> SealingKey {
    try SealingKey(surroundings.randomBytes(32))
  }

  /// The key's text, in base64 for URLs, to keep where secrets are kept.
  public var text: Secret { Secret(Encoding.base64URL(bytes)) }

  /// Reads a key's text.
  /// - Throws: ``AuthorizationError`` where it is none.
  public init(_ text: Secret) throws(AuthorizationError) {
    // Base64 of either alphabet, with its padding or without: as `openssl rand -base64 32` prints it too.
    let plain = text.reveal().utf8.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      case UInt8(ascii: "="), UInt8(ascii: "\n"): nil
      default: byte
      }
    }
    guard let bytes = Encoding.bytes(base64URL: String(decoding: plain, as: UTF8.self)) else {
      throw AuthorizationError(
        .unfitKey, "a sealing key's text is base64 of 32 bytes; this one is no base64")
    }
    try self.init(bytes)
  }
}

extension SealingKey: CustomStringConvertible, CustomReflectable {
  /// `<sealing key>`, whatever it is.
  public var description: String { "<sealing key>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SealingKey {
  /// What is sealed: bound to the ciphertext, so that one can't be opened as the other.
  enum Purpose: String {
    case flow = "kwf1"
    case connection = "kwc1"
    case kept = "kwk1"
    case note = "kwn1"
  }

  /// Seals a text of a program's own, bound to what it is about.
  package func sealed(
    _ text: String, about subject: String, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> String {
    try seal(text, for: .note, of: subject, surroundings)
  }

  /// Opens what ``sealed(_:about:in:)`` made; nil where it is anything else.
  package func opened(_ sealed: String, about subject: String) -> String? {
    open(sealed, for: .note, of: subject).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Seals a text under a new nonce: `purpose.base64url(nonce, ciphertext, tag)`.
  func seal(
    _ text: String, for purpose: Purpose, of provider: String, _ surroundings: Surroundings
  ) throws(AuthorizationError) -> String {
    do {
      let nonce = try surroundings.randomBytes(12)
      let sealed = try AESGCM(key: bytes).seal(
        Array(text.utf8), nonce: nonce, authenticating: Self.bound(purpose, provider))
      return "\(purpose.rawValue).\(Encoding.base64URL(nonce + sealed))"
    } catch {
      throw AuthorizationError(.incompatible, "the state could not be sealed: \(error)")
    }
  }

  /// Opens what ``seal(_:for:of:_:)`` made; nil where it is anything else.
  func open(_ sealed: String, for purpose: Purpose, of provider: String) -> [UInt8]? {
    let prefix = purpose.rawValue + "."
    guard sealed.hasPrefix(prefix),
      let bytes = Encoding.bytes(base64URL: String(sealed.dropFirst(prefix.utf8.count))),
      bytes.count > 12
    else { return nil }
    let opened = try? AESGCM(key: self.bytes).open(
      Array(bytes.dropFirst(12)), nonce: Array(bytes.prefix(12)),
      authenticating: Self.bound(purpose, provider))
    return opened ?? nil
  }

  private static func bound(_ purpose: Purpose, _ provider: String) -> [UInt8] {
    Array("\(purpose.rawValue)\u{0}\(provider)".utf8)
  }
}
