import ArgumentParser
import KeywrightDefinition

/// `keywright catalog`: which providers there are.
struct Catalog: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog",
    abstract: "List the providers of the catalogue.")

  /// How the list is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: "A table to read, or JSON with the definitions.")
  var format = Format.text

  @OptionGroup var options: SpecOptions

  func run() throws {
    let catalogue = try options.catalogue()
    if format == .json {
      let lines = catalogue.entries.map(\.line).joined(separator: [UInt8(ascii: ",")])
      print(JSON.laidOut([UInt8(ascii: "[")] + lines + [UInt8(ascii: "]")], width: 100))
      return
    }
    let width = catalogue.entries.map(\.definition.id.count).max() ?? 0
    for entry in catalogue.entries {
      let id = entry.definition.id
      let methods = entry.definition.methods.map(\.id).joined(separator: ", ")
      let pad = String(repeating: " ", count: width - id.count)
      print("\(id)\(pad)  \(entry.definition.name): \(methods)")
    }
  }
}
