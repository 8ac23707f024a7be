public import HTTPTypes
public import Keywright
package import KeywrightDefinition
internal import Synchronization

/// A provider that is played in this process, out of its spec: a transport for tests and for trying things out.
///
/// ```swift
/// let app = OAuthClient(id: "cid", secret: Secret("s3cret"))
/// let provider = try SimulatedProvider(of: Zendesk.self, method: "oauth", client: app)
/// let pending = try desk.oauth.begin(client: app, redirectURI: uri)
/// let callback = try provider.consent(at: pending.url)
/// let connection = try await pending.finish(callback: callback, client: app, over: provider)
/// ```
///
/// It holds what an authorization server holds: codes that work once, verifiers, redirect URIs, rotation, revocation;
/// and refuses what is wrong by the RFC's error. It knows the API as the spec describes it and no more.
public final class SimulatedProvider: Transport {
  private struct State {
    /// One for each method that is played.
    var simulators: [Simulator]
    var faults = FaultPlan()
    var seen: [Exchange] = []

    /// The method that a request fits best, and its stage there.
    func reading(of request: HTTPRequest, _ body: [UInt8]?) -> (index: Int, stage: String) {
      let readings = simulators.map { $0.reading(of: request, body: body) }
      let index = Self.nearest(readings.map { $0?.distance })
      return (index, readings[index]?.stage ?? "unknown")
    }

    /// The method whose authorization request a URL is, as far as can be told.
    func index(ofBrowsing url: String) -> Int {
      Self.nearest(simulators.map { $0.distance(ofBrowsing: url) })
    }

    private static func nearest(_ distances: [Int?]) -> Int {
      let distances = distances.map { $0 ?? .max }
      return distances.firstIndex(of: distances.min() ?? .max) ?? 0
    }
  }

  /// A request that came, and the status that answered it.
  public struct Exchange: Sendable, CustomStringConvertible {
    /// What it was for: `authorize`, `exchange`, `renew`, `revoke`, `verify`, `account`, `api`, or `unknown`.
    public let stage: String
    /// The method of HTTP.
    public let method: String
    /// Scheme, host and path, without the query.
    public let address: String
    /// What answered it; nil where no whole answer came.
    public let status: Int?

    /// The stage, the request and what answered it.
    public var description: String {
      "\(stage): \(method) \(address) → \(status.map(String.init) ?? "no answer")"
    }
  }

  private let state: Mutex<State>
  private let pause: @Sendable (Duration) async throws -> Void

  /// Plays a provider of one's own or of the catalogue.
  /// - Parameters:
  ///   - method: the one that is played; nil is all of them.
  ///   - client: what is registered; any other is refused.
  ///   - person: what the person has at the provider, by the spec's names; what is not named may be anything.
  /// - Throws: ``AuthorizationError`` where the provider has no such method.
  public convenience init<P: Provider>(
    of provider: P.Type, method id: String? = nil, client: some ClientSetup = NoClient(),
    person: ProviderFields = [], in surroundings: Surroundings = .system
  ) throws(AuthorizationError) {
    let definition = try provider.compiledDefinition()
    var registration = Simulator.Registration(values: person.texts)
    registration.values.merge(client.setupFields.texts) { $1 }
    try self.init(definition, method: id, registration: registration, in: surroundings)
  }

  /// Plays a method of a definition, or all of them.
  package init(
    _ definition: Definition, method id: String? = nil, registration: Simulator.Registration,
    in surroundings: Surroundings = .system
  ) throws(AuthorizationError) {
    let methods = definition.methods.filter { id == nil || $0.id == id }
    guard !methods.isEmpty else {
      throw AuthorizationError(.incompatible, "'\(definition.id)' has no method '\(id ?? "")'")
    }
    pause = surroundings.pause
    state = Mutex(
      State(
        simulators: methods.map {
          Simulator(definition, method: $0, registration: registration, in: surroundings)
        }))
  }

  /// What came so far.
  public var seen: [Exchange] { state.withLock { $0.seen } }

  /// Lets the next requests of a stage go wrong.
  public func fail(_ stage: String, with fault: SimulatedFault, times: Int = 1) {
    state.withLock { $0.faults.add(fault, to: stage, times: times) }
  }

  /// Takes a connection as one that this provider gave out: it was made when another process played it.
  package func adopt(_ kept: KeptConnection) {
    state.withLock { state in
      for index in state.simulators.indices
      where state.simulators[index].method.id == kept.record.method {
        state.simulators[index].adopt(kept.record)
      }
    }
  }

  // MARK: The person

  /// Opens an authorization URL as a person's browser does, and decides.
  /// - Returns: the URL that the browser is sent back to.
  /// - Throws: ``SimulatedRefusal`` where the provider shows an error and sends nobody back.
  public func consent(at url: String, decline: Bool = false) throws(SimulatedRefusal) -> String {
    let result: Result<String, SimulatedRefusal> = state.withLock { state in
      let index = state.index(ofBrowsing: url)
      switch state.simulators[index].browse(url) {
      case .consent(let consent):
        return .success(
          state.simulators[index].decide(consent, decline ? .decline : .approve).url)
      case .answer(let answer):
        if let location = answer.headers[.location] { return .success(location) }
        return .failure(
          SimulatedRefusal(
            status: answer.status, text: String(decoding: answer.body, as: UTF8.self)))
      }
    }
    return try result.get()
  }

  /// Opens an authorization URL, and says what a person sees there.
  package func browse(_ url: String) -> Simulator.Reply {
    state.withLock { state in
      let index = state.index(ofBrowsing: url)
      return state.simulators[index].browse(url)
    }
  }

  /// A person has decided: where the browser goes.
  package func decide(_ consent: Consent, _ decision: Consent.Decision) -> Return {
    state.withLock { state in
      let index = state.simulators.firstIndex { $0.method.id == consent.method } ?? 0
      return state.simulators[index].decide(consent, decision)
    }
  }

  /// Whether a URL is one of this provider's.
  package func knows(_ url: String) -> Bool {
    state.withLock { $0.simulators.contains { $0.knows(url) } }
  }

  /// Where the provider is, as far as that is known before anybody asks, such as `https://acme.example.com`.
  package var addresses: [String] {
    state.withLock { state in
      var addresses: [String] = []
      for address in state.simulators.flatMap(\.addresses) where !addresses.contains(address) {
        addresses.append(address)
      }
      return addresses
    }
  }

  // MARK: The program

  /// Answers a request.
  public func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    let (answer, fault) = try await answer(request, body: body)
    switch fault {
    case .dropped?:
      throw TransportError(.interrupted, "the connection was closed without an answer")
    case .cutOff?:
      throw TransportError(.interrupted, "the connection was closed within the answer")
    case .latency?, .status?, .malformed?, nil: return answer
    }
  }

  /// The answer to a request, and what goes wrong with it on its way.
  func answer(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> (TransportAnswer, SimulatedFault?) {
    let (index, stage, fault) = state.withLock { state in
      let (index, stage) = state.reading(of: request, body)
      return (index, stage, state.faults.next(stage))
    }
    if case .latency(let duration)? = fault {
      do { try await pause(duration) } catch { throw TransportError(.timedOut, "cancelled") }
    }
    let answer = state.withLock { state in
      let answer = fault?.answer ?? state.simulators[index].answer(request, body: body)
      let isWhole = fault != .dropped && fault != .cutOff
      state.seen.append(
        Exchange(stage: stage, request: request, status: isWhole ? answer.status : nil))
      return answer
    }
    guard fault == .malformed else { return (answer, fault) }
    let broken = TransportAnswer(
      status: answer.status, headers: answer.headers, body: answer.body.dropLast() + [0x7B])
    return (broken, fault)
  }
}

extension SimulatedProvider.Exchange {
  fileprivate init(stage: String, request: HTTPRequest, status: Int?) {
    let path = (request.path ?? "").prefix { $0 != "?" }
    self.init(
      stage: stage, method: request.method.rawValue,
      address: "\(request.scheme ?? "https")://\(request.authority ?? "")\(path)", status: status)
  }
}

/// What a provider shows a person instead of sending the browser back.
public struct SimulatedRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  /// The status of the page.
  public let status: Int
  /// What the page says.
  public let text: String

  /// What the page says.
  public var description: String { text }
}
