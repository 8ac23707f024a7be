internal import Keywright
internal import KeywrightDefinition
internal import Synchronization

/// One attempt at something: an authorization, a renewal, an end. It gathers what happens until it ends.
final class Attempt: Sendable {
  /// The attempt that the running task works for: what the engine sends is written down in it.
  @TaskLocal static var current: Attempt?

  /// What is attempted.
  enum Kind: String, Sendable, CaseIterable {
    case authorization, renewal, verification, deletion, importing = "import"
    /// Events: a connection that was good no longer is, and the other way round.
    case broken, recovered
  }

  /// How an attempt can stand.
  static let states = ["running", "success", "failed", "timeout"]

  let id: String
  let kind: Kind
  let environment: String
  let integration: String?
  let provider: String?
  let startedAt: Int64

  private struct State {
    var stages: [Stage] = []
    var connection: String?
    var connectionID: String?
    var isWritten = false
  }

  private let start: ContinuousClock.Instant
  /// Milliseconds that passed before this process took the attempt up.
  private let before: Int64
  private let state: Mutex<State>

  init(
    id: String, kind: Kind, environment: String, integration: String?, provider: String?,
    connectionID: String?, connection: String? = nil, startedAt: Int64, before: Int64 = 0,
    stages: [Stage] = []
  ) {
    self.id = id
    self.kind = kind
    self.environment = environment
    self.integration = integration
    self.provider = provider
    self.startedAt = startedAt
    self.before = before
    start = .now
    state = Mutex(State(stages: stages, connection: connection, connectionID: connectionID))
  }

  private var elapsed: Int64 { before + Int64((ContinuousClock.now - start) / .milliseconds(1)) }

  /// Writes down what happened.
  func note(_ stage: String, _ message: String) {
    let at = elapsed
    state.withLock { $0.stages.append(Stage(at: at, stage: stage, message: message)) }
  }

  /// Writes down a request.
  func note(_ exchange: ObservedExchange) {
    let took = Int64(exchange.duration / .milliseconds(1))
    let stage = Stage(exchange, at: max(0, elapsed - took))
    state.withLock { $0.stages.append(stage) }
  }

  /// Says which connection it came to be about.
  func belongs(to connection: String, named id: String) {
    state.withLock {
      $0.connection = connection
      $0.connectionID = id
    }
  }

  var stages: [Stage] { state.withLock { $0.stages } }
  var connection: String? { state.withLock { $0.connection } }
  var connectionID: String? { state.withLock { $0.connectionID } }
}

/// How an attempt ended.
enum AttemptEnding: Sendable {
  case success(String)
  case failure(code: String, message: String, nextStep: String)

  init(_ error: any Error) {
    switch error {
    case let error as AuthorizationError:
      var message = error.message
      if let code = error.providerCode { message += "; the provider's code: \(code)" }
      if let words = error.providerDescription { message += "; its words: \(words)" }
      self = .failure(code: error.code.text, message: message, nextStep: error.nextStep)
    case let error as APIError:
      self = .failure(
        code: error.code, message: error.message, nextStep: "correct the call, and try again")
    default:
      self = .failure(
        code: "internal_error", message: "the server failed; its log says why",
        nextStep: "look at the server's log, and try again")
    }
  }
}
