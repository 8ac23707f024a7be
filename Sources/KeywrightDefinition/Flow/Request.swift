/// A request of a step.
package struct Request: Sendable, Hashable {
  /// The methods of HTTP that a step may use, as the language writes them.
  package enum Verb: String, Sendable, Hashable, CaseIterable {
    case get, post, put, patch, delete
  }

  /// The method of HTTP.
  package let verb: Verb
  /// Where it goes.
  package let url: URLTemplate
  /// Parameters of the URL, behind those that it has.
  package let query: [Entry]
  /// Headers; a carrier's win over them.
  package let headers: [Entry]
  /// What is sent; nil where nothing is.
  package let body: Body?
  /// Who carries it.
  package let with: Bearer
  /// How the answer is read.
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
    /// The member's name.
    package let name: String
    /// The member's value.
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
  /// Headers; they win over the request's own.
  package let headers: [Entry]
  /// Parameters of the URL.
  package let query: [Entry]
  /// Fields of the form that carry it.
  package let form: [Entry]

  /// Nothing is carried.
  package static let empty = Carrier(headers: [], query: [], form: [])
}

/// The browser goes and comes back.
package struct Leave: Sendable, Hashable {
  /// Where it goes.
  package let url: URLTemplate
  /// Parameters of the URL, behind those that it has.
  package let query: [Entry]

  /// What may come back; all else is ignored. Empty: it does not come back here.
  package let take: [Field]

  /// Whose answer it must be; nil where that is not known.
  package let issuer: Template?

  /// Whether the answer must name its issuer.
  package let requiresIssuer: Bool
}
