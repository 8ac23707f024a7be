/// What a person's browser gets at a simulated provider.
package enum SimulatedPage: Sendable {
  /// A page to look at.
  case html(String)
  /// Where the browser goes.
  case redirect(String)

  /// The Content-Security-Policy of such a page.
  package static var contentSecurityPolicy: String { HTMLPage.policy }

  /// What stands at an address; nil where the address is a program's.
  /// - Parameter form: what was posted, where the person has pressed a button.
  package init?(at url: String, of provider: SimulatedProvider, form: String?) {
    guard case .consent(let consent) = provider.browse(url) else { return nil }
    guard let decision = form.flatMap(Consent.Decision.init(form:)) else {
      self = .html(ConsentPage(consent).html)
      return
    }
    let back = provider.decide(consent, decision)
    self = back.isFormPost ? .html(FormPostPage(back).html) : .redirect(back.url)
  }
}

extension Consent.Decision {
  /// The button that was pressed.
  init?(form: String) {
    guard let decision = Self.allCases.first(where: { form == "decision=\($0.rawValue)" }) else {
      return nil
    }
    self = decision
  }
}
