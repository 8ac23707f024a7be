internal import HTTPTypes
internal import Keywright
internal import KeywrightCrypto
package import KeywrightDefinition
internal import Synchronization

/// The provider of a transcript: answers as it is written, and notes where what comes is not what is written.
final class TranscriptPlayer: Transport {
  private struct State {
    var nonces = Nonces()
    var exchanges: [Transcript.Exchange] = []
    var differences: [String] = []

    mutating func compare(_ what: String, _ expected: WireText, _ found: WireText) {
      if nonces.matches(expected, found) { return }
      differences.append("\(what)\n" + both(expected.description, found.description))
    }
  }

  private let state = Mutex(State())

  /// What was not as it is written, in the order of the flow.
  var differences: [String] { state.withLock { $0.differences } }

  /// What the flow made for itself.
  var nonces: Nonces { state.withLock { $0.nonces } }

  func note(_ difference: String) { state.withLock { $0.differences.append(difference) } }

  /// Notes where two things differ, both in full.
  func compare(_ what: String, _ expected: WireText, _ found: WireText) {
    state.withLock { $0.compare(what, expected, found) }
  }

  /// Notes where what a connection holds differs.
  func compare(_ what: String, _ expected: [String: String], _ found: [String: String]) {
    if expected == found { return }
    func text(_ values: [String: String]) -> String {
      values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    }
    note("\(what)\n" + both(text(expected), text(found)))
  }

  /// Notes where two URLs differ.
  func compare(browser expected: String, _ found: String) {
    state.withLock { state in
      if state.nonces.matches(expected, found) { return }
      state.differences.append("the browser goes elsewhere\n" + both(expected, found))
      // The rest is worth telling too.
      let pairs = (try? URLParts(reading: found))?.queryPairs ?? []
      state.nonces.bind("state", pairs.first { $0.name == "state" }?.value)
      state.nonces.bind("challenge", pairs.first { $0.name == "code_challenge" }?.value)
    }
  }

  /// Plays some exchanges; what throws, and requests that do not come, are differences.
  func play<Result>(
    _ stage: String, _ exchanges: [Transcript.Exchange], _ body: () async throws -> Result
  ) async -> Result? {
    state.withLock { $0.exchanges = exchanges }
    var result: Result?
    do {
      result = try await body()
    } catch {
      note("\(stage) fails: \(error)")
    }
    state.withLock { state in
      for exchange in state.exchanges {
        state.differences.append("\(stage) does not send\n\(exchange.request)")
      }
    }
    return result
  }

  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    let found = WireText(request, body: body)
    let answer: TransportAnswer? = state.withLock { state in
      guard !state.exchanges.isEmpty else {
        state.differences.append("nothing is written of this request:\n\(found)")
        return nil
      }
      let exchange = state.exchanges.removeFirst()
      state.compare("a request differs", exchange.request, found)
      return exchange.answer.answer
    }
    guard let answer else { throw TransportError(.unreachable, "no answer is left") }
    return answer
  }
}

/// What was expected and what was found, in full.
private func both(_ expected: String, _ found: String) -> String {
  "--- expected\n\(expected)\n--- found\n\(found)\n---"
}

extension Transcript {
  /// When the flow goes on; the clock stands.
  private static let now: Int64 = 1_700_000_000

  /// Bytes that count: no two values of a flow are the same, and all are known beforehand.
  private static func surroundings() -> Surroundings {
    let given = Mutex<UInt8>(0)
    return Surroundings(
      now: { UnixTime(seconds: now) },
      randomBytes: { count in
        given.withLock { given in
          let bytes = (0..<count).map { given &+ UInt8(truncatingIfNeeded: $0) }
          given &+= UInt8(truncatingIfNeeded: count)
          return bytes
        }
      })
  }

  /// Where the flow that a definition describes is not what is written; nothing, where it is.
  package func differences(from definition: Definition) async throws -> [String] {
    let player = TranscriptPlayer()
    let way = try AnyProvider(definition).method(method)
    guard let rules = definition.method(method) else {
      throw Failure(description: "'\(provider)' has no method '\(method)'")
    }
    guard let connection = await connected(by: way, player) else { return player.differences }
    player.compare("what it gives differs", gives, holdings(of: connection, by: rules))
    for call in calls {
      _ = await player.play("signing", []) {
        let (request, body) = try connection.sign(
          call.ask.request, body: call.ask.body.isEmpty ? nil : Array(call.ask.body.utf8),
          as: call.credential, client: AnyClient(setup))
        player.compare("a signed request differs", call.request, WireText(request, body: body))
      }
    }
    await renewAndRevoke(connection, by: rules, player)
    checkChallenge(player)
    return player.differences
  }

  private func connected(
    by way: AnyMethod, _ player: TranscriptPlayer
  ) async -> AnyConnection? {
    let client = AnyClient(setup)
    let surroundings = Self.surroundings()
    return await player.play("connecting", connect) {
      guard let browser else {
        return try await way.connect(
          ProviderFields(entries: ask), client: client, over: player, in: surroundings)
      }
      let pending = try way.begin(
        ProviderFields(entries: ask), client: client, scopes: scopes,
        hints: ProviderFields(entries: hints), redirectURI: RedirectURI(redirectURI),
        in: surroundings)
      player.compare(browser: browser, pending.url)
      return try await pending.finish(
        callback: redirectURI + "?" + player.nonces.filled(callback), client: client, over: player,
        in: surroundings)
    }
  }

  private func renewAndRevoke(
    _ connection: AnyConnection, by rules: Method, _ player: TranscriptPlayer
  ) async {
    let (client, surroundings) = (AnyClient(setup), Self.surroundings())
    var connection = connection
    for renewal in renewals {
      let name = renewal.credential
      let renewed = await player.play("renewing", renewal.exchanges) {
        try await connection.renewed(name, client: client, over: player, in: surroundings)
      }
      if let renewed { connection = renewed }
    }
    if !renewals.isEmpty {
      player.compare(
        "what it gives then differs", givesThen, holdings(of: connection, by: rules))
    } else if connection.isRenewable() {
      player.note("it can be renewed, and nothing is written of that")
    }
    if !revoke.isEmpty {
      await player.play("revoking", revoke) {
        try await connection.revoke(client: client, over: player, in: surroundings)
      }
    } else if !rules.revoke.isEmpty {
      player.note("it can be revoked, and nothing is written of that")
    }
  }

  /// RFC 7636 §4.2.
  private func checkChallenge(_ player: TranscriptPlayer) {
    let values = player.nonces.values
    // What differs anyway may have kept a nonce from being found.
    guard player.differences.isEmpty, values["challenge"] != nil || values["verifier"] != nil else {
      return
    }
    let digest = KeywrightCrypto.digest(Array((values["verifier"] ?? "").utf8), .sha256)
    if values["challenge"] != Encoding.base64URL(digest) {
      player.note("the challenge is not the verifier's: \(values)")
    }
  }

  /// What a connection holds, by dotted names.
  private func holdings(of connection: AnyConnection, by rules: Method) -> [String: String] {
    var found: [String: String] = [:]
    let names = rules.credentials.map(\.name)
    for name in names.isEmpty ? [nil] : names {
      let prefix = name.map { $0 + "." } ?? ""
      guard let credential = connection.credential(named: name ?? "") else { continue }
      for part in rules.parts { found[prefix + part] = credential[part]?.reveal() }
      if !credential.scopes.isEmpty {
        found[prefix + "scopes"] = credential.scopes.joined(separator: ", ")
      }
      found[prefix + "expires_in"] = credential.expiresAt.map { "\($0.seconds - Self.now)" }
      found[prefix + "refresh_expires_in"] = credential.refreshExpiresAt.map {
        "\($0.seconds - Self.now)"
      }
    }
    found["account"] = connection.account?.id
    found["account_name"] = connection.account?.name
    found["account_email"] = connection.account?.email
    found["account_picture"] = connection.account?.picture
    for field in (rules.authorize + rules.exchange).flatMap(\.save) {
      found["saved.\(field.name)"] = connection.savedText(field.name)
    }
    if !connection.warnings.isEmpty {
      found["warnings"] = connection.warnings.joined(separator: ", ")
    }
    return found
  }
}

extension Method {
  /// The names of the parts that a credential may have.
  fileprivate var parts: Set<String> {
    let made = exchange.flatMap(\.credentials).flatMap(\.parts).map(\.name)
    return Set(made).subtracting(CredentialTemplate.publicParts)
  }
}
