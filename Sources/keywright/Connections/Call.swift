// What sends needs a transport and a listener; who only checks specs builds neither.
#if HTTPClient && Server

  import ArgumentParser
  import Foundation
  import HTTPTypes
  import Keywright
  import KeywrightDefinition
  import KeywrightHTTPClient
  import KeywrightSimulator

  /// `keywright call`: a request to an API, signed with a saved connection.
  struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "call",
      abstract: "Send a signed request with a saved connection; it is renewed when due.",
      discussion: """
        The answer's body goes to standard output, its status to standard error.
        Exit codes: 0 the status is 200 to 299, 1 it is another, or nothing came, 64 wrong usage.
        """)

    @Argument(help: "The name that the connection was saved under.")
    var name: String

    @Argument(help: "The path, which continues the API's base; a query may follow.")
    var path: String

    @Option(name: .shortAndLong, help: "The method of HTTP.")
    var request = "GET"

    @Option(
      name: .customLong("header"), parsing: .singleValue,
      help: ArgumentHelp("A header.", valueName: "name: value"))
    var headers: [String] = []

    @Option(help: "The body; or @FILE, or @- for standard input.")
    var data: String?

    @Option(help: "Which credential signs, of a connection that has several.")
    var credential: String?

    @OptionGroup var specs: SpecOptions

    func run() async throws {
      let saved = try SavedConnections()
      let about = try saved.about(name)
      let definition = try specs.definition(about.spec)
      let client = AnyClient(about.setup)
      do {
        let answer =
          about.isSimulated
          ? try await simulated(saved, about, definition, client)
          : try await HTTPClientTransport.with { transport in
            try await send(saved, definition, client, transport)
          }
        complain("\(answer.status)")
        FileHandle.standardOutput.write(Data(answer.body))
        if let last = answer.body.last, last != UInt8(ascii: "\n") { print() }
        if !(200...299).contains(answer.status) { throw ExitCode(1) }
      } catch let error as AuthorizationError {
        complain("error: \(error)")
        throw ExitCode(1)
      }
    }

    private func send(
      _ saved: SavedConnections, _ definition: Definition, _ client: AnyClient,
      _ transport: some Transport
    ) async throws -> TransportAnswer {
      let keeper = ConnectionKeeper(
        store: saved.store, providers: Catalogue(definition), over: transport)
      guard path.hasPrefix("/") else { throw ValidationError("a path begins with '/': '\(path)'") }
      guard let verb = HTTPRequest.Method(request.uppercased()) else {
        throw ValidationError("'\(request)' is no method of HTTP")
      }
      var message = HTTPRequest(method: verb, path: path)
      for header in headers {
        let halves = header.split(separator: ":", maxSplits: 1)
        guard halves.count == 2, let name = HTTPField.Name(String(halves[0])) else {
          throw ValidationError("'\(header)' is no header; wanted 'Name: value'")
        }
        message.headerFields[name] = halves[1].trimmingCharacters(in: .whitespaces)
      }
      let body = try data.flatMap { FieldEntry(argument: "data=\($0)") }?.value()
      return try await keeper.send(
        message, body: body.map { Array($0.utf8) }, as: name, credential: credential, client: client
      )
    }

    /// A simulated provider ended with the command that connected; the connection tells the new one what it gave out.
    private func simulated(
      _ saved: SavedConnections, _ about: SavedConnections.About, _ definition: Definition,
      _ client: AnyClient
    ) async throws -> TransportAnswer {
      let simulated = try SimulatedProvider(
        definition, method: about.method, registration: .init(values: about.setup))
      guard let kept = try saved.store.load(name) else {
        throw ValidationError("no connection is saved as '\(name)'")
      }
      simulated.adopt(kept)
      return try await send(saved, definition, client, simulated)
    }
  }

#endif
