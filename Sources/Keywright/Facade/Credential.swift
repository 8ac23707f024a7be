/// What opens an API: the parts that the spec names, and what is known of their time.
///
/// It prints no part.
public struct Credential: Sendable {
  private let record: CredentialRecord

  init(_ record: CredentialRecord) { self.record = record }

  /// A part by the spec's name, such as `access_token`; nil where the credential has none.
  public subscript(part: String) -> Secret? { record.parts[part].map { Secret($0) } }

  /// The access token, or the key that stands for one.
  public var accessToken: Secret? { self["access_token"] }

  /// The refresh token.
  public var refreshToken: Secret? { self["refresh_token"] }

  /// What was granted, or what was asked for where the provider did not say (RFC 6749 §5.1).
  public var scopes: [String] { record.scopes }

  /// When it ends; nil where it does not, or where the provider did not say.
  public var expiresAt: UnixTime? { record.expiresAt }

  /// When it can no longer be renewed without its person; nil where that is not known.
  public var refreshExpiresAt: UnixTime? { record.refreshExpiresAt }

  /// Whether it has ended.
  public func isExpired(at now: UnixTime) -> Bool { record.expiresAt.map { $0 <= now } ?? false }

  /// Whether it should be renewed: a fifth of its lifetime is left, at least two and at most fifteen minutes.
  ///
  /// One that is shorter than that is due when half of its lifetime is left.
  public func isDue(at now: UnixTime) -> Bool { record.dueAt.map { $0 <= now } ?? false }

  /// The parts by their names, for a broker that hands them out.
  package var parts: [String: String] { record.parts }
}

extension CredentialRecord {
  /// When it should be renewed; nil where it does not end.
  package var dueAt: UnixTime? {
    guard let expiresAt else { return nil }
    let lifetime = lifetime ?? 3_600
    let margin = min(max(lifetime / 5, 120), 900, max(lifetime / 2, 0))
    return expiresAt.adding(seconds: -margin)
  }
}

extension Credential: CustomStringConvertible, CustomReflectable {
  /// The names of its parts.
  public var description: String {
    "<credential: \(record.parts.keys.sorted().joined(separator: ", "))>"
  }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Whose account a connection is, by the provider's own word.
public struct Account: Sendable, Hashable {
  /// The account's id at the provider; compared when a connection is made anew.
  public let id: String
  /// What the provider calls it.
  public let name: String?
  /// Its e-mail address, by the provider's word.
  public let email: String?

  /// The address of a picture.
  public let picture: String?

  /// For the runtime.
  init(_ record: AccountRecord) {
    id = record.id
    name = record.name
    email = record.email
    picture = record.picture
  }
}

extension Account: CustomStringConvertible, CustomReflectable {
  /// The id alone: name and address are a person's, and no log's.
  public var description: String { "<account \(id)>" }

  /// A mirror of the id alone.
  public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
