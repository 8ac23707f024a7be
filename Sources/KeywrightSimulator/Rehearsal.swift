internal import HTTPTypes
internal import Keywright
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
      let (client, person) = (form.client(of: method), form.person(of: method))
      let any = try AnyProvider(definition).method(method.id)
      guard
        let connection = await attempt(
          .connect, { try await Self.connect(any, person, client, provider) })
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

  private static func connect(
    _ method: AnyMethod, _ person: ProviderFields, _ client: AnyClient,
    _ provider: SimulatedProvider
  ) async throws -> AnyConnection {
    guard method.needsBrowser else {
      return try await method.connect(person, client: client, over: provider)
    }
    let pending = try await method.begin(
      person, client: client, redirectURI: RedirectURI(redirectURI), over: provider)
    let callback = try provider.consent(at: pending.url)
    return try await pending.finish(callback: callback, client: client, over: provider)
  }

  private mutating func use(
    _ connection: AnyConnection, _ method: Method, _ client: AnyClient,
    _ provider: SimulatedProvider
  ) async {
    var connection = connection
    let names = method.credentials.map(\.name)
      .filter { connection.credential(named: $0 ?? "") != nil }
    guard method.api != nil else {
      note(.sign, .notOffered)
      return
    }
    let first = connection
    await attempt(.sign) { try await Self.call(first, names, client, provider) }
    let renewable = names.filter { connection.isRenewable($0) }
    if renewable.isEmpty {
      note(.renew, .notOffered)
    } else {
      let renewed = await attempt(.renew) {
        var renewed = first
        for name in renewable {
          renewed = try await renewed.renewed(name, client: client, over: provider)
        }
        try await Self.call(renewed, names, client, provider)
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
        try await Self.seeEnded(last, names, client, provider)
      }
    }
  }

  /// Calls the API with each credential.
  private static func call(
    _ connection: AnyConnection, _ names: [String?], _ client: AnyClient,
    _ provider: SimulatedProvider
  ) async throws {
    for name in names.isEmpty ? [nil] : names {
      let (request, body) = try connection.sign(.get("/simulated"), as: name, client: client)
      let answer = try await provider.send(request, body: body)
      guard answer.status == 200, !connection.isUnauthorized(answer) else {
        throw RehearsalFailure(
          "the API answered \(answer.status) to a signed request: \(String(decoding: answer.body, as: UTF8.self))"
        )
      }
    }
  }

  /// What was revoked has to be refused.
  private static func seeEnded(
    _ connection: AnyConnection, _ names: [String?], _ client: AnyClient,
    _ provider: SimulatedProvider
  ) async throws {
    for name in names.isEmpty ? [nil] : names {
      let (request, body) = try connection.sign(.get("/simulated"), as: name, client: client)
      let answer = try await provider.send(request, body: body)
      guard connection.isUnauthorized(answer) else {
        throw RehearsalFailure("the credential works still, after it was revoked")
      }
    }
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
