package import KeywrightDefinition

/// The one engine: a state machine that knows steps, never presets and never providers.
///
/// `advance` is a function of its arguments alone; what does I/O stands around it.
package final class Engine: Sendable {
  /// What the engine runs.
  package let definition: Definition
  /// The method of it that is run.
  package let method: Method
  /// Whether some template reads `uuid` or `random`.
  let usesChance: Bool
  /// Of the definition.
  let digest: String

  /// The steps of each run, in their order; those of a renewal by the credential's name.
  private let plans: [FlowState.Run: [PlannedStep]]
  private let renewals: [String?: [PlannedStep]]

  /// A flow is open for so many seconds (ten minutes).
  package static let timeLimit: Int64 = 600

  /// The engine of one method.
  /// - Throws: where the definition has no such method.
  package convenience init(
    _ definition: Definition, method id: String
  ) throws(AuthorizationError) {
    guard let method = definition.method(id) else {
      throw AuthorizationError(
        .incompatible, "'\(definition.id)' has no method '\(id)'")
    }
    self.init(definition, method, digest: definition.digest)
  }

  init(_ definition: Definition, _ method: Method, digest: String) {
    self.definition = definition
    self.method = method
    self.digest = digest
    usesChance = method.readsChance
    plans = Self.plans(of: method)
    var renewals: [String?: [PlannedStep]] = [:]
    for name in [nil] + method.credentials.map(\.name) {
      renewals[name] = method.renewalSteps(of: name).map { PlannedStep(stage: "renew", step: $0) }
    }
    self.renewals = renewals
  }

  /// A step of a run, with the question that it answers.
  struct PlannedStep {
    let stage: String
    let step: Step
  }

  /// The steps of a run, in their order.
  func plan(_ run: FlowState.Run, of subject: String? = nil) -> [PlannedStep] {
    (run == .renew ? renewals[subject] : plans[run]) ?? []
  }

  private static func plans(of method: Method) -> [FlowState.Run: [PlannedStep]] {
    func planned(_ stage: String, _ steps: [Step]) -> [PlannedStep] {
      steps.map { PlannedStep(stage: stage, step: $0) }
    }
    let account = planned("account", [method.account?.step].compactMap { $0 })
    return [
      .connect: planned("authorize", method.authorize) + planned("exchange", method.exchange)
        + planned("verify", method.verify) + account,
      .revoke: planned("revoke", method.revoke),
      .verify: planned("verify", method.verify) + (method.verify.isEmpty ? account : []),
    ]
  }

  /// Takes one event, and says what is to be done next.
  ///
  /// With the same arguments it says the same, but for what `surroundings` give.
  package func advance(
    _ state: FlowState, _ event: EngineEvent, setup: Setup, in surroundings: Surroundings
  ) -> (FlowState, EngineEffect) {
    var machine = Machine(engine: self, state: state, setup: setup, surroundings: surroundings)
    let effect: EngineEffect
    do {
      effect = try machine.take(event)
    } catch {
      var error = error
      if error.stage != nil { error.step = machine.stepID }
      effect = error.code == .accessDenied ? .denied(error) : .failed(error)
    }
    return (machine.state, effect)
  }
}

/// One turn of the engine.
struct Machine {
  let engine: Engine
  var state: FlowState
  let setup: Setup
  let surroundings: Surroundings

  var plan: [Engine.PlannedStep] { engine.plan(state.run, of: state.subject) }

  var bindings: FlowBindings {
    FlowBindings(method: engine.method, state: state, setup: setup)
  }

  /// The id of the step that is under way, where the spec gives it one.
  var stepID: String? {
    plan.indices.contains(state.position) ? plan[state.position].step.id : nil
  }

  /// The stage that is under way, as errors name it.
  var stageName: String? {
    plan.indices.contains(state.position) ? plan[state.position].stage : nil
  }

  mutating func take(_ event: EngineEvent) throws(AuthorizationError) -> EngineEffect {
    switch event {
    case .begin: break
    case .callback(let url): try takeCallback(url)
    case .answer(let answer): try takeAnswer(answer)
    case .failure(let failure): throw error(failure)
    }
    return try proceed()
  }

  /// Runs steps until one needs the world.
  mutating func proceed() throws(AuthorizationError) -> EngineEffect {
    while plan.indices.contains(state.position) {
      let (stage, step) = (plan[state.position].stage, plan[state.position].step)
      // Outside the flow's own stages `credential` is the default one.
      if stage == "verify" || stage == "account" {
        try checkCredentials()
        state.latest = nil
      }
      if let condition = step.condition, condition.truth(in: bindings) != true {
        state.position += 1
        continue
      }
      try beginStep()
      switch step.action {
      case .leave(let leave): return .redirect(try url(of: leave))
      case .request(let request): return .request(try outgoing(request))
      case .keep:
        make(step.made, of: nil)
        try keep(step, of: nil)
        state.position += 1
      }
    }
    return try finish()
  }

  /// Fixes the time and the chance of a step: `now`, `uuid` and `random` are the same all through it.
  mutating func beginStep() throws(AuthorizationError) {
    state.requestedAt = surroundings.now()
    guard engine.usesChance else { return }
    do {
      state.chance = try surroundings.randomBytes(32)
    } catch {
      throw AuthorizationError(.incompatible, "the system gave no random bytes: \(error)")
    }
  }

  /// Where steps were to make a credential there is one, before anything is asked with it.
  private func checkCredentials() throws(AuthorizationError) {
    let makes = engine.method.exchange.contains { !$0.credentials.isEmpty }
    if state.run == .connect, makes, state.credentials.isEmpty {
      throw AuthorizationError(.missingCredential, "the flow ended without a credential")
    }
  }

  /// The flow's end: a credential, where steps were to make one, and an account, where one is read.
  private mutating func finish() throws(AuthorizationError) -> EngineEffect {
    let method = engine.method
    guard state.run == .connect else { return .done }
    try checkCredentials()
    if let account = method.account, account.step == nil {
      state.latest = nil
      state.account = try self.account(account, bindings)
    }
    for rule in method.credentials where rule.promisesRefreshToken {
      guard let credential = state.credentials[rule.name ?? ""], credential.expiresAt != nil,
        credential.parts["refresh_token"] == nil
      else { continue }
      state.warnings.append(
        "no refresh token came, though the spec promises one: the person is needed when this ends")
    }
    return .done
  }

  private func error(_ failure: TransportError) -> AuthorizationError {
    var error = AuthorizationError(failure)
    error.stage = stageName
    return error
  }
}

extension AuthorizationError {
  /// Why no whole answer came, as an error of a flow.
  init(_ failure: TransportError) {
    let code: Code =
      switch failure.reason {
      case .unreachable: .unreachable
      case .interrupted: .interrupted
      case .timedOut: .timedOut
      case .tooLarge: .answerTooLarge
      case .refused: .unfitRequest
      }
    self.init(code, failure.message)
  }
}

extension CredentialRule {
  /// Whether renewals need a refresh token, so that a flow should end with one.
  var promisesRefreshToken: Bool {
    refreshToken == .rotates
      || renewal.written.contains { step in
        (step.request?.body?.templates ?? []).contains { template in
          template.expressions.contains { $0.description == "credential.refresh_token" }
        }
      }
  }
}
