import Keywright
import KeywrightDefinition
import KeywrightTesting
import Testing

/// A flow of any spec, driven event by event over answers that are given.
struct SpecFlow {
  let engine: Engine
  let setup: Setup
  var state: FlowState
  /// The requests that were made, in their order.
  var requests: [OutgoingRequest] = []
  /// Where the browser was sent.
  var url: String?

  static let surroundings = Flow.surroundings()

  init(
    _ spec: String, method: String? = nil, setup: [String: String] = [:],
    fields: [String: String] = [:], hints: [String: String] = [:], scopes: [String] = []
  ) throws {
    let definition = try Definition(spec: spec)
    engine = try Engine(definition, method: method ?? definition.methods[0].id)
    self.setup = Setup(values: setup)
    state = FlowState(
      connectingBy: engine, fields: fields, scopes: scopes, hints: hints,
      redirectURI: engine.method.leaves ? Flow.redirectURI : nil,
      at: UnixTime(seconds: 1_700_000_000))
  }

  /// Begins, or begins a run over what there is.
  mutating func begin(
    _ run: FlowState.Run? = nil, of subject: String? = nil, answers: [TransportAnswer] = []
  ) throws {
    if let run {
      var next = FlowState(
        run: run, provider: "demo", method: engine.method.id, digest: "", fields: state.fields,
        scopes: state.scopes, redirectURI: state.redirectURI, startedAt: state.startedAt)
      next.subject = subject
      next.saved = state.saved
      next.credentials = state.credentials
      state = next
    }
    try go(.begin, answers)
  }

  /// Comes back with a callback's query, in which STATE stands for the flow's state.
  mutating func callback(_ query: String, answers: [TransportAnswer]) throws {
    let text = query.replacing("STATE", with: state.state ?? "")
    try go(.callback("https://app.example.test/cb?" + text), answers)
  }

  private mutating func go(_ event: EngineEvent, _ answers: [TransportAnswer]) throws {
    var answers = answers
    var (next, effect) = engine.advance(state, event, setup: setup, in: Self.surroundings)
    while true {
      state = next
      switch effect {
      case .done:
        #expect(answers.isEmpty, "\(answers.count) answers are left")
        return
      case .redirect(let url):
        self.url = url
        return
      case .denied(let error), .failed(let error): throw error
      case .request(let request):
        requests.append(request)
        let answer = try #require(answers.first, "no answer for \(request)")
        answers.removeFirst()
        (next, effect) = engine.advance(
          state, .answer(answer), setup: setup, in: Self.surroundings)
      }
    }
  }

  /// The body of a request.
  func body(_ index: Int) -> String {
    String(decoding: requests[index].body ?? [], as: UTF8.self)
  }

  /// The path of a request, with its query.
  func path(_ index: Int) -> String {
    (requests[index].request.authority ?? "") + (requests[index].request.path ?? "")
  }
}

extension TransportAnswer {
  static func text(_ text: String, status: Int = 200) -> TransportAnswer {
    TransportAnswer(status: status, headers: [:], body: Array(text.utf8))
  }
}
