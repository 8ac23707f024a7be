import ArgumentParser
import Foundation
import KeywrightCompiler
import KeywrightDefinition

/// `keywright page`: what people need to know of a provider.
struct Page: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "page",
    abstract:
      "Print a provider's page: what to register, what to fill in, what happens, what differs.")

  /// How pages are written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case markdown, html
  }

  @Argument(
    help: "The provider's id, or the path of a spec; with --out all providers where none is named.")
  var id: String?

  @Option(help: "Markdown, or an HTML document that needs nothing from elsewhere.")
  var format = Format.markdown

  @Option(help: "A folder to write to, a file for each provider.")
  var out: String?

  @OptionGroup var specs: SpecOptions

  func validate() throws {
    if id == nil, out == nil { throw ValidationError("name a provider, or a folder with --out") }
  }

  func run() throws {
    let entries = try id.map { [try specs.entry($0)] } ?? specs.catalogue().entries
    guard let out else {
      for entry in entries { print(text(entry), terminator: "") }
      return
    }
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    let ending = format == .html ? "html" : "md"
    for entry in entries {
      let path = "\(out)/\(entry.definition.id).\(ending)"
      try text(entry).write(toFile: path, atomically: true, encoding: .utf8)
    }
    print("wrote \(entries.count) \(entries.count == 1 ? "page" : "pages") to \(out)")
  }

  private func text(_ entry: Catalogue.Entry) -> String {
    let page = ProviderPage(entry).text
    return format == .html ? page.html(title: entry.definition.name) : page.markdown
  }
}
