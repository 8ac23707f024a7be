internal import KeywrightDefinition

extension FlowState {
  /// The state's JSON form, to be sealed.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("run", .string(run.rawValue)),
      .init("provider", .string(provider)),
      .init("method", .string(method)),
      .init("digest", .string(digest)),
      .init("fields", .texts(fields)),
      .init("scopes", .array(scopes.map { .string($0) })),
      .init("started_at", .integer(startedAt.seconds)),
      .init("position", .integer(Int64(position))),
      .init("callback", .texts(callback)),
      .init("saved", .texts(saved)),
    ]
    for (name, value) in [
      ("redirect_uri", redirectURI), ("state", state), ("verifier", verifier),
    ] {
      if let value { members.append(.init(name, .string(value))) }
    }
    if let credential { members.append(.init("credential", credential.json)) }
    return .object(members)
  }

  /// Reads a state; nil where it is none.
  init?(json: JSON) {
    guard let run = json["run"]?.text.flatMap(Run.init), let provider = json["provider"]?.text,
      let method = json["method"]?.text, let digest = json["digest"]?.text,
      let fields = json["fields"]?.texts, let scopes = json["scopes"]?.textList,
      let startedAt = json["started_at"]?.integerValue,
      let position = json["position"]?.integerValue.flatMap({ Int(exactly: $0) }),
      let callback = json["callback"]?.texts, let saved = json["saved"]?.texts
    else { return nil }
    self.init(
      run: run, provider: provider, method: method, digest: digest, fields: fields,
      scopes: scopes, redirectURI: json["redirect_uri"]?.text,
      startedAt: UnixTime(seconds: startedAt), position: position, state: json["state"]?.text,
      verifier: json["verifier"]?.text, callback: callback, saved: saved,
      credential: json["credential"].flatMap(CredentialRecord.init(json:)))
  }
}

extension CredentialRecord {
  /// The credential's JSON form, to be sealed.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("parts", .texts(parts)),
      .init("scopes", .array(scopes.map { .string($0) })),
    ]
    if let expiresAt { members.append(.init("expires_at", .integer(expiresAt.seconds))) }
    if let lifetime { members.append(.init("lifetime", .integer(lifetime))) }
    return .object(members)
  }

  /// Reads a credential; nil where it is none.
  init?(json: JSON) {
    guard let parts = json["parts"]?.texts, let scopes = json["scopes"]?.textList else {
      return nil
    }
    self.init(
      parts: parts, scopes: scopes,
      expiresAt: json["expires_at"]?.integerValue.map(UnixTime.init),
      lifetime: json["lifetime"]?.integerValue)
  }
}

extension JSON {
  /// An object of texts, sorted by name.
  static func texts(_ texts: [String: String]) -> JSON {
    .object(texts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
  }

  /// The texts of an object; nil where it is anything else.
  var texts: [String: String]? {
    guard case .object(let members) = self else { return nil }
    var result: [String: String] = [:]
    for member in members {
      guard let text = member.value.text else { return nil }
      result[member.name] = text
    }
    return result
  }

  /// The texts of an array; nil where it is anything else.
  var textList: [String]? {
    guard case .array(let elements) = self else { return nil }
    let texts = elements.compactMap(\.text)
    return texts.count == elements.count ? texts : nil
  }

  /// A 64-bit integer; nil where it is anything else.
  var integerValue: Int64? {
    guard case .number(let text) = self else { return nil }
    return Int64(strict: text)
  }
}
