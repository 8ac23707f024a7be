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
        let next: EngineEvent
        do {
          next = .answer(try await transport.send(outgoing.request, body: outgoing.body))
        } catch {
          next = .failure(error)
        }
        (state, effect) = engine.advance(state, next, setup: setup, in: surroundings)
      }
    }
    throw AuthorizationError(.incompatible, "more requests than any flow needs")
  }
}
