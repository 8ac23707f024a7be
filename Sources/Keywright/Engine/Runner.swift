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
    var (state, effect) = engine.advance(state, event, setup: setup, in: surroundings)
    for _ in 0..<Self.requestLimit {
      switch effect {
      case .done: return state
      case .denied(let error), .failed(let error): throw error
      case .redirect:
        throw AuthorizationError(.incompatible, "the browser would have to leave once more")
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
