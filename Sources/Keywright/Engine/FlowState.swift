package import KeywrightDefinition

/// Where a flow stands: all that the engine keeps between two events.
///
/// What the integrator filled in is no part of it; a flow that is kept holds nobody else's secret.
package struct FlowState: Sendable, Hashable {
  /// What the flow is for.
  package enum Run: String, Sendable {
    case connect, renew, revoke, verify
  }

  /// What the flow is for.
  package let run: Run
  /// The provider's id.
  package let provider: String
  /// The method's id.
  package let method: String

  /// Of the definition that the flow began with.
  package let digest: String

  /// What the person filled in, by name, in canonical form.
  package let fields: [String: String]

  /// What the caller filled in for the browser, by name, in canonical form.
  package var hints: [String: String] = [:]

  /// Which credential is renewed or revoked; nil where the method has one, or where all are made.
  package var subject: String?

  /// The scopes that are asked for.
  package let scopes: [String]
  /// As it was given; nil where the browser never leaves.
  package let redirectURI: String?
  /// When the flow began.
  package let startedAt: UnixTime

  /// The step that is next, counted over all steps of the run.
  package var position = 0

  /// The state parameter and the PKCE verifier, each of 256 bits.
  package var state: String?
  /// The PKCE verifier (RFC 7636 §4.1).
  package var verifier: String?
  /// The nonce of an authentication request, of 256 bits.
  package var nonce: String?

  /// What the browser brought back, by name, in canonical form.
  package var callback: [String: String] = [:]

  /// All that it brought back, decoded, while the flow goes on in one process.
  package var callbackQuery: [Value.Pair] = []

  /// What steps made for the rest of the flow, by name.
  package var made: [String: Value] = [:]

  /// What answers gave, by name.
  package var saved: [String: String] = [:]
  /// What the flow has made so far, by the credential's name; of a method with one that is empty.
  package var credentials: [String: CredentialRecord] = [:]
  /// Which credential the step before made.
  package var latest: String?
  /// Whose it is, once that is known.
  package var account: AccountRecord?

  /// When the request that is under way was made: lifetimes count from there.
  package var requestedAt: UnixTime?

  /// What `uuid` and `random` are made of for the step that is under way.
  package var chance: [UInt8] = []

  /// What the person should know, though nothing failed.
  package var warnings: [String] = []

  /// A state at its beginning.
  package init(
    run: Run, provider: String, method: String, digest: String, fields: [String: String],
    scopes: [String], redirectURI: String?, startedAt: UnixTime
  ) {
    self.run = run
    self.provider = provider
    self.method = method
    self.digest = digest
    self.fields = fields
    self.scopes = scopes
    self.redirectURI = redirectURI
    self.startedAt = startedAt
  }
}

/// A credential as the engine keeps it.
package struct CredentialRecord: Sendable, Hashable {
  /// Its secret parts, by name.
  package var parts: [String: String]

  /// What was granted.
  package var scopes: [String]

  /// When it ends; nil where it does not, or where that is not known.
  package var expiresAt: UnixTime?

  /// How long it was good for when it came, in seconds.
  package var lifetime: Int64?

  /// When it can no longer be renewed; nil where that is not known.
  package var refreshExpiresAt: UnixTime?
}

/// Whose account a connection is.
package struct AccountRecord: Sendable, Hashable {
  /// The provider's own id of the account.
  package let id: String
  /// What people call it.
  package let name: String?
  /// Its e-mail address.
  package let email: String?
  /// The address of its picture.
  package let picture: String?
}

/// What the integrator filled in, by name: an input of every step, never part of a state.
package struct Setup: Sendable {
  /// Canonical texts, by the spec's names.
  package let values: [String: String]

  /// Nothing is filled in.
  package static let none = Setup(values: [:])

  /// Takes what was filled in.
  package init(values: [String: String]) { self.values = values }
}

extension Setup: CustomStringConvertible, CustomReflectable {
  /// `<setup>`, whatever it holds.
  package var description: String { "<setup>" }
  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
