import ArgumentParser

/// The command line: everything that is done with specs by hand.
@main
struct KeywrightCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keywright",
    abstract: "Compiles a spec per API into a type-safe provider.",
    subcommands: [Check.self, Generate.self, Explain.self, Catalog.self, Reference.self])
}
