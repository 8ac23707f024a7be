import KeywrightDefinition

/// What a method does otherwise than the RFCs say or advise, found in its definition.
struct Deviations {
  private(set) var lines: [[PageText.Inline]] = []

  init(_ method: Method) {
    if let leave = method.authorize.compactMap(\.leave).first { addAuthorization(leave) }
    addTokenRequests(of: method)
    addTokenAnswers(of: method)
    addCredentials(of: method)
    addPlainAddresses(of: method)
  }

  private mutating func addAuthorization(_ leave: Leave) {
    let query = Dictionary(leave.query.map { ($0.name, $0.value.description) }) { $1 }
    if query["code_challenge"] == nil {
      add("No PKCE, which RFC 9700 §2.1.1 asks for.")
    } else if query["code_challenge_method"] == "plain" {
      add("PKCE with the method ", .code("plain"), ", which hides nothing (RFC 7636 §4.2).")
    }
    if query["response_type"] == nil {
      add("The authorization request has no ", .code("response_type"), ".")
    }
    if query["client_id"] == nil, query.values.contains("$<client_id>") {
      add("The client's id has another name than ", .code("client_id"), ".")
    }
    if leave.stateParameter != "state" {
      add("The state is called ", .code(leave.stateParameter), ".")
    }
    if leave.isFormPost { add("The callback comes as a form, by POST.") }
    for field in leave.take where field.name != "code" && field.type != .text {
      add("The callback brings ", .code(field.name), ".")
    }
  }

  private mutating func addTokenRequests(of method: Method) {
    if method.scopes.separator != " ", !method.scopes.known.isEmpty {
      add(
        "Scopes are joined by ", .code(method.scopes.separator),
        " and not by a space (RFC 6749 §3.3).")
    }
    let requests = method.leaves ? method.exchange.compactMap(\.request) : []
    for request in requests where request.with == .client || request.body != nil {
      if case .json = request.body {
        add("The token request is JSON, and no form (RFC 6749 §4.1.3).")
      }
      if request.verb != .post {
        add(
          "The token request is a ", .code(request.verb.rawValue.asciiUppered),
          " (RFC 6749 §3.2 wants POST).")
      }
      if request.format == .form { add("The token answer is a form, and no JSON (RFC 6749 §5.1).") }
    }
  }

  private mutating func addTokenAnswers(of method: Method) {
    for step in method.exchange where step.request != nil {
      guard let place = step.error?.code else { continue }
      add("An error stands at ", .code(place.description), ".")
    }
    for step in method.exchange {
      let isRefusedWith200 =
        step.accept?.conjuncts.contains { $0.reads("body") && $0.description.contains("== true") }
        == true
      if isRefusedWith200 {
        add(
          "A refusal may come with status 200; what counts is ",
          .code("\(step.accept?.description ?? "")"), ".")
      }
    }
  }

  private mutating func addCredentials(of method: Method) {
    for rule in method.credentials {
      if rule.sign?.query.isEmpty == false {
        add(
          "The credential stands in the URL, where logs see it (RFC 6750 §2.3 advises against it).")
      }
      if rule.refreshToken == .kept { add("The first refresh token stays for good.") }
    }
    if let condition = method.api?.unauthorized {
      add("That a credential is no longer good is told by ", .code("\(condition)"), ".")
    }
  }

  /// Each address without TLS has a reason; several may have the same.
  private mutating func addPlainAddresses(of method: Method) {
    let steps =
      method.authorize + method.exchange + method.credentials.flatMap(\.renewal.written)
      + method.revoke + method.verify + [method.account?.step].compactMap { $0 }
    let api = method.api.map { api in ([api.base] + api.also).map { ($0, api.unsafe) } } ?? []
    let own = steps.map { ($0.request?.url.template ?? $0.leave?.url.template, $0.unsafe) }
    var told: Set<String> = []
    for (url, reason) in api + own {
      guard let url, let reason, url.isPlain, told.insert("\(url) \(reason)").inserted else {
        continue
      }
      add("Plain http at ", .code(url.description), ": ", .text(reason))
    }
  }

  private mutating func add(_ line: PageText.Inline...) { lines.append(line) }
}
