internal import KeywrightDefinition

/// A connection as a store keeps it. It prints nothing: ``sealed(with:as:in:)`` is the one way to write it down.
public struct KeptConnection: Sendable {
  /// What is kept.
  package let record: AnyConnectionRecord

  /// When a renewal was begun whose end nobody knows: the refresh token may have been used.
  package var attempt: UnixTime?

  init(_ record: AnyConnectionRecord, attempt: UnixTime? = nil) {
    self.record = record
    self.attempt = attempt
  }

  /// The provider's id.
  public var provider: String { record.provider }

  /// The connection, encrypted under a key and bound to its id: one row can't stand in for another.
  public func sealed(
    with key: SealingKey, as id: String, in surroundings: Surroundings = .system
  ) throws(AuthorizationError) -> String {
    var members = [JSON.Member("connection", record.json)]
    if let attempt { members.append(.init("attempt", .integer(attempt.seconds))) }
    return try key.seal(JSON.object(members).compactText, for: .kept, of: id, surroundings)
  }

  /// Opens a connection that was kept under an id.
  /// - Throws: ``AuthorizationError`` where the key or the id is another.
  public init(
    opening sealed: String, with key: SealingKey, as id: String
  ) throws(AuthorizationError) {
    guard let bytes = key.open(sealed, for: .kept, of: id), let kept = try? JSON(reading: bytes),
      let record = kept["connection"].flatMap(AnyConnectionRecord.init(json:))
    else {
      throw AuthorizationError(
        .unreadableConnection, "what is kept as '\(id)' is no connection under this key")
    }
    self.init(record, attempt: kept["attempt"]?.integerValue.map { UnixTime(seconds: $0) })
  }
}

extension KeptConnection: CustomStringConvertible, CustomReflectable {
  /// The provider alone.
  public var description: String { "<kept connection to \(provider)>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
