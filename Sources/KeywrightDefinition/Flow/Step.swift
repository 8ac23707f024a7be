/// One step of a stage: a request, or a trip of the browser, with what is made of its outcome.
///
/// The order is: request, `let`, `accept`, `save`, `credential`.
package struct Step: Sendable, Hashable {
  /// What other steps call it.
  package let id: String?
  /// The step runs only if this holds.
  package let condition: Expression?
  /// A request, a trip or neither.
  package let action: Action
  /// Values for the rest of the flow, in their order.
  package let made: [Field]
  /// What makes the outcome a good one; nil is a status of 200–299 in the format.
  package let accept: Expression?
  /// Where an error stands in the outcome, where it does not stand as in RFC 6749 §5.2.
  package let error: ErrorPlace?
  /// What the connection keeps of the outcome.
  package let save: [Field]
  /// The credentials that it makes or completes.
  package let credentials: [CredentialTemplate]
  /// An answer, for pages and for the simulator.
  package let example: JSON?
  /// Why `http` is allowed here; nil where it is not.
  package let unsafe: String?

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
  /// The parameter, header or part.
  package let name: String
  /// What it says.
  package let value: Template

  /// Joins a name to its template.
  package init(_ name: String, _ value: Template) {
    self.name = name
    self.value = value
  }
}

/// The parts of a credential, as templates over an answer.
package struct CredentialTemplate: Sendable, Hashable {
  /// Which credential it is; nil where the method has one, or where a renewal means the renewed one.
  package let name: String?

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
  /// Where the provider's code stands.
  package let code: Template?
  /// Where the provider's words stand.
  package let description: Template?
  /// When trying again is of no use.
  package let permanent: Expression?
  /// When it says that the person declined.
  package let declined: Expression?
}
