import ArgumentParser
import Foundation
import Keywright

/// `keywright saved`: what `connect --save` kept.
struct Saved: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "saved",
    abstract: "List the connections that 'connect --save' kept, or forget one.",
    discussion: """
      They lie in $KEYWRIGHT_HOME, else in keywright below $XDG_DATA_HOME or ~/.local/share: sealed, for their user alone.
      To forget one does not end it at the provider.
      """)

  @Option(help: ArgumentHelp("Forget a connection.", valueName: "name"))
  var forget: String?

  func run() throws {
    let saved = try SavedConnections()
    guard let forget else {
      for name in try saved.store.ids() { print("\(name)  \((try? saved.about(name).spec) ?? "")") }
      complain("in \(saved.folder)")
      return
    }
    try saved.forget(forget)
    print("forgot '\(forget)'")
  }
}
