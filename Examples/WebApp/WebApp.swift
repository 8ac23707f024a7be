import Foundation
import Hummingbird
import Keywright
import KeywrightG
import KeywrightHTTPClient

// A web application with two routes: `/connect` sends a person to the provider, `/callback` takes them back. The two
// requests may reach two processes: what lies between them is a cookie that only this application can open.
//
//   GITHUB_CLIENT_ID=… GITHUB_CLIENT_SECRET=… KEYWRIGHT_KEY=… swift run WebApp
//
// What is registered with the provider is http://127.0.0.1:8080/callback.

@main
struct WebApp {
  static func main() async throws {
    let settings = try Settings(ProcessInfo.processInfo.environment)
    try await HTTPClientTransport.with(origins: settings.origins) { transport in
      let keeper = ConnectionKeeper(
        store: FileStore(at: settings.folder, key: settings.key), providers: [GitHub.self],
        over: transport)
      let router = Router()
      Routes(settings: settings, keeper: keeper, transport: transport).add(to: router)
      let application = Application(
        router: router,
        configuration: .init(address: .hostname("127.0.0.1", port: settings.port)),
        onServerRunning: { channel in
          // A port of 0 takes a free one; who started this reads here which it is.
          let line = "listening on http://127.0.0.1:\(channel.localAddress?.port ?? settings.port)"
          FileHandle.standardOutput.write(Data((line + "\n").utf8))
        })
      try await application.runService()
    }
  }
}

/// What the environment says.
struct Settings: Sendable {
  let app: OAuthClient
  let key: SealingKey
  let folder: String
  let port: Int
  /// Where the browser comes back to, as it is registered.
  let redirectURI: RedirectURI
  /// Who stands in for the provider, in a test; nobody elsewhere.
  let origins: OriginMap

  init(_ environment: [String: String]) throws {
    func value(_ name: String) throws -> String {
      guard let value = environment[name], !value.isEmpty else {
        throw Missing(description: "set \(name)")
      }
      return value
    }
    app = OAuthClient(
      id: try value("GITHUB_CLIENT_ID"), secret: Secret(try value("GITHUB_CLIENT_SECRET")))
    key = try SealingKey(Secret(try value("KEYWRIGHT_KEY")))
    folder = environment["KEYWRIGHT_FOLDER"] ?? "connections"
    port = environment["PORT"].flatMap(Int.init) ?? 8_080
    redirectURI = try RedirectURI(
      environment["CALLBACK_URL"] ?? "http://127.0.0.1:\(port)/callback")
    let pairs = (environment["ORIGIN_MAP"] ?? "").split(separator: ",").map { pair in
      pair.split(separator: "=", maxSplits: 1).map(String.init)
    }
    origins = try OriginMap(
      Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 })
  }

  struct Missing: Error, CustomStringConvertible { let description: String }
}
