/// A provider in its compiled form: what the engine, the simulator and the server run.
///
/// It knows steps, never presets and never positions. Its text is strict JSON that mirrors the long form of the
/// spec, name by name.
package struct Definition: Sendable, Hashable {
  /// The format of the text that this version writes and reads.
  package static let format = 1

  /// The id of the spec, such as `zendesk`.
  package let id: String

  /// What people call it.
  package let name: String

  /// The ways in; the first is the default.
  package let methods: [Method]

  /// The method with an id.
  package func method(_ id: String) -> Method? { methods.first { $0.id == id } }
}

/// One way to authorize, as five stages of steps.
package struct Method: Sendable, Hashable {
  /// The method's id, such as `oauth`.
  package let id: String
  /// What people call it, where a provider has several ways in.
  package let title: String?
  /// What the integrator fills in, once per integration.
  package let setup: [Field]
  /// What the person fills in, once per connection.
  package let ask: [Field]
  /// What the caller may fill in, once per authorization: it goes to the browser and is not kept.
  package let hints: [Field]
  /// How requests reach the API.
  package let api: API?
  /// What can be asked for.
  package let scopes: Scopes
  /// The carrier that `with: client` means.
  package let clientAuthentication: Carrier?
  /// How the person consents.
  package let authorize: [Step]
  /// Which requests make the credentials.
  package let exchange: [Step]
  /// How they are ended.
  package let revoke: [Step]
  /// How each credential is carried and replaced; a method with one has one rule, without a name.
  package let credentials: [CredentialRule]
  /// Alternatives, of which the first accepted answer counts.
  package let verify: [Step]
  /// How to find out whose it is; nil where the spec does not say.
  package let account: AccountTemplate?

  /// The rule of a credential; without a name, of the default one.
  package func rule(_ name: String?) -> CredentialRule? {
    name == nil ? credentials.first : credentials.first { $0.name == name }
  }

  /// What its steps save.
  package var saved: [Field] { authorize.flatMap(\.save) + exchange.flatMap(\.save) }

  /// Whether the browser leaves.
  package var leaves: Bool { authorize.contains { $0.leave != nil } }

  /// What people and integrators fill in.
  package var filled: [Field] { setup + ask }
}

/// How one credential is carried and replaced.
package struct CredentialRule: Sendable, Hashable {
  /// Nil where the method has one credential.
  package let name: String?
  /// How a request carries it; nil where requests go as they are.
  package let sign: Carrier?
  /// How it is replaced.
  package let renewal: Renewal
  /// What a new refresh token means for the old one.
  package let refreshToken: RefreshTokenRule
  /// After how long unused a refresh token dies, so that it is renewed before; nil where the spec does not say.
  ///
  /// Unit: seconds, within ``times``.
  /// - Source: RFC 9700 §4.14.2, which leaves how long to the provider.
  package let idle: Int64?
  /// How long a refresh token still works after it was replaced, so that a lost answer can be asked for again; nil
  /// where it does not. It has a meaning where refresh tokens rotate.
  ///
  /// Unit: seconds, within ``times``.
  /// - Source: the provider's own page; in RFC 9700 §4.14.2 the old one ends at once.
  package let grace: Int64?
  /// The base of the API that this credential opens, where that is another.
  package let base: Template?
  /// Go on every request that it signs.
  package let headers: [Entry]
  /// Whether a flow may end without it.
  package let isOptional: Bool
}

extension CredentialRule {
  /// How long ``idle`` and ``grace`` may be: ten years of 365 days, which no sum with a clock's time overflows.
  ///
  /// Unit: seconds.
  package static let times: ClosedRange<Int64> = 1...315_360_000

  /// What a message says is wanted for one.
  package static let wantedTime =
    "a whole number of seconds, from \(times.lowerBound) to \(times.upperBound)"

  /// Reads a time as a spec and a definition write it: digits, the first no zero; nil where it is none of ``times``.
  package static func time(_ text: String) -> Int64? {
    guard text.utf8.first != UInt8(ascii: "0") else { return nil }
    return Int64(strict: text).flatMap { times.contains($0) ? $0 : nil }
  }
}

/// How a credential is replaced.
package enum Renewal: Sendable, Hashable {
  /// The spec has no way: it does not end, or a person comes back.
  case none
  /// By the steps that are written.
  case steps([Step])
  /// By the steps of the flow that it depends on.
  case again
  /// By the same steps, at each use.
  case use
  /// A person has to come back, as the spec says.
  case person

  /// The steps that are written.
  package var written: [Step] { if case .steps(let steps) = self { steps } else { [] } }
}

/// How requests reach a provider's API.
package struct API: Sendable, Hashable {
  /// The URL that a path continues.
  package let base: Template
  /// Further origins that its requests may go to.
  package let also: [Template]
  /// Go on every signed request.
  package let headers: [Entry]
  /// Go on every signed request.
  package let query: [Entry]
  /// When an answer says that the credential is no longer good; nil is a status of 401.
  package let unauthorized: Expression?
  /// Why `http` is allowed here; nil where it is not.
  package let unsafe: String?
}

/// What can be asked for.
package struct Scopes: Sendable, Hashable {
  /// Those that the spec names; others may be asked for too.
  package let known: [String]

  /// Always asked for.
  package let required: [String]

  /// Asked for where the caller chooses none.
  package let defaults: [String]

  /// What joins them in a request.
  package let separator: String

  /// No scopes at all.
  package static let none = Scopes(known: [], required: [], defaults: [], separator: " ")
}

/// What an answer's refresh token means for the one that was used.
package enum RefreshTokenRule: String, Sendable, Hashable, CaseIterable {
  /// A new one replaces the old one, which else stays.
  case replacedIfGiven = "replaced_if_given"
  /// Each works once.
  case rotates
  /// The first one stays for good.
  case kept
  /// There is none.
  case none
}

/// Whose account a connection is: the templates that read an answer.
package struct AccountTemplate: Sendable, Hashable {
  /// The request; nil where saved values alone are read.
  package let step: Step?
  /// The account's id: whoever connects anew has to have the same.
  package let id: Template
  /// What people call it.
  package let name: Template?
  /// Its e-mail address.
  package let email: Template?
  /// The address of its picture.
  package let picture: Template?
}
