import KeywrightDefinition

extension MethodChecker {
  /// What the fields say of themselves.
  mutating func checkFields() {
    for (key, fields) in [("setup", method.setup), ("ask", method.ask)] {
      for field in fields {
        let path = path.key(key).key(field.name)
        if field.title == nil {
          report(
            "'\(field.name)' without its 'title', which a form shows", code: "missing-key",
            at: path)
        }
        if let shown = field.shownAs {
          checkShown(shown, of: field, at: path.key("shown_as"))
        }
      }
    }
    for field in method.ask where method.setup.contains(where: { $0.name == field.name }) {
      report(
        "'\(field.name)' stands in 'setup' too; a method declares a name once",
        code: "duplicate-name", at: path.key("ask").key(field.name))
    }
  }

  private mutating func checkShown(_ shown: Template, of field: Field, at path: Path) {
    for reference in shown.references where reference.name != field.name || field.isSecret {
      report(
        "'shown_as' shows '\(reference.name)'; it may show its own field, if that is no secret",
        code: "unknown-name", at: path, range: reference.range)
    }
  }

  /// What is asked for is used, and what is made can be used.
  /// - Parameter signed: what `sign` reads; nil where it reads a name that is not known.
  mutating func checkCompleteness(signedWith signed: [KnownName]?) {
    for (key, fields) in [("setup", method.setup), ("ask", method.ask)] {
      for field in fields where field.isSecret && !readNames.contains(field.name) {
        report(
          "the secret '\(field.name)' is asked for and never read in the method '\(method.id)'",
          code: "unread-secret", at: path.key(key).key(field.name))
      }
    }
    let makes = method.exchange.contains { !$0.credentials.isEmpty }
    if makes, method.sign == nil, tree.node(at: path)["sign"]?.text != "none" {
      report(
        "the method '\(method.id)' makes a credential that nothing signs with; write 'sign'",
        code: "unused-credential", at: path.key("exchange"))
    } else if makes, method.sign != nil, let signed,
      !signed.contains(where: { $0.origin == .credential || ($0.origin == .ask && $0.isSecret) })
    {
      report(
        "'sign' reads no part of the credential, as '$<credential.access_token>' does, "
          + "and no secret that it was made of",
        code: "unused-credential", at: path.key("sign"))
    }
    checkVerifier()
  }

  /// A challenge is worth something only if its verifier is sent.
  private mutating func checkVerifier() {
    for (index, step) in method.authorize.enumerated() {
      guard let leave = step.leave,
        let entry = leave.query.first(where: { $0.value.expressions.contains { $0.reads("pkce") } }
        ),
        !method.exchange.contains(where: { $0.readsVerifier })
      else { continue }
      report(
        "a code challenge whose verifier no request of 'exchange' sends; "
          + "send 'code_verifier: $<pkce.verifier>' or write 'pkce: off'",
        code: "verifier-not-sent",
        at: path.key("authorize").index(index).key("query").key(entry.name))
    }
  }
}

extension Step {
  /// Whether the request sends the code verifier.
  fileprivate var readsVerifier: Bool {
    let templates: [Template] =
      switch request?.body {
      case .form(let entries)?: entries.map(\.value)
      case .json(let json)?: json.templates
      case .text(let text)?: [text]
      case nil: []
      }
    return (templates + (request?.query.map(\.value) ?? [])).contains { template in
      template.references.contains { $0.name == "pkce" && $0.member == "verifier" }
    }
  }
}
