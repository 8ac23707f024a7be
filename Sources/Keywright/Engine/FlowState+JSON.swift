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
      ("nonce", nonce), ("subject", subject), ("latest", latest),
    ] {
      if let value { members.append(.init(name, .string(value))) }
    }
    if !hints.isEmpty { members.append(.init("hints", .texts(hints))) }
    if !made.isEmpty {
      let sorted = made.sorted { $0.key < $1.key }
      members.append(.init("made", .object(sorted.map { .init($0.key, $0.value.stored) })))
    }
    let sorted = credentials.sorted { $0.key < $1.key }
    members.append(.init("credentials", .object(sorted.map { .init($0.key, $0.value.json) })))
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
      startedAt: UnixTime(seconds: startedAt))
    self.position = position
    self.state = json["state"]?.text
    verifier = json["verifier"]?.text
    nonce = json["nonce"]?.text
    subject = json["subject"]?.text
    latest = json["latest"]?.text
    self.callback = callback
    self.saved = saved
    hints = json["hints"]?.texts ?? [:]
    for member in json["made"]?.members ?? [] { made[member.name] = Value(stored: member.value) }
    for member in json["credentials"]?.members ?? [] {
      guard let record = CredentialRecord(json: member.value) else { return nil }
      credentials[member.name] = record
    }
  }
}

extension Value {
  /// The value with its type, to be kept with a flow.
  fileprivate var stored: JSON {
    switch self {
    case .text(let text), .choice(let text, _): .object([.init("text", .string(text))])
    case .integer(let integer): .object([.init("integer", .integer(integer))])
    case .boolean(let truth): .object([.init("boolean", .boolean(truth))])
    case .bytes(let bytes): .object([.init("bytes", .string(Encoding.base64URL(bytes)))])
    case .list(let values): .object([.init("list", .array(values.map(\.stored)))])
    case .dynamic(let json): .object([.init("json", json)])
    case .xml(let elements): .object([.init("xml", .array(elements.map { .string($0.xmlText) }))])
    case .pairs(let pairs):
      .object([
        .init("pairs", .array(pairs.map { .array([.string($0.name), .string($0.value)]) }))
      ])
    case .record, .nothing: .null
    }
  }

  /// Reads a value that was kept; nil where it is none.
  fileprivate init?(stored json: JSON) {
    guard let member = json.members?.first else { return nil }
    switch (member.name, member.value) {
    case ("text", .string(let text)): self = .text(text)
    case ("integer", .number(let text)): self = .integer(Int64(strict: text) ?? 0)
    case ("boolean", .boolean(let truth)): self = .boolean(truth)
    case ("bytes", .string(let text)): self = .bytes(Encoding.bytes(base64URL: text) ?? [])
    case ("list", .array(let values)): self = .list(values.compactMap { Value(stored: $0) })
    case ("json", let json): self = .dynamic(json)
    case ("xml", .array(let texts)):
      self = .xml(texts.compactMap { try? XMLElement(reading: Array(($0.text ?? "").utf8)) })
    case ("pairs", .array(let pairs)):
      self = .pairs(pairs.map { Pair($0[0]?.text ?? "", $0[1]?.text ?? "") })
    default: return nil
    }
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
    if let end = refreshExpiresAt {
      members.append(.init("refresh_expires_at", .integer(end.seconds)))
    }
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
      lifetime: json["lifetime"]?.integerValue,
      refreshExpiresAt: json["refresh_expires_at"]?.integerValue.map(UnixTime.init))
  }
}
