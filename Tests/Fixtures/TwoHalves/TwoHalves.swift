import Keywright
import KeywrightHTTPClient
import NotebookProvider

// The two requests of a web application, as two processes: what the first keeps is all that the second has.

@main
struct TwoHalves {
  static let client = OAuthClient(id: "kw-client", secret: Secret("kw-secret-7f3d"))

  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let half = arguments.first, arguments.count >= 2 else {
      print(
        """
        usage: TwoHalves begin KEY | finish KEY SEALED CALLBACK ORIGIN TARGET
               TwoHalves keep|renew|die KEY FOLDER ORIGIN TARGET [SEALED]
        """)
      return
    }
    let key = try SealingKey(Secret(arguments[1]))
    if ["keep", "renew", "die"].contains(half) {
      let keeper = KeeperHalves(
        key: key, folder: arguments[2], origins: try OriginMap([arguments[3]: arguments[4]]))
      switch half {
      case "keep": try await keeper.keep(arguments[5])
      case "renew": try await keeper.renew()
      default: try await keeper.die()
      }
      return
    }
    if half == "begin" {
      let pending = try Notebook(workspace: try HostLabel("acme")).oauth.begin(
        client: client, scopes: [.notesRead],
        redirectURI: RedirectURI("https://app.example.test/callback"))
      print(pending.url)
      print(try pending.sealed(with: key))
      return
    }
    let pending = try Pending<Notebook>(opening: arguments[2], with: key)
    let origins = try OriginMap([arguments[4]: arguments[5]])
    try await HTTPClientTransport.with(origins: origins) { transport in
      let connection = try await pending.finish(
        callback: arguments[3], client: client, over: transport)
      print(connection.account?.name ?? "nobody")
      print(try connection.sealed(with: key))
    }
  }
}
