/// One step of a stage: a request, or a trip of the browser, with what is made of its outcome.
///
/// The order is: request, `accept`, `save`, `credential`.
package struct Step: Sendable, Hashable {
  package let id: String?
  package let action: Action

  /// What makes the outcome a good one; nil is a status of 200–299.
  package let accept: Expression?

  /// Where an error stands in the outcome, where it does not stand as in RFC 6749 §5.2.
  package let error: ErrorPlace?
  package let save: [Field]

  /// The credentials that it makes or completes.
  package let credentials: [CredentialTemplate]

  /// What the step does.
  package enum Action: Sendable, Hashable {
    case request(Request)
    case leave(Leave)
    /// Only keeps what is there.
    case keep
  }

  /// The request, where it makes one.
  package var request: Request? {
    if case .request(let request) = action { request } else { nil }
  }

  /// The trip, where the browser leaves.
  package var leave: Leave? {
    if case .leave(let leave) = action { leave } else { nil }
  }
}

/// A name and the template of its value: of a query, a header, a form.
package struct Entry: Sendable, Hashable {
  package let name: String
  package let value: Template

  /// Joins a name to its template.
  package init(_ name: String, _ value: Template) {
    self.name = name
    self.value = value
  }
}

/// The parts of a credential, as templates over an answer.
package struct CredentialTemplate: Sendable, Hashable {
  /// In the order of the spec: the first must be present.
  package let parts: [Entry]

  /// The template of a part.
  package func part(_ name: String) -> Template? { parts.first { $0.name == name }?.value }

  /// Parts that are shown: times and scopes.
  package static let publicParts: Set<String> = [
    "expires_in", "expires_at", "refresh_expires_in", "scopes",
  ]
}

/// Where a provider says what went wrong.
package struct ErrorPlace: Sendable, Hashable {
  package let code: Template?
  package let description: Template?
}
