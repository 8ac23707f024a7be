#if HTTPClient && Server

  import ArgumentParser
  import Foundation
  import Keywright
  import KeywrightServer

  /// `keywright admin`: what the person who runs the installation does at its machine.
  struct Admin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "admin",
      abstract: "Set the administrator's password, and make environments and keys.",
      subcommands: [Password.self, Environment.self, Key.self])

    /// Where the server's data is: found in the places where the server finds it.
    struct Options: ParsableArguments {
      @Option(help: "The folder of the server's data.") var data: String?
      @Option(help: "The file of the encryption key.") var encryptionKeyFile: String?
      @Option(help: "A JSON file of settings, as the server has it.") var config: String?

      func desk(makingStore makesStore: Bool = false) async throws -> AdminDesk {
        let given = [
          ("data", data), ("encryption-key-file", encryptionKeyFile), ("config", config),
        ]
        let flags = Dictionary(given.compactMap { name, value in value.map { (name, [$0]) } }) {
          $1
        }
        do {
          let settings = try await ServerSettings(
            flags: flags, environment: ProcessInfo.processInfo.environment)
          return try await AdminDesk(
            in: URL(fileURLWithPath: settings.data),
            key: .init(
              variable: settings.encryptionKey?.reveal(), file: settings.encryptionKeyFile),
            makesStore: makesStore)
        } catch let error as SettingsError {
          complain("error: \(error)")
          throw ExitCode(78)
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
        commandName: "password",
        abstract:
          "Set the administrator's password, or set it anew; before the first start, too. It is read from the terminal or from standard input."
      )
      @OptionGroup var options: Options

      func run() async throws {
        guard
          let password = Terminal.ask(
            "new password (12 characters or more): ", isSecret: Terminal.isInteractive)
        else {
          throw ExitCode(1)
        }
        do {
          try AdminDesk.check(password: password)
          let desk = try await options.desk(makingStore: true)
          if let path = desk.keyMadeAt {
            say("made a key at \(path); keep a copy of it, apart from the database")
          }
          try await desk.setPassword(password)
        } catch let error as APIError {
          complain("error: \(error.message)")
          throw ExitCode(1)
        }
        say("the password is set; whoever was logged in no longer is")
      }
    }

    struct Environment: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Make an environment.")
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
        commandName: "key",
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
