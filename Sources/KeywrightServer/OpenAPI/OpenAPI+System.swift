internal import HTTPTypes

extension OpenAPI {
  /// What operators and their machines ask.
  static var system: [Operation] {
    [
      Operation(
        method: .get, path: "/health", id: "getHealth", tag: .system,
        summary: "Tells that the process lives.",
        answers: [.json("It lives.", .reference("Health"))]),
      Operation(
        method: .get, path: "/ready", id: "getReadiness", tag: .system,
        summary: "Tells that the store answers, so that work can be done.",
        answers: [.json("It is ready.", .reference("Health"))]),
      Operation(
        method: .get, path: "/metrics", id: "getMetrics", tag: .system,
        summary: "Gives metrics in the text format of Prometheus.",
        answers: [
          Answer(status: 200, summary: "The metrics.", content: [("text/plain", .text())])
        ]),
      Operation(
        method: .get, path: "/openapi.json", id: "getDocument", tag: .system,
        summary: "Gives this document.",
        answers: [.json("The document.", .object([], isOpen: true))]),
    ]
  }
}
