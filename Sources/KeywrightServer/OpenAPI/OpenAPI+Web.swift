internal import HTTPTypes

extension OpenAPI {
  /// What pages load.
  static var web: [Operation] {
    [
      Operation(
        method: .get, path: "/assets/{version}/{name}", id: "getAsset", tag: .system,
        summary: "Gives a style or a script of the server's own pages.",
        parameters: [
          Parameter(
            name: "version", place: .path, summary: "What changes with any byte of them.",
            schema: .text(atLeast: 1)),
          Parameter(
            name: "name", place: .path, summary: "The file's name.", schema: .text(atLeast: 1)),
        ],
        answers: [
          Answer(
            status: 200, summary: "The file, which never changes under this address.",
            content: [("text/css", .text()), ("text/javascript", .text())])
        ], refusals: [404]),
      file("/keywright.js", "getFrontend", "The frontend SDK, as a module.", "text/javascript"),
      file("/keywright.d.ts", "getFrontendTypes", "Its types.", "text/typescript"),
      file(
        "/providers.d.ts", "getProviderTypes", "The types of what can be connected.",
        "text/typescript"),
    ]
  }

  private static func file(
    _ path: String, _ id: String, _ summary: String, _ type: String
  ) -> Operation {
    var whole = Answer(status: 200, summary: summary, content: [(type, .text())])
    whole.headers = [("ETag", "Changes with the file.", .text())]
    return Operation(
      method: .get, path: path, id: id, tag: .browser, summary: summary,
      answers: [whole, Answer(status: 304, summary: "It is still the same.")])
  }
}
