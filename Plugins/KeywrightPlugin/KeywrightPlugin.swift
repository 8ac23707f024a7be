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
    // One command for all: names that clash are found, and a spec that changes is read once.
    return [
      .buildCommand(
        displayName: "Generating providers for \(target.name)", executable: tool,
        arguments: ["--quiet", "--by-id", "--out", folder.path] + specs.arguments,
        inputFiles: [tool] + inputs(of: specs, in: target),
        outputFiles: outputs(of: specs, in: folder))
    ]
  }

  private func outputs(of specs: TargetSpecs, in folder: URL) -> [URL] {
    var names = specs.specs.map { $0.deletingPathExtension().lastPathComponent + ".swift" }
    if specs.list != nil { names.append("CatalogueProviders.swift") }
    // Two specs of one name are the tool's to complain of.
    return Set(names).sorted().map { folder.appending(path: $0) }
  }

  /// All that the tool may read. What a spec extends is not known before it is read, so every spec that could be
  /// extended counts, and every folder, which changes when a spec comes or goes.
  private func inputs(of specs: TargetSpecs, in target: some SourceModuleTarget) -> [URL] {
    let folders = Set(specs.specs.map { $0.deletingLastPathComponent() } + [target.directoryURL])
    let own = folders.sorted { $0.path < $1.path }.flatMap { readable(in: $0) }
    return (specs.list.map { [$0] } ?? []) + Set(own + readable(in: specs.catalogue))
      .sorted { $0.path < $1.path }
  }

  /// The YAML and text files below a folder, and the folders.
  private func readable(in folder: URL) -> [URL] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    let found = (names ?? []).map { folder.appending(path: $0) }
    return [folder]
      + found.filter { url in
        var isFolder: ObjCBool = false
        FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        return isFolder.boolValue || ["yaml", "txt"].contains(url.pathExtension)
      }
  }
}
