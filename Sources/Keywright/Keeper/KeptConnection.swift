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
    try key.seal(json.compactText, for: .kept, of: id, surroundings)
  }

  /// The JSON form, to be sealed.
  var json: JSON {
    var members = [JSON.Member("connection", record.json)]
    if let attempt { members.append(.init("attempt", .integer(attempt.seconds))) }
    return .object(members)
  }

  /// Reads the JSON form; nil where it is anything else.
  init?(json: JSON) {
    guard let record = json["connection"].flatMap(AnyConnectionRecord.init(json:)) else {
      return nil
    }
    self.init(record, attempt: json["attempt"]?.integerValue.map { UnixTime(seconds: $0) })
  }

  /// Opens a connection that was kept under an id.
  /// - Throws: ``AuthorizationError`` where the key or the id is another.
  public init(
    opening sealed: String, with key: SealingKey, as id: String
  ) throws(AuthorizationError) {
    guard let bytes = key.open(sealed, for: .kept, of: id), let json = try? JSON(reading: bytes),
      let kept = KeptConnection(json: json)
    else {
      throw AuthorizationError(
        .unreadableConnection, "what is kept as '\(id)' is no connection under this key")
    }
    self = kept
  }
}

extension KeptConnection: CustomStringConvertible, CustomReflectable {
  /// The provider alone.
  public var description: String { "<kept connection to \(provider)>" }

  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
