internal import HTTPTypes
internal import Keywright
internal import KeywrightDefinition

extension Simulator {
  /// Says no, where the definition looks for the reason.
  func refuse(_ refusal: Refusal, _ endpoint: Endpoint?) -> TransportAnswer {
    var draft = AnswerDraft(knowledge)
    draft.status = refusal.status
    var format = Request.Format.json
    var headers: HTTPFields = [.cacheControl: "no-store"]
    if refusal.code == .noCredential {
      draft.body = .object([.init("message", .string(refusal.description))])
    } else {
      draft.body = .object([
        .init("error", .string(refusal.code.rawValue)),
        .init("error_description", .string(refusal.description)),
      ])
      if let code = endpoint?.step?.error?.code {
        var own = AnswerDraft(knowledge)
        own.status = refusal.status
        if own.put(.string(refusal.code.rawValue), by: code) { draft = own }
      }
    }
    if case .request(let request)? = endpoint?.role { format = request.format }
    if endpoint?.isOfAPI == true {
      if let condition = method.api?.unauthorized, refusal.status == 401 { draft.make(condition) }
      if draft.status == 401 {
        let code = refusal.code == .noCredential ? "" : #", error="invalid_token""#
        headers[.wwwAuthenticate] = #"Bearer realm="simulated""# + code
      }
    } else if refusal.status == 401 {
      headers[.wwwAuthenticate] = #"Basic realm="simulated""#
    }
    if format == .none { format = .json }
    headers[.contentType] = format.mediaType
    return TransportAnswer(
      status: draft.status, headers: headers,
      body: Array(format.text(of: draft.body ?? .object([])).utf8))
  }

  /// What the author of a spec is told, by an answer that no flow takes for a provider's.
  func unable(_ step: Step, _ endpoint: Endpoint, _ accept: Expression) -> TransportAnswer {
    let name = step.id.map { "the step '\($0)'" } ?? "the step of '\(endpoint.stage)'"
    let text =
      "the simulator can't make an answer that \(name) accepts ('\(accept)'); write one under 'example'"
    return TransportAnswer(
      status: 400, headers: [.contentType: "application/json"],
      body: Array(
        JSON.object([
          .init("error", .string("no_example")), .init("error_description", .string(text)),
        ]).compactText.utf8))
  }

  func page(for refusals: [Refusal]) -> TransportAnswer {
    let refusal = refusals.min { $0.rank < $1.rank }
    return page(
      "\(refusal?.code.rawValue ?? "invalid_request"): \(refusal?.description ?? "nobody knows where to go back to")",
      status: 400)
  }

  func page(_ text: String, status: Int = 200) -> TransportAnswer {
    TransportAnswer(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: Array(text.utf8))
  }
}
