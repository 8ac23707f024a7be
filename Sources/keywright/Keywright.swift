import ArgumentParser

/// The command line: everything that is done with specs by hand.
@main
struct KeywrightCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keywright",
    abstract: "Compiles a spec per API into a type-safe provider.",
    subcommands: [Reference.self],
    groupedSubcommands: [
      CommandGroup(
        name: "Specs",
        subcommands: [New.self, Check.self, Test.self, Explain.self, Page.self, Generate.self]),
      CommandGroup(
        name: "Connections", subcommands: [Catalog.self, Connect.self, Call.self, Saved.self]),
      CommandGroup(name: "Server", subcommands: [Serve.self, Admin.self, Frontend.self]),
    ])
}
