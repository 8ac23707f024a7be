import Foundation
import PackagePlugin

/// `swift package keywright check` and `… generate`: what the build-tool plugin does, by hand and into the sources.
@main
struct KeywrightCommand: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) async throws {
    var extractor = ArgumentExtractor(arguments)
    if extractor.extractFlag(named: "help") > 0 {
      print(Self.usage)
      return
    }
    let names = extractor.extractOption(named: "target")
    let outs = extractor.extractOption(named: "out")
    let flags = ["check", "quiet"].filter { extractor.extractFlag(named: $0) > 0 }
    let words = extractor.remainingArguments
    guard let verb = words.first, ["check", "generate"].contains(verb) else {
      throw PluginFailure("wanted 'check' or 'generate'\n\(Self.usage)")
    }
    if words.count > 1 { throw PluginFailure("unknown argument '\(words[1])'\n\(Self.usage)") }
    let isGenerating = verb == "generate"
    if !isGenerating, !outs.isEmpty || flags.contains("check") {
      throw PluginFailure("'check' writes nothing, so it takes no '--out' and no '--check'")
    }

    let targets = try targets(names, in: context.package)
    if outs.count > 1 || (outs.count == 1 && targets.count > 1) {
      throw PluginFailure("'--out' is one folder for one target; name it with '--target NAME'")
    }
    let tool = try context.tool(named: "keywright-generate").url
    for (target, specs) in targets {
      let out =
        outs.first.map { URL(filePath: $0, relativeTo: context.package.directoryURL) }
        ?? target.directoryURL.appending(path: "Generated")
      try run(
        tool,
        flags.map { "--\($0)" } + (isGenerating ? ["--out", out.path] : ["--no-output"])
          + specs.arguments)
    }
  }

  static let usage = """
    usage: swift package keywright check [--target NAME]… [--quiet]
           swift package --allow-writing-to-package-directory keywright generate
             [--target NAME]… [--out DIR] [--check] [--quiet]

      check     check each '*.provider.yaml' and 'keywright.providers' of the package
      generate  generate them into DIR, or into the folder Generated of each target, to be committed;
                a target that does so does not use KeywrightPlugin
    """

  /// The targets that are meant, each with what is generated for it.
  private func targets(
    _ names: [String], in package: Package
  ) throws -> [(target: any SourceModuleTarget, specs: TargetSpecs)] {
    let known = package.targets.compactMap { $0 as? any SourceModuleTarget }
    for name in names where !known.contains(where: { $0.name == name }) {
      throw PluginFailure("there is no target '\(name)'")
    }
    let found = try known.filter { names.isEmpty || names.contains($0.name) }
      .map { (target: $0, specs: try TargetSpecs(of: $0, in: package)) }
      .filter { !$0.specs.isEmpty }
    if found.isEmpty {
      throw PluginFailure("no target has a '*.provider.yaml' or a 'keywright.providers'")
    }
    return found
  }

  private func run(_ tool: URL, _ arguments: [String]) throws {
    let process = try Process.run(tool, arguments: arguments)
    process.waitUntilExit()
    // The tool has said what is wrong; its exit code is the command's.
    if process.terminationStatus != 0 { exit(process.terminationStatus) }
  }
}
