/// A request of a step.
package struct Request: Sendable, Hashable {
  /// The methods of HTTP that a step may use, as the language writes them.
  package enum Verb: String, Sendable, Hashable, CaseIterable {
    case get, post, put, patch, delete
  }

  package let verb: Verb
  package let url: URLTemplate
  package let query: [Entry]
  package let headers: [Entry]
  package let body: Body?
  package let with: Bearer
  package let format: Format

  /// What is sent.
  package enum Body: Sendable, Hashable {
    case form([Entry])
    case json(JSONTemplate)
    case text(Template)
  }

  /// Who carries the request.
  package enum Bearer: Sendable, Hashable {
    case nobody
    /// The method's client authentication.
    case client
    /// The method's `sign`.
    case credential
    case carrier(Carrier)
  }

  /// How the answer's body is read. Its own label decides nothing.
  package enum Format: String, Sendable, Hashable, CaseIterable {
    case json, form, text, none

    /// What `Accept` says.
    package var mediaType: String? {
      switch self {
      case .json: "application/json"
      case .form: "application/x-www-form-urlencoded"
      case .text: "text/plain"
      case .none: nil
      }
    }
  }
}

/// JSON in which texts are templates.
package indirect enum JSONTemplate: Sendable, Hashable {
  /// `null`, a number, `true` or `false`.
  case literal(JSON)
  case template(Template)
  case array([JSONTemplate])
  case object([Member])

  /// One name and its value.
  package struct Member: Sendable, Hashable {
    package let name: String
    package let value: JSONTemplate
  }

  /// The templates in it, in their order.
  package var templates: [Template] {
    switch self {
    case .literal: []
    case .template(let template): [template]
    case .array(let elements): elements.flatMap(\.templates)
    case .object(let members): members.flatMap(\.value.templates)
    }
  }
}

/// How a request carries a credential.
package struct Carrier: Sendable, Hashable {
  package let headers: [Entry]
  package let query: [Entry]
  package let form: [Entry]

  /// Nothing is carried.
  package static let empty = Carrier(headers: [], query: [], form: [])
}

/// The browser goes and comes back.
package struct Leave: Sendable, Hashable {
  package let url: URLTemplate
  package let query: [Entry]

  /// What may come back; all else is ignored. Empty: it does not come back here.
  package let take: [Field]

  /// Whose answer it must be; nil where that is not known.
  package let issuer: Template?

  /// Whether the answer must name its issuer.
  package let requiresIssuer: Bool
}
