internal import HTTPTypes
package import Keywright
package import KeywrightDefinition

/// Plays the provider that a definition describes: a function from request to answer, with a memory.
///
/// What each parameter is for it finds in the definition's templates, in any spelling. What it knows beyond them is an
/// authorization server's: codes that work once, verifiers, redirect URIs, who the client is, what was revoked.
package struct Simulator: Sendable {
  /// What is registered with the provider, and by which laws it lives.
  package struct Registration: Sendable {
    /// What the integrator and the person have, by the spec's names. Another value of one of these is refused; what is
    /// not named here may be anything that its type allows.
    package var values: [String: String]
    /// Whether `values` is all there is: what it lacks was left empty.
    package var isWhole: Bool
    /// Where the browser may be sent; nil is anywhere.
    package var redirectURIs: Set<String>?
    /// Which scopes there are; nil is any.
    package var scopes: Set<String>?
    /// How long an access token works, in seconds, where no example of the spec says it.
    package var lifetime: Int64

    /// Registers a client and a person.
    package init(
      values: [String: String] = [:], isWhole: Bool = false, redirectURIs: Set<String>? = nil,
      scopes: Set<String>? = nil, lifetime: Int64 = 3_600
    ) {
      self.values = values
      self.isWhole = isWhole
      self.redirectURIs = redirectURIs
      self.scopes = scopes
      self.lifetime = lifetime
    }
  }

  /// What a browser gets.
  package enum Reply: Sendable {
    case answer(TransportAnswer)
    /// A person is asked; `decide` goes on.
    case consent(Consent)
  }

  /// The provider's definition.
  package let definition: Definition
  /// The method that is played.
  package let method: Method
  let registration: Registration
  let endpoints: [Endpoint]
  let surroundings: Surroundings
  let declarations: Declarations
  /// What everybody knows: what is registered, and the addresses that answers tell.
  let common: [String: String]
  var memory = Memory()

  /// A provider in which nobody has connected yet.
  package init(
    _ definition: Definition, method: Method, registration: Registration,
    in surroundings: Surroundings = .system
  ) {
    self.definition = definition
    self.method = method
    self.registration = registration
    self.surroundings = surroundings
    endpoints = Endpoint.all(of: method)
    let filled = Set(method.filled.map(\.name))
    declarations = Declarations(
      method,
      registered: registration.isWhole ? filled : filled.intersection(registration.values.keys))
    var common = registration.values
    for field in declarations.given where field.isTold && common[field.name] == nil {
      common[field.name] = method.example(of: field, declarations) ?? field.sample
    }
    self.common = common
  }

  var now: Int64 { surroundings.now().seconds }

  var knowledge: Knowledge { Knowledge(declarations, texts: common) }

  // MARK: Answering

  /// Answers a request of a program.
  package mutating func answer(_ request: HTTPRequest, body: [UInt8]?) -> TransportAnswer {
    guard let received = ReceivedRequest(request, body: body) else {
      return refuse(Refusal(code: .invalidRequest, description: "the URL can't be read"), nil)
    }
    guard let finding = recognise(received) else {
      let refusal = Refusal(
        code: .notFound,
        description: "the spec has no \(received.method) \(received.url.origin)\(received.url.path)"
      )
      return refuse(refusal, nil)
    }
    if case .leave(let leave) = finding.endpoint.role {
      if case .answer(let answer) = arrive(at: leave, finding) { return answer }
      return refuse(Refusal(code: .invalidRequest, description: "this page is for people"), nil)
    }
    if let refusal = finding.refusals.min(by: { $0.rank < $1.rank }) ?? misuse(finding) {
      return refuse(refusal, finding.endpoint)
    }
    return grant(finding)
  }

  /// Answers a person's browser that opens a URL. What is a program's address is no page, and gives nothing out here.
  package mutating func browse(_ url: String) -> Reply {
    guard let finding = ReceivedRequest(browsing: url).flatMap(recognise),
      case .leave(let leave) = finding.endpoint.role
    else { return .answer(page("nothing is here for a browser", status: 404)) }
    return arrive(at: leave, finding)
  }

  /// Whether a request is for this provider.
  package func knows(_ url: String) -> Bool {
    guard let received = ReceivedRequest(browsing: url) else { return false }
    return endpoints.contains { address($0, of: received, isAnyVerb: true) != nil }
  }
}

extension Field {
  /// Whether an answer tells everybody the same: an address, say, which has to be known when a request comes for it.
  fileprivate var isTold: Bool {
    switch type {
    case .secret: false
    case .text: example != nil && !isSecret
    default: !isSecret
    }
  }
}

extension Method {
  /// What the first example of an answer says of a value that is read from it; nil where there is none that fits.
  fileprivate func example(of field: Field, _ declarations: Declarations) -> String? {
    for step in authorize + exchange + credentials.flatMap(\.renewal.written) {
      guard let example = step.example, let from = field.from,
        (step.made + step.save).contains(where: { $0.name == field.name })
      else { continue }
      let draft = AnswerDraft(Knowledge(declarations, texts: [:]), example: example)
      if let text = draft.text(of: from), let value = try? field.canonical(text) { return value }
    }
    return nil
  }
}

extension Simulator {
  /// How a request is taken: of which stage of the definition it is, and how far it is from what that wants (0 is what
  /// is wanted). Nil where there is no such address.
  package func reading(of request: HTTPRequest, body: [UInt8]?) -> (stage: String, distance: Int)? {
    ReceivedRequest(request, body: body).flatMap(recognise).map {
      ($0.endpoint.stage, $0.distance)
    }
  }

  /// How far a URL that a browser opens is from what is wanted; nil where there is no such address.
  package func distance(ofBrowsing url: String) -> Int? {
    ReceivedRequest(browsing: url).flatMap(recognise)?.distance
  }
}

extension Simulator {
  /// The origins of all addresses that can be told before anybody asks.
  package var addresses: [String] {
    var origins: [String] = []
    func add(_ template: Template) {
      guard let parts = try? URLTemplate(template).expanded(in: knowledge, base: nil) else {
        return
      }
      let origin = parts.origin.description
      if !origins.contains(origin) { origins.append(origin) }
    }
    for endpoint in endpoints {
      switch endpoint.role {
      case .leave(let leave): add(leave.url.template)
      case .request(let request): if !request.url.isPath { add(request.url.template) }
      case .api: break
      }
    }
    for template in [method.api?.base].compactMap({ $0 }) + (method.api?.also ?? []) {
      add(template)
    }
    for base in method.credentials.compactMap(\.base) { add(base) }
    return origins
  }
}

extension Simulator {
  /// Remembers a connection as if it had been made here, and its refresh tokens as if they had just been used.
  mutating func adopt(_ record: AnyConnectionRecord) {
    var texts = record.fields.merging(record.saved) { $1 }
    texts["scopes"] = record.scopes.joined(separator: method.scopes.separator)
    texts["redirect_uri"] = record.redirectURI
    let session = memory.begin(texts)
    for (name, credential) in record.credentials {
      for (part, text) in credential.parts {
        let key = "credentials.\(name).\(part)"
        let end =
          part == "refresh_token"
          ? rule(of: name)?.idle.map { now + $0 } : credential.expiresAt?.seconds
        memory.issue(key, text, to: session, endsAt: end)
        memory.update(session) { $0.texts[key] = text }
      }
    }
  }
}
