import KeywrightDefinition

extension MethodChecker {
  /// What is asked for is used, and what is made can be used and replaced.
  mutating func checkCompleteness(after made: Standpoint) {
    for (key, fields) in [("setup", method.setup), ("ask", method.ask)] {
      for field in fields where field.isSecret && unreadSecrets.contains(field.name) {
        report(
          "the secret '\(field.name)' is asked for and never read in the method '\(method.id)'",
          code: "unread-secret", at: path.key(key).key(field.name))
      }
    }
    checkVerifier()
    checkCredentials()
    checkExpiry()
    checkRefreshGrant()
    checkScopes()
  }

  // MARK: Credentials

  /// A carrier that replaces the preset's and forgets the key is found.
  mutating func checkSign(of rule: CredentialRule, reads uses: [Use], at path: Path) {
    let makes = method.exchange.contains { step in
      step.credentials.contains { $0.name == rule.name }
    }
    let isUnsigned = tree.node(at: path)["sign"]?.text == "none"
    let what = rule.name.map { "the credential '\($0)'" } ?? "the method '\(method.id)'"
    if makes, rule.sign == nil, !isUnsigned {
      report(
        rule.name == nil
          ? "\(what) makes a credential that nothing signs with; write 'sign'"
          : "nothing signs with \(what); write 'sign'",
        code: "unused-credential", at: rule.name == nil ? path.key("exchange") : path)
    } else if makes, rule.sign != nil,
      !uses.contains(where: { use in
        use.known.sources.contains(.credential)
          || (use.known.sources.contains(.ask)
            && !(use.known.secrecy.isEmpty && use.known.signature.isEmpty))
      })
    {
      report(
        "'sign' reads no part of the credential, as '$<credential.access_token>' does, "
          + "and no secret that it was made of",
        code: "unused-credential", at: path.key("sign"))
    }
  }

  /// Each credential that is named is made.
  private mutating func checkCredentials() {
    let templates = method.exchange.flatMap(\.credentials)
    let made = Set(templates.compactMap(\.name))
    // A name that is misspelt or missing has an error where it stands.
    let known = Set(method.credentials.compactMap(\.name))
    guard made.isSubset(of: known), !templates.contains(where: { $0.name == nil }) else { return }
    for rule in method.credentials {
      guard let name = rule.name, !made.contains(name) else { continue }
      report(
        "no step of 'exchange' makes the credential '\(name)'"
          + didYouMean(name, among: made), code: "unknown-credential",
        at: path.key("credentials").key(name))
    }
  }

  private func parts(of name: String?) -> [Entry] {
    var parts: [Entry] = []
    for index in method.exchange.indices {
      for credential in method.exchange[index].credentials where credential.name == name {
        parts += credential.parts
      }
    }
    return parts
  }

  /// What ends says how it is renewed, or that its person comes back.
  private mutating func checkExpiry() {
    for rule in method.credentials {
      let parts = parts(of: rule.name)
      let path = rule.name.map { self.path.key("credentials").key($0) } ?? self.path
      let ends = parts.first {
        ["expires_in", "expires_at"].contains($0.name)
          && $0.value.soleExpression?.form != Expression.Form.none
      }
      if let ends, rule.renewal == .none, rule.refreshToken != .none {
        report(
          "a credential that ends, by '\(ends.name)', and nothing says how it is renewed; write "
            + "'renew: repeat', steps, or 'renew: person'", code: "expiry-without-renewal",
          at: rule.name == nil ? path.key("exchange") : path)
      }
      checkRefreshToken(of: rule, at: path.key("refresh_token"))
    }
  }

  /// What is said of a refresh token is of one that there is, and that lives so.
  private mutating func checkRefreshToken(of rule: CredentialRule, at path: Path) {
    func refuse(_ message: String, _ key: String) {
      report(message, code: "dead-key", at: path.key(key))
    }
    let isMissing =
      !parts(of: rule.name).isEmpty
      && !method.credentials.contains { rule in
        parts(of: rule.name).contains { $0.name == "refresh_token" }
      }
    if rule.refreshToken == .none {
      if rule.renewal.written.contains(where: { $0.sends("refresh_token") }) {
        refuse("'refresh_token: none', but 'renew' sends one", "rule")
      }
      if rule.idle != nil {
        refuse("'idle' has no effect with 'rule: none': there is no refresh token", "idle")
      }
    } else if isMissing, rule.refreshToken == .rotates {
      refuse("'refresh_token: rotates', but no 'refresh_token' is read into the credential", "rule")
    } else if isMissing, rule.idle != nil {
      refuse("'idle', but no 'refresh_token' is read into the credential", "idle")
    }
    if rule.grace != nil, rule.refreshToken != .rotates {
      refuse(
        "'grace' has no effect without 'rule: rotates': nothing ends the old refresh token", "grace"
      )
    }
  }

  /// A refresh that would send the grant of the exchange.
  private mutating func checkRefreshGrant() {
    for rule in method.credentials {
      let path = rule.name.map { self.path.key("credentials").key($0) } ?? self.path
      for (index, step) in rule.renewal.written.enumerated() where step.sends("refresh_token") {
        guard let (grant, key) = step.request?.grant,
          grant == "authorization_code" || grant == "client_credentials"
        else { continue }
        report(
          "the renewal sends a refresh token with 'grant_type: \(grant)'; wanted 'refresh_token'",
          code: "wrong-grant", at: path.key("renew").index(index).key(key).key("grant_type"))
      }
    }
  }

  // MARK: The client

  /// A request carries one client authentication (RFC 6749 §2.3).
  mutating func checkClients(_ request: Request, own uses: [Use], at path: Path) {
    guard request.with == .client, method.clientAuthentication != nil else { return }
    for use in uses
    where use.known.sources.contains(.client)
      && !(use.known.secrecy.isEmpty && use.known.signature.isEmpty)
    {
      report(
        "'\(use.text)' brings the client's secret, and 'with: client' sends it already; a request has one "
          + "client authentication: take this out, or change 'client_authentication'",
        code: "two-client-authentications", at: use.path, range: use.range)
    }
    let header = request.headers.first { $0.name.asciiLowered == "authorization" }
    if let header, !uses.contains(where: { $0.path == path.key("headers").key(header.name) }) {
      report(
        "'Authorization' beside 'with: client'; a request has one client authentication",
        code: "two-client-authentications", at: path.key("headers").key(header.name))
    }
  }

  // MARK: PKCE, scopes, repetition

  /// A challenge is worth something only if its verifier is sent.
  private mutating func checkVerifier() {
    for (index, step) in method.authorize.enumerated() {
      guard let leave = step.leave,
        let entry = leave.query.first(where: { $0.value.reads("pkce") }),
        !method.sendsVerifier
      else { continue }
      report(
        "a code challenge whose verifier no request of 'exchange' sends; "
          + "send 'code_verifier: $<pkce.verifier>' or write 'pkce: off'",
        code: "verifier-not-sent",
        at: path.key("authorize").index(index).key("query").key(entry.name))
    }
  }

  /// A scope that is asked for and nearly, but not quite, one of those that are declared.
  private mutating func checkScopes() {
    let known = method.scopes.known
    if known.isEmpty { return }
    for (key, scopes) in [
      ("required_scopes", method.scopes.required), ("default_scopes", method.scopes.defaults),
    ] {
      for (index, scope) in scopes.enumerated() where !known.contains(scope) {
        guard let near = nearest(to: scope, among: known) else { continue }
        report(
          "unknown scope '\(scope)'; did you mean '\(near)'?", code: "unknown-scope",
          at: path.key(key).index(index), fix: near)
      }
    }
  }

  /// Steps that are run again read nothing that is gone by then.
  mutating func checkRepetition(of rule: CredentialRule, at path: Path) {
    guard rule.renewal == .again || rule.renewal == .use else { return }
    let steps = method.repetition(of: rule.name)
    let once = Set(method.filled.filter(\.isOnce).map(\.name))
    let gone = once.union(["callback", "pkce", "state", "nonce"])
    for step in steps {
      let names = step.namesRead(in: method)
      if let name = names.intersection(gone).min() {
        let why = once.contains(name) ? "is used 'once' and not kept" : "is gone by then"
        report(
          "'repeat' would need '\(name)', which \(why); write 'renew: person' or steps",
          code: "repeat-not-possible", at: path)
        return
      }
      if rule.renewal == .use, step.request != nil {
        report(
          "'renew: sign' makes the credential at each use, and a request is no part of that; "
            + "write 'renew: repeat'", code: "repeat-not-possible", at: path)
        return
      }
    }
  }
}

extension Method {
  /// Whether a request of `exchange` sends the code verifier, as it is or by way of a `let`.
  fileprivate var sendsVerifier: Bool {
    var carrying: Set<String> = []
    func carries(_ template: Template) -> Bool {
      template.holds { $0.isMember("verifier", of: "pkce") }
        || carrying.contains { template.reads($0) }
    }
    for step in authorize + exchange {
      if let request = step.request {
        let carrier = carrier(of: request.with)
        for field in carrier?.made ?? [] where field.from.map(carries) == true {
          carrying.insert(field.name)
        }
        var sent = [request.url.template] + (request.query + request.headers).map(\.value)
        sent += (request.body?.templates ?? []) + (carrier?.templates ?? [])
        if sent.contains(where: carries) { return true }
      }
      for field in step.made where field.from.map(carries) == true { carrying.insert(field.name) }
    }
    return false
  }
}

extension Request {
  /// The literal `grant_type` that it sends, and the key under which it stands.
  fileprivate var grant: (text: String, key: String)? {
    func literal(_ entries: [Entry]) -> String? {
      entries.first { $0.name == "grant_type" }?.value.literalText
    }
    if let text = literal(query) { return (text, "query") }
    switch body {
    case .form(let entries): return literal(entries).map { ($0, "form") }
    case .json(.object(let members)):
      guard case .template(let template)? = members.first(where: { $0.name == "grant_type" })?.value
      else { return nil }
      return template.literalText.map { ($0, "json") }
    default: return nil
    }
  }
}

extension Step {
  /// Whether the request sends a part of the credential.
  fileprivate func sends(_ part: String) -> Bool {
    sentTemplates.contains { $0.holds { $0.isMember(part, of: "credential") } }
  }

  private var sentTemplates: [Template] {
    (request?.body?.templates ?? []) + (request?.query.map(\.value) ?? [])
      + (request?.headers.map(\.value) ?? []) + made.compactMap(\.from)
  }
}

extension Expression {
  fileprivate func isMember(_ member: String, of name: String) -> Bool {
    guard case .member(let base, .name(member)) = form else { return false }
    return base.form == .name(name)
  }
}
