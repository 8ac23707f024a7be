import Foundation
import PackagePlugin

/// Generates a target's own specs, and the providers of the catalogue that it lists, whenever one of them changed.
@main
struct KeywrightPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let target = target as? any SourceModuleTarget else { return [] }
    let specs = try TargetSpecs(of: target, in: context.package)
    if specs.isEmpty {
      Diagnostics.warning(
        "the target '\(target.name)' has neither a '*.provider.yaml' nor a 'keywright.providers'")
      return []
    }
    let tool = try context.tool(named: "keywright-generate").url
    let folder = context.pluginWorkDirectoryURL
    // One command for all: it sees names that clash, and reads a spec that others extend once.
    return [
      .buildCommand(
        displayName: "Generating providers for \(target.name)", executable: tool,
        arguments: ["--quiet", "--by-id", "--out", folder.path] + specs.arguments,
        inputFiles: inputs(of: specs, in: target),
        outputFiles: outputs(of: specs, in: folder))
    ]
  }

  private func outputs(of specs: TargetSpecs, in folder: URL) -> [URL] {
    var names = specs.specs.map { $0.deletingPathExtension().lastPathComponent + ".swift" }
    if specs.list != nil { names.append("CatalogueProviders.swift") }
    // Two specs of one name are the tool's to complain of.
    return Set(names).sorted().map { folder.appending(path: $0) }
  }

  /// All that the tool may read; the tool itself counts without being named.
  ///
  /// What a spec extends is not known before it is read, so every file that could be extended counts, and every
  /// folder, since it changes where a file comes or goes.
  private func inputs(of specs: TargetSpecs, in target: some SourceModuleTarget) -> [URL] {
    let list = specs.list.map { [$0] } ?? []
    let all = Set(list + readable(in: target.directoryURL) + readable(in: specs.catalogue))
    return all.sorted { $0.path < $1.path }
  }

  /// A folder, the folders below it, and what in them is a spec or says something of specs.
  private func readable(in folder: URL) -> [URL] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return [folder]
      + (names ?? []).map { folder.appending(path: $0) }.filter { url in
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        return exists && (isFolder.boolValue || ["yaml", "txt"].contains(url.pathExtension))
      }
  }
}
