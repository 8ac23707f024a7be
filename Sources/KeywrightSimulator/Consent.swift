internal import HTTPTypes
internal import Keywright
internal import KeywrightDefinition

/// What a person is asked: shall this client get at the account?
package struct Consent: Sendable {
  /// What the provider is called.
  package let provider: String
  /// The method's id.
  package let method: String
  /// Who asks; nil where the request does not say.
  package let client: String?
  /// What is asked for.
  package let scopes: [String]
  /// Where the browser goes back to.
  package let redirectURI: String?

  let finding: Finding
  let leave: Leave

  /// What a person says.
  package enum Decision: String, Sendable, CaseIterable {
    case approve, decline
  }
}

/// Where the browser goes from a provider, and what it brings along.
package struct Return: Sendable {
  /// The redirect URI.
  package let redirectURI: String
  /// What it brings, in its order.
  package let pairs: [(name: String, value: String)]
  /// Whether it brings it as a form, by POST.
  package let isFormPost: Bool

  /// The URL that the browser opens; a form's fields stand in its query, as a flow's `finish` takes them.
  package var url: String {
    let text = FormText.text(pairs, encode: Encoding.percent)
    return redirectURI + (redirectURI.contains("?") ? "&" : "?") + text
  }
}

extension Simulator {
  /// A browser comes to the authorization endpoint (RFC 6749 §4.1.1).
  mutating func arrive(at leave: Leave, _ finding: Finding) -> Reply {
    var refusals = finding.refusals
    let texts = finding.knowledge.texts
    let redirectURI = texts["redirect_uri"]
    let parts = finding.endpoint.shape.parts
    if parts.contains(where: { $0.reads("redirect_uri") }), let allowed = registration.redirectURIs,
      redirectURI.map(allowed.contains) != true
    {
      refusals.append(
        Refusal(
          code: .invalidRequest, description: "the redirect URI is not registered",
          isAboutReturn: true))
    }
    guard let redirectURI, !refusals.contains(where: \.isAboutReturn) else {
      if leave.take.isEmpty, refusals.isEmpty { return .answer(page("You can close this window.")) }
      return .answer(page(for: refusals))
    }
    let asked = scopes(texts["scopes"])
    if let known = registration.scopes, !asked.allSatisfy(known.contains) {
      refusals.append(Refusal(code: .invalidScope, description: "there is no such scope"))
    }
    if let refusal = refusals.min(by: { $0.rank < $1.rank }) ?? misuse(finding) {
      let pairs = [
        ("error", refusal.code.rawValue), ("error_description", refusal.description),
      ]
      return .answer(redirect(to: redirectURI, pairs, finding, leave))
    }
    return .consent(
      Consent(
        provider: definition.name, method: method.id, client: texts["client_id"], scopes: asked,
        redirectURI: redirectURI, finding: finding, leave: leave))
  }

  /// A person has decided: where the browser goes.
  package mutating func decide(
    _ consent: Consent, _ decision: Consent.Decision
  ) -> Return {
    var draft = AnswerDraft(consent.finding.knowledge)
    var pairs: [(name: String, value: String)] = []
    let step = consent.finding.endpoint.step
    switch decision {
    case .approve:
      pairs = granted(consent, &draft)
    case .decline:
      if let declined = step?.error?.declined { draft.make(declined) }
      pairs = draft.callback.isEmpty ? [("error", "access_denied")] : draft.callback
    }
    return Return(
      redirectURI: consent.redirectURI ?? "",
      pairs: pairs + marks(consent.finding, consent.leave),
      isFormPost: consent.leave.isFormPost)
  }

  /// What the callback brings: a code, and what else the definition takes or wants to see.
  private mutating func granted(
    _ consent: Consent, _ draft: inout AnswerDraft
  ) -> [(name: String, value: String)] {
    let session = consent.finding.session ?? memory.begin([:])
    memory.update(session) { $0.texts.merge(consent.finding.knowledge.lasting) { $1 } }
    let accept = consent.finding.endpoint.step?.accept?.conjuncts ?? []
    // What is computed over the whole query comes last, when all the rest is there.
    let signatures = accept.filter(\.readsCallbackQuery)
    for condition in accept where !condition.readsCallbackQuery { draft.make(condition) }
    for field in consent.leave.take where draft.isMissing(field.name) {
      if signatures.contains(where: { $0.compares(callback: field.name) }) { continue }
      let value = field.isSecret || field.name == "code" ? fresh(field.name) : field.sample
      draft.put(.string(value), by: .callback(field.name))
      memory.issue("callback.\(field.name)", value, to: session, endsAt: now + 600)
    }
    let marks = marks(consent.finding, consent.leave)
    for pair in marks { draft.put(.string(pair.value), by: .callback(pair.name)) }
    draft.surroundQuery(with: consent.redirectURI)
    for condition in signatures { draft.make(condition) }
    let pairs = draft.callback.filter { pair in !marks.contains { $0.name == pair.name } }
    memory.update(session) { session in
      for pair in pairs { session.texts["callback.\(pair.name)"] = pair.value }
    }
    return pairs
  }

  /// What stands in every callback: the state, and who answers (RFC 9207) where that is always said.
  private func marks(_ finding: Finding, _ leave: Leave) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    if let state = finding.knowledge.texts["state"] { pairs.append((leave.stateParameter, state)) }
    if leave.requiresIssuer, let issuer = (try? leave.issuer?.text(in: finding.knowledge)) ?? nil {
      pairs.append(("iss", issuer))
    }
    return pairs
  }

  private func redirect(
    to redirectURI: String, _ pairs: [(name: String, value: String)], _ finding: Finding,
    _ leave: Leave
  ) -> TransportAnswer {
    let target = Return(
      redirectURI: redirectURI, pairs: pairs + marks(finding, leave), isFormPost: leave.isFormPost)
    return TransportAnswer(status: 302, headers: [.location: target.url], body: [])
  }

  func scopes(_ text: String?) -> [String] {
    (text ?? "").split(separator: method.scopes.separator).map(String.init).filter { !$0.isEmpty }
  }

  mutating func fresh(_ name: String) -> String {
    let bytes = (try? surroundings.randomBytes(9)) ?? []
    return memory.fresh(
      name, chance: Encoding.base64URL(bytes).replacing("-", with: "a").replacing("_", with: "b"))
  }
}

extension Expression {
  /// Whether this is computed over all that a callback brings.
  fileprivate var readsCallbackQuery: Bool {
    form == Expression.callback("query").form || operands.contains(where: \.readsCallbackQuery)
  }

  /// Whether this compares a part of the callback with something.
  fileprivate func compares(callback name: String) -> Bool {
    guard case .equals(let one, let other) = form else { return false }
    return [one, other].contains(.callback(name))
  }

  /// `callback.NAME`.
  static func callback(_ name: String) -> Expression {
    Expression(
      .member(Expression(.name("callback"), at: 0..<0), .name(name)), at: 0..<0)
  }
}
