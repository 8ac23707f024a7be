import ArgumentParser

// In a build for specs alone, these say what is missing.
#if !(HTTPClient && Server)

  /// `keywright connect`, where nothing can be sent.
  struct Connect: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "connect", abstract: "Not in this build.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
    func run() throws { throw Self.notBuilt("connect") }

    /// What to do instead.
    static func notBuilt(_ command: String) -> ValidationError {
      ValidationError(
        "this build is for specs alone and has no '\(command)'; 'swift build --product keywright' makes the whole, "
          + "at .build/debug/keywright")
    }
  }

  /// `keywright call`, where nothing can be sent.
  struct Call: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "call", abstract: "Not in this build.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
    func run() throws { throw Connect.notBuilt("call") }
  }

  /// `keywright serve`, where nothing can be sent.
  struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "serve", abstract: "Not in this build.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
    func run() throws { throw Connect.notBuilt("serve") }
  }

  /// `keywright admin`, where there is no server.
  struct Admin: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "admin", abstract: "Not in this build.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
    func run() throws { throw Connect.notBuilt("admin") }
  }

  /// `keywright sdk`, which the server carries.
  struct Frontend: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sdk", abstract: "Not in this build.")
    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
    func run() throws { throw Connect.notBuilt("sdk") }
  }

#endif
