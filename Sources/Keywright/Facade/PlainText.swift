internal import KeywrightDefinition

// What a store of one's own encrypts by rules of its own. Everything in these texts is secret.

extension AnyPending {
  /// The flow as a text, for a store that seals it.
  package var plainText: String {
    JSON.object([.init("url", .string(url)), .init("state", state.json)]).compactText
  }

  /// The state parameter that the browser carries; nil where the provider keeps none.
  package var stateParameter: String? { state.state }
}

extension Catalogue {
  /// Reads a flow that ``AnyPending/plainText`` gave.
  package func pending(
    plainText: [UInt8], of id: String
  ) throws(AuthorizationError) -> AnyPending {
    try AnyPending(plainText: plainText, of: definition(id))
  }

  /// The connection that is kept, run by the definition at hand.
  package func connection(_ kept: KeptConnection) throws(AuthorizationError) -> AnyConnection {
    try AnyConnection(kept.record, by: definition(kept.provider))
  }
}

extension KeptConnection {
  /// The connection as a text, for a store that seals it.
  package var plainText: String { json.compactText }

  /// Reads what ``plainText`` gave; nil where it is anything else.
  package init?(plainText: [UInt8]) {
    guard let json = try? JSON(reading: plainText) else { return nil }
    self.init(json: json)
  }

  /// A connection that was just made.
  package init(_ connection: AnyConnection) { self.init(connection.record) }
}
