import KeywrightDefinition

/// What a browser has logged: what was requested, what was answered, and what its console says.
struct BrowserLog: Sendable {
  /// A line of the console.
  struct Line: Sendable {
    let level: String
    let text: String
    /// Seconds since 1970.
    let time: Double
  }

  /// A request, or the answer to one.
  struct Exchange: Sendable {
    let id: String
    let window: String
    let url: String
    /// Whether it is for the page itself, and not for a part of it.
    let isPage: Bool
    let time: Double
    let status: Int?
    let headers: [(name: String, value: String)]
  }

  private(set) var lines: [Line] = []
  private(set) var requests: [Exchange] = []
  private(set) var answers: [Exchange] = []

  /// Takes entries of chromedriver's log `browser`.
  mutating func addConsole(_ entries: [JSON]) {
    lines += entries.map {
      Line(
        level: $0["level"]?.text ?? "", text: $0["message"]?.text ?? "",
        time: Self.number($0["timestamp"]) / 1_000)
    }
  }

  /// Takes entries of chromedriver's log `performance`: events of Chromium's own protocol, as text within JSON.
  mutating func addEvents(_ entries: [JSON]) {
    for entry in entries {
      guard let text = entry["message"]?.text, text.contains("Network.re"),
        let event = try? JSON(reading: text), let message = event["message"],
        let parameters = message["params"]
      else { continue }
      switch message["method"]?.text {
      case "Network.requestWillBeSent":
        requests.append(exchange(parameters, parameters["request"], in: event["webview"]?.text))
      case "Network.responseReceived":
        answers.append(exchange(parameters, parameters["response"], in: event["webview"]?.text))
      default: continue
      }
    }
  }

  private func exchange(_ parameters: JSON, _ part: JSON?, in window: String?) -> Exchange {
    let (id, window) = (parameters["requestId"]?.text ?? "", window ?? "")
    // The frame around all others has its window's name.
    let isPage =
      parameters["type"]?.text == "Document" && parameters["loaderId"]?.text == id
      && parameters["frameId"]?.text == window
    return Exchange(
      id: id, window: window, url: part?["url"]?.text ?? "", isPage: isPage,
      time: Self.number(parameters["wallTime"]),
      status: (part?["status"]?.integerValue).map { Int($0) },
      headers: (part?["headers"]?.members ?? []).map { ($0.name, $0.value.text ?? "") })
  }

  private static func number(_ value: JSON?) -> Double {
    value?.scalarText.flatMap { Double($0) } ?? 0
  }
}
