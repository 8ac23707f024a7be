/// Carries the engine's requests to the world and back, until it is done.
struct Runner {
  let engine: Engine
  let setup: Setup
  let surroundings: Surroundings

  /// The most requests of one run; no spec needs as many, so more would be a loop.
  static let requestLimit = 32

  /// Runs a flow to its end.
  func run(
    _ state: FlowState, _ event: EngineEvent, over transport: some Transport
  ) async throws(AuthorizationError) -> FlowState {
    let (end, url) = try await go(state, event, over: transport)
    if url != nil {
      throw AuthorizationError(.incompatible, "the browser would have to leave once more")
    }
    return end
  }

  /// Runs a flow until the browser leaves or until its end.
  /// - Returns: the state, and the URL for the browser where it leaves.
  func go(
    _ state: FlowState, _ event: EngineEvent, over transport: some Transport
  ) async throws(AuthorizationError) -> (FlowState, url: String?) {
    var (state, effect) = engine.advance(state, event, setup: setup, in: surroundings)
    for _ in 0..<Self.requestLimit {
      switch effect {
      case .done: return (state, nil)
      case .denied(let error), .failed(let error): throw error
      case .redirect(let url): return (state, url)
      case .request(let outgoing):
        let ending = await send(outgoing, of: state, over: transport)
        let next: EngineEvent =
          switch ending {
          case .success(let answer): .answer(answer)
          case .failure(let failure): .failure(failure)
          }
        (state, effect) = engine.advance(state, next, setup: setup, in: surroundings)
      }
    }
    throw AuthorizationError(.incompatible, "more requests than any flow needs")
  }

  /// Sends one request, and tells of it where somebody wants to know.
  private func send(
    _ outgoing: OutgoingRequest, of state: FlowState, over transport: some Transport
  ) async -> Result<TransportAnswer, TransportError> {
    let start = ContinuousClock.now
    let ending: Result<TransportAnswer, TransportError>
    do {
      ending = .success(try await transport.deliver(outgoing.request, body: outgoing.body))
    } catch {
      ending = .failure(error)
    }
    guard let observe = surroundings.observe else { return ending }
    let plan = engine.plan(state.run, of: state.subject)
    let planned = plan.indices.contains(state.position) ? plan[state.position] : nil
    observe(
      ObservedExchange(
        stage: planned?.stage ?? state.run.rawValue, step: planned?.step.id, request: outgoing,
        ending: ending, duration: ContinuousClock.now - start,
        secrets: Redaction.secrets(engine.method, state, setup)))
    return ending
  }
}
