internal import HTTPTypes
package import Keywright
package import KeywrightDefinition

/// A method run from end to end against its own provider, simulated: connect, account, sign, renew, verify, revoke.
package struct Rehearsal: Sendable {
  /// What is tried, in its order.
  package enum Act: String, Sendable, CaseIterable {
    case connect, account, sign, renew, verify, revoke
  }

  /// What came of one of them.
  package enum Outcome: Sendable, Hashable {
    case passed
    /// The spec has nothing for it.
    case notOffered
    case failed(String)
  }

  /// Which way of filling in the form this was, such as `environment=sandbox`; empty where there is one.
  package let variant: String
  /// What came of each act that was tried.
  package private(set) var outcomes: [(act: Act, outcome: Outcome)] = []
  /// What the provider saw.
  package private(set) var seen: [SimulatedProvider.Exchange] = []

  /// What failed; nil where all went well.
  package var failure: (act: Act, reason: String)? {
    for (act, outcome) in outcomes {
      if case .failed(let reason) = outcome { return (act, reason) }
    }
    return nil
  }

  /// Where the browser comes back to in a rehearsal.
  package static let redirectURI = "https://app.example.com/callback"

  /// Rehearses a method in each way that its form can be filled in: by every choice, whole and as empty as allowed.
  package static func all(of method: Method, in definition: Definition) async -> [Rehearsal] {
    var rehearsals: [Rehearsal] = []
    for form in FilledForm.all(of: method) {
      var rehearsal = Rehearsal(variant: form.variant)
      await rehearsal.run(method, of: definition, form)
      rehearsals.append(rehearsal)
    }
    return rehearsals
  }

  private mutating func run(
    _ method: Method, of definition: Definition, _ form: FilledForm
  ) async {
    do {
      let registration = Simulator.Registration(
        values: form.values, isWhole: true, redirectURIs: [Self.redirectURI])
      let provider = try SimulatedProvider(
        definition, method: method.id, registration: registration)
      defer { seen = provider.seen }
      let client = form.client(of: method)
      guard
        let connection = await attempt(
          .connect,
          {
            try await Self.connect(method, of: definition, form, over: provider) { url in
              try provider.consent(at: url)
            }
          })
      else { return }
      if method.account == nil {
        note(.account, .notOffered)
      } else {
        note(.account, connection.account == nil ? .failed("no account came") : .passed)
      }
      await use(connection, method, client, provider)
    } catch {
      note(.connect, .failed("\(error)"))
    }
  }

  /// Connects with what a form holds.
  /// - Parameter browse: the person and the browser: from the authorization URL to the callback's.
  package static func connect(
    _ method: Method, of definition: Definition, _ form: FilledForm, over transport: some Transport,
    browse: (String) throws -> String
  ) async throws -> AnyConnection {
    let any = try AnyProvider(definition).method(method.id)
    let (client, person) = (form.client(of: method), form.person(of: method))
    guard any.needsBrowser else {
      return try await any.connect(person, client: client, over: transport)
    }
    let pending = try await any.begin(
      person, client: client, redirectURI: RedirectURI(redirectURI), over: transport)
    return try await pending.finish(
      callback: browse(pending.url), client: client, over: transport)
  }

  private mutating func use(
    _ connection: AnyConnection, _ method: Method, _ client: AnyClient,
    _ provider: SimulatedProvider
  ) async {
    var connection = connection
    let names = method.credentials.map(\.name)
      .filter { connection.credential(named: $0 ?? "") != nil }
    let first = connection
    // Without an API there is nothing to call, though credentials are renewed and ended.
    let callers = method.api == nil ? [] : names.isEmpty ? [nil] : names
    if callers.isEmpty {
      note(.sign, .notOffered)
    } else {
      await attempt(.sign) { try await Self.call(first, callers, client, provider) }
    }
    let renewable = names.filter { connection.isRenewable($0) }
    if renewable.isEmpty {
      note(.renew, .notOffered)
    } else {
      let renewed = await attempt(.renew) {
        var renewed = first
        for name in renewable {
          renewed = try await renewed.renewed(name, client: client, over: provider)
        }
        try await Self.call(renewed, callers, client, provider)
        return renewed
      }
      guard let renewed else { return }
      connection = renewed
    }
    let last = connection
    if method.verify.isEmpty, method.account?.step == nil {
      note(.verify, .notOffered)
    } else {
      await attempt(.verify) { try await last.verify(client: client, over: provider) }
    }
    if method.revoke.isEmpty {
      note(.revoke, .notOffered)
    } else {
      await attempt(.revoke) {
        try await last.revoke(client: client, over: provider)
        try await Self.seeEnded(last, callers, client, provider)
      }
    }
  }

  /// Calls the API with each credential: each has to open it.
  private static func call(
    _ connection: AnyConnection, _ names: [String?], _ client: AnyClient,
    _ provider: SimulatedProvider
  ) async throws {
    for name in names {
      let answer = try await answer(to: connection, name, client, provider)
      guard answer.status == 200, !connection.isUnauthorized(answer) else {
        let words = String(decoding: answer.body, as: UTF8.self)
        throw RehearsalFailure("the API answered \(answer.status) to a signed request: \(words)")
      }
    }
  }

  /// What was revoked has to be refused.
  private static func seeEnded(
    _ connection: AnyConnection, _ names: [String?], _ client: AnyClient,
    _ provider: SimulatedProvider
  ) async throws {
    for name in names {
      let answer = try await answer(to: connection, name, client, provider)
      guard connection.isUnauthorized(answer) else {
        throw RehearsalFailure("the credential works still, after it was revoked")
      }
    }
  }

  private static func answer(
    to connection: AnyConnection, _ name: String?, _ client: AnyClient,
    _ provider: SimulatedProvider
  ) async throws -> TransportAnswer {
    let (request, body) = try connection.sign(.get("/simulated"), as: name, client: client)
    return try await provider.send(request, body: body)
  }

  @discardableResult
  private mutating func attempt<Value: Sendable>(
    _ act: Act, _ work: () async throws -> Value
  ) async -> Value? {
    do {
      let value = try await work()
      note(act, .passed)
      return value
    } catch {
      note(act, .failed("\(error)"))
      return nil
    }
  }

  private mutating func note(_ act: Act, _ outcome: Outcome) { outcomes.append((act, outcome)) }
}

private struct RehearsalFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
