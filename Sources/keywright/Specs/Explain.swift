import ArgumentParser
import KeywrightCompiler
import KeywrightDefinition
import KeywrightSimulator

/// `keywright explain`: any stage of a provider, from its spec to its Swift, or what a diagnostic means.
struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Print a provider at any stage between spec and Swift, or a diagnostic's page.")

  /// The stages of the compiler.
  enum Stage: String, ExpressibleByArgument, CaseIterable {
    case spec, lowered, definition, swift
  }

  @Argument(
    help: "The provider's id, such as zendesk, the path of a spec, or the code of a diagnostic.")
  var id: String

  @Option(help: "The stage: as it was written, with presets spelled out, compiled, or generated.")
  var stage = Stage.lowered

  @Flag(help: "Print what would be sent, with example values, as curl.")
  var requests = false

  @OptionGroup var options: SpecOptions

  func run() async throws {
    if requests {
      try await explainRequests()
      return
    }
    if let page = DiagnosticPages.page(id) {
      print(page)
      return
    }
    guard let file = try file() else {
      try explainBuiltIn()
      return
    }
    let compilation = try file.compiled()
    guard let provider = compilation.provider else {
      for diagnostic in compilation.diagnostics { complain(diagnostic.description) }
      throw ExitCode(1)
    }
    let text =
      switch stage {
      case .spec: String(decoding: provider.spec.source.bytes, as: UTF8.self)
      case .lowered: SpecPrinter.text(of: provider.lowered)
      case .definition: JSON.laidOut(provider.definition.compactBytes, width: 100) + "\n"
      case .swift: provider.swiftText(origin: file.path)
      }
    print(text, terminator: "")
  }

  private func explainRequests() async throws {
    let definition = try options.definition(id)
    for method in definition.methods {
      print("# \(definition.name), \(method.id)\n")
      for line in await Rehearsal.requests(of: method, in: definition) { print(line) }
    }
  }

  private func file() throws -> SpecFolder.File? {
    if id.hasSuffix(".yaml") { return try SpecFolder([id]).files.first }
    return try options.file(id)
  }

  /// The built-in catalogue knows definitions alone.
  private func explainBuiltIn() throws {
    let catalogue = try options.folder == nil ? SpecOptions.builtIn() : options.catalogue()
    guard let entry = catalogue.entry(id) else {
      let known = catalogue.entries.map(\.definition.id) + DiagnosticPages.codes
      throw ValidationError(
        "there is no provider and no diagnostic '\(id)'" + didYouMean(id, among: known))
    }
    guard stage == .definition else {
      throw ValidationError(
        "the built-in catalogue holds definitions only; name a folder of specs with --specs")
    }
    print(JSON.laidOut(entry.definition.compactBytes, width: 100))
  }
}
