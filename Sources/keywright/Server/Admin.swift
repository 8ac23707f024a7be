#if HTTPClient && Server

  import ArgumentParser
  import Foundation
  import Keywright
  import KeywrightServer

  /// `keywright admin`: what the person who runs the installation does at its machine.
  struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Set the administrator's password, and make environments and keys.",
      subcommands: [Password.self, Environment.self, Key.self])

    /// Where the server's data is.
    struct Options: ParsableArguments {
      @Option(help: "The folder of the server's data.") var data = "keywright-data"
      @Option(help: "The file of the encryption key.") var encryptionKeyFile: String?

      func desk() async throws -> AdminDesk {
        do {
          return try await AdminDesk(
            in: URL(fileURLWithPath: data),
            key: .init(
              variable: ProcessInfo.processInfo.environment["KEYWRIGHT_ENCRYPTION_KEY"],
              file: encryptionKeyFile))
        } catch let error as StoreFailure {
          complain("error: \(error)")
          throw ExitCode(78)
        } catch let error as VaultFailure {
          complain("error: \(error)")
          throw ExitCode(78)
        }
      }
    }

    struct Password: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract:
          "Set the administrator's password, or set it anew. It is read from the terminal or from standard input."
      )
      @OptionGroup var options: Options

      func run() async throws {
        guard
          let password = Terminal.ask(
            "new password (12 characters or more): ", isSecret: Terminal.isInteractive)
        else {
          throw ExitCode(1)
        }
        let desk = try await options.desk()
        do { try await desk.setPassword(password) } catch let error as APIError {
          complain("error: \(error.message)")
          throw ExitCode(1)
        }
        say("the password is set; whoever was logged in no longer is")
      }
    }

    struct Environment: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Make an environment.")
      @OptionGroup var options: Options
      @Argument(help: "Its name, such as staging.") var name: String

      func run() async throws {
        do { say("public key \(try await options.desk().makeEnvironment(name))") } catch let error
          as APIError
        {
          complain("error: \(error.message)")
          throw ExitCode(1)
        }
      }
    }

    struct Key: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Make a secret key of an environment; it is shown once.")
      @OptionGroup var options: Options
      @Argument(help: "The environment's name.") var environment: String
      @Option(help: "What the key is for.") var name = "key"

      func run() async throws {
        do { say(try await options.desk().makeKey(name, in: environment)) } catch let error
          as APIError
        {
          complain("error: \(error.message)")
          throw ExitCode(1)
        }
      }
    }
  }

#endif
