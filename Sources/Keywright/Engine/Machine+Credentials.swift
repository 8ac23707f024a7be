internal import KeywrightDefinition

extension Machine {
  /// The longest lifetime that is kept: ten years, in seconds.
  static let longestLifetime: Int64 = 315_360_000

  /// Makes a credential, or completes the one that is there.
  mutating func make(
    _ template: CredentialTemplate, of read: ReadAnswer?
  ) throws(AuthorizationError) {
    let bindings = bindings(with: read)
    let name = template.name ?? state.subject
    let rule = engine.method.rule(name)
    let old = state.credentials[name ?? ""]
    var parts: [String: String] = [:]
    for (index, entry) in template.parts.enumerated()
    where !CredentialTemplate.publicParts.contains(entry.name) {
      let value = try? entry.value.value(in: bindings)
      if index == 0, rule?.isOptional == true, (value ?? nil)?.text?.isEmpty != false { return }
      if index == 0 { try checkFirst(entry, value ?? nil) }
      // An empty text in an answer says that there is none; a person may well leave a password empty.
      if let text = (value ?? nil)?.text, !text.isEmpty || read == nil { parts[entry.name] = text }
    }
    var made = CredentialRecord(
      parts: replaced(old, by: parts, rule?.refreshToken ?? .replacedIfGiven),
      scopes: scopes(template, bindings) ?? old?.scopes ?? state.scopes,
      expiresAt: old?.expiresAt, lifetime: old?.lifetime, refreshExpiresAt: old?.refreshExpiresAt)
    setLifetime(of: &made, template, bindings)
    setRefreshEnd(of: &made, template, bindings)
    state.credentials[name ?? ""] = made
    state.latest = name
  }

  /// The first part must be there: a text of one character or more.
  private func checkFirst(_ entry: Entry, _ value: Value?) throws(AuthorizationError) {
    let isText =
      switch value {
      case .dynamic(.string(let text)), .text(let text): !text.isEmpty
      case .choice, .integer: true
      case .xml: value?.text?.isEmpty == false
      default: false
      }
    if isText { return }
    let found = value == nil ? "is absent" : "is empty or no text"
    throw AuthorizationError(
      .missingCredential, "the answer's '\(entry.name)', read from '\(entry.value)', \(found)",
      stage: stageName)
  }

  /// Parts that do not come stay as they are, but for a refresh token that works once.
  private func replaced(
    _ old: CredentialRecord?, by parts: [String: String], _ rule: RefreshTokenRule
  ) -> [String: String] {
    guard let old else { return parts }
    var result = old.parts.merging(parts) { _, new in new }
    switch rule {
    case .kept: result["refresh_token"] = old.parts["refresh_token"] ?? parts["refresh_token"]
    case .rotates where state.run == .renew: result["refresh_token"] = parts["refresh_token"]
    case .none: result["refresh_token"] = nil
    case .replacedIfGiven, .rotates: break
    }
    return result
  }

  /// What was granted: a list, or text split at spaces and commas; nil where the answer is silent.
  private func scopes(_ template: CredentialTemplate, _ bindings: FlowBindings) -> [String]? {
    guard let part = template.part("scopes"), let value = (try? part.value(in: bindings)) ?? nil
    else { return nil }
    switch value {
    case .dynamic(.array(let elements)): return elements.compactMap(\.text)
    case .list, .xml: return (value.elements ?? []).compactMap(\.text).flatMap(Self.split)
    default:
      return value.text.map(Self.split)
    }
  }

  private static func split(_ text: String) -> [String] {
    text.split { $0 == " " || $0 == "," }.map(String.init)
  }

  /// RFC 6749 §5.1: seconds from the request on. What can't be read is unknown, and is said so.
  private mutating func setLifetime(
    of credential: inout CredentialRecord, _ template: CredentialTemplate,
    _ bindings: FlowBindings
  ) {
    let start = state.requestedAt ?? surroundings.now()
    if let part = template.part("expires_at"), let value = (try? part.value(in: bindings)) ?? nil {
      // A number of any size may come; before 1970 is over, and what ends after the year 9999 does not end.
      credential.expiresAt = value.integer.map {
        UnixTime(seconds: min(max($0, 0), 253_402_300_799))
      }
      credential.lifetime = credential.expiresAt.map { $0.seconds - start.seconds }
      return
    }
    guard let part = template.part("expires_in") else { return }
    guard let value = (try? part.value(in: bindings)) ?? nil else {
      // Without a new time, the last lifetime counts anew.
      if state.run == .renew, let lifetime = credential.lifetime {
        credential.expiresAt = start.adding(seconds: lifetime)
      }
      return
    }
    guard let seconds = value.integer, seconds >= 0 else {
      credential.expiresAt = nil
      credential.lifetime = nil
      if part.literalText != "unknown" {
        state.warnings.append("the answer's lifetime is no number of seconds; it is unknown")
      }
      return
    }
    let lifetime = min(seconds, Self.longestLifetime)
    credential.lifetime = lifetime
    credential.expiresAt = start.adding(seconds: lifetime)
  }

  /// When the refresh token ends: seconds from the request on.
  private func setRefreshEnd(
    of credential: inout CredentialRecord, _ template: CredentialTemplate,
    _ bindings: FlowBindings
  ) {
    guard let part = template.part("refresh_expires_in"),
      let seconds = ((try? part.value(in: bindings)) ?? nil)?.integer, seconds >= 0
    else { return }
    let start = state.requestedAt ?? surroundings.now()
    credential.refreshExpiresAt = start.adding(seconds: min(seconds, Self.longestLifetime))
  }
}
