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
    /// A map of one element: `"@name"` is an attribute, a list repeats its element.
    case xml(JSONTemplate)
    case text(Template)
  }

  /// Who carries the request.
  package enum Bearer: Sendable, Hashable {
    case nobody
    /// The method's client authentication.
    case client
    /// The default credential's `sign`.
    case credential
    /// The `sign` of a credential, by its name.
    case named(String)
    case carrier(Carrier)

    /// The credential that it names.
    package var name: String? { if case .named(let name) = self { name } else { nil } }

    /// Whether a credential signs, so that the API's own headers go along.
    package var isSigned: Bool {
      switch self {
      case .credential, .named: true
      case .nobody, .client, .carrier: false
      }
    }
  }

  /// How the answer's body is read. Its own label decides nothing.
  package enum Format: String, Sendable, Hashable, CaseIterable {
    case json, form, xml, text, none

    /// What `Accept` says.
    package var mediaType: String? {
      switch self {
      case .json: "application/json"
      case .form: "application/x-www-form-urlencoded"
      case .xml: "application/xml"
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
  /// Values made for each request, in their order.
  package var made: [Field] = []
  /// Headers; they win over the request's own.
  package var headers: [Entry] = []
  /// Parameters of the URL.
  package var query: [Entry] = []
  /// Cookies.
  package var cookies: [Entry] = []
  /// Fields of the form that carry it.
  package var form: [Entry] = []
  /// Members of the JSON body that carry it.
  package var json: [JSONTemplate.Member] = []

  /// Nothing is carried.
  package static let empty = Carrier()
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

  /// Whether the browser brings the answer as a form, by POST.
  package let isFormPost: Bool

  /// The parameter that carries the state.
  package let stateParameter: String
}
