import ArgumentParser
import Keywright
import KeywrightCompiler
import KeywrightDefinition

/// Which provider is meant, and by which of its methods.
struct ProviderOptions: ParsableArguments {
  @Argument(help: "The provider's id, such as zendesk, or the path of a spec.")
  var id: String

  @Option(help: "The id of the method; the provider's first one where none is named.")
  var method: String?

  @OptionGroup var specs: SpecOptions

  /// The definition: of a spec's path, of the folder of specs, or of the built-in catalogue.
  func definition() throws -> Definition { try specs.definition(id) }

  /// The method that is meant.
  func chosen(in definition: Definition) throws -> Method {
    guard let method = method.map(definition.method) ?? definition.methods.first else {
      let known = definition.methods.map(\.id)
      throw ValidationError(
        "'\(definition.id)' has no method '\(method ?? "")'"
          + didYouMean(method ?? "", among: known)
          + "; it has \(known.joined(separator: ", "))")
    }
    return method
  }
}

extension SpecOptions {
  /// The definition of an id or of a spec's path.
  func definition(_ id: String) throws -> Definition { try entry(id).definition }

  /// The entries of an id, of a spec's path or of a folder's. A word that can be an id is one.
  func entries(_ id: String) throws -> [KeywrightDefinition.Catalogue.Entry] {
    guard Self.isFolder(id), try !isKnown(id) else { return [try entry(id)] }
    let specs = try SpecFolder([id], catalogue: folder)
    guard !specs.files.isEmpty else {
      throw ValidationError("there is no spec in the folder '\(id)'; a spec's name ends in '.yaml'")
    }
    return try Self.entries(in: specs)
  }

  /// Whether a word is the id of a provider of the folder, or of the built-in catalogue.
  func isKnown(_ id: String) throws -> Bool {
    guard SpecFolder.isID(id) else { return false }
    return try folder == nil ? Self.builtIn().entry(id) != nil : file(id) != nil
  }

  /// The entry of an id or of a spec's path.
  func entry(_ id: String) throws -> KeywrightDefinition.Catalogue.Entry {
    let file: SpecFolder.File? =
      id.hasSuffix(".yaml")
      ? try SpecFolder([id], catalogue: folder).files.first : try file(id)
    if let file {
      let context = CompilerContext(root: file.root, catalogue: folder)
      let compilation = try file.compiled(in: context)
      if let provider = compilation.provider { return .init(provider) }
      for diagnostic in compilation.diagnostics { complain(diagnostic.description) }
      throw ExitCode(1)
    }
    let catalogue = try folder == nil ? Self.builtIn() : catalogue()
    guard let entry = catalogue.entry(id) else {
      let known = catalogue.entries.map(\.definition.id)
      throw ValidationError("there is no provider '\(id)'" + didYouMean(id, among: known))
    }
    return entry
  }
}
