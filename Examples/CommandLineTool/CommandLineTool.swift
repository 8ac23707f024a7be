import Foundation
import Keywright
import KeywrightG
import KeywrightHTTPClient

// A command-line tool that logs in by the browser (RFC 8252) and remembers it.
//
//   GITHUB_CLIENT_ID=… GITHUB_CLIENT_SECRET=… swift run CommandLineTool login
//   GITHUB_CLIENT_ID=… GITHUB_CLIENT_SECRET=… swift run CommandLineTool get /user

@main
struct CommandLineTool {
  static func main() async throws {
    do {
      try await run(Array(CommandLine.arguments.dropFirst()))
    } catch let error as AuthorizationError {
      // Its words are safe to show: no error holds a secret.
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(1)
    }
  }

  static func run(_ arguments: [String]) async throws {
    let environment = ProcessInfo.processInfo.environment
    guard let id = environment["GITHUB_CLIENT_ID"],
      let secret = environment["GITHUB_CLIENT_SECRET"],
      let command = arguments.first
    else {
      print(
        "usage: CommandLineTool login | get PATH (with GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET)")
      return
    }
    let app = OAuthClient(id: id, secret: Secret(secret))
    let folder = environment["KEYWRIGHT_FOLDER"] ?? NSHomeDirectory() + "/.keywright-example"
    let store = FileStore(at: folder, key: try key(in: folder))
    try await HTTPClientTransport.with(origins: origins(environment)) { transport in
      let keeper = ConnectionKeeper(store: store, providers: [GitHub.self], over: transport)
      switch command {
      case "login":
        let connection = try await login(app, over: transport)
        try await keeper.keep(connection, as: "me")
        print("logged in as \(connection.account?.name ?? "somebody")")
      case "get" where arguments.count == 2:
        let answer = try await keeper.send(.get(arguments[1]), as: "me", client: app)
        print(String(decoding: answer.body, as: UTF8.self))
      default: print("usage: CommandLineTool login | get PATH")
      }
    }
  }

  /// Listens on loopback, sends the browser away, and waits for it.
  static func login(
    _ app: OAuthClient, over transport: HTTPClientTransport
  ) async throws -> Connection<GitHub> {
    try await LoopbackRedirect.listening { loopback in
      let pending = try GitHub().oauth.begin(
        client: app, scopes: [.readUser], redirectURI: loopback.redirectURI)
      let lines = "open this in your browser:\n\(pending.url)\n"
      FileHandle.standardOutput.write(Data(lines.utf8))
      return try await loopback.finish(pending, client: app, over: transport)
    }
  }

  /// The key of this machine's user, made at the first start: 0600, beside what it seals.
  ///
  /// Where the system has a keychain, that is the better place.
  static func key(in folder: String) throws -> SealingKey {
    let path = folder + "/key"
    if let text = try? String(contentsOfFile: path, encoding: .utf8) {
      return try SealingKey(Secret(text))
    }
    let key = try SealingKey.random()
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(key.text.reveal().utf8), attributes: [.posixPermissions: 0o600]
      )
    else { throw AuthorizationErrorOfTheTool.noKey(path) }
    return key
  }

  /// Who stands in for the provider, in a test; nobody elsewhere.
  static func origins(_ environment: [String: String]) throws -> OriginMap {
    let pairs = (environment["ORIGIN_MAP"] ?? "").split(separator: ",").map { pair in
      pair.split(separator: "=", maxSplits: 1).map(String.init)
    }
    return try OriginMap(Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 })
  }
}

enum AuthorizationErrorOfTheTool: Error, CustomStringConvertible {
  case noKey(String)

  var description: String {
    switch self {
    case .noKey(let path): "the key can't be written to '\(path)'"
    }
  }
}
