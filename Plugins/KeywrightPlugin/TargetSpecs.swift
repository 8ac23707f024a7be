import Foundation
import PackagePlugin

/// What a target has generated for it. Both plugins read this; the other's copy is a link to this file, since plugins
/// can't share a module.
struct TargetSpecs {
  /// The specs, `*.provider.yaml`, sorted.
  let specs: [URL]

  /// The file `keywright.providers`, which lists providers of the catalogue; nil where there is none.
  let list: URL?

  /// Where the specs of Keywright's own package lie.
  let catalogue: URL

  /// Whether there is anything to generate.
  var isEmpty: Bool { specs.isEmpty && list == nil }

  /// - Throws: ``PluginFailure`` where the target has two lists, or Keywright can't be found.
  init(of target: some SourceModuleTarget, in package: Package) throws {
    let files = target.sourceFiles.map(\.url)
    specs = files.filter { $0.lastPathComponent.hasSuffix(".provider.yaml") }
      .sorted { $0.path < $1.path }
    let lists = files.filter { $0.lastPathComponent == "keywright.providers" }
    guard lists.count < 2 else {
      throw PluginFailure("the target '\(target.name)' has more than one 'keywright.providers'")
    }
    list = lists.first
    catalogue = try Self.keywright(for: package).directoryURL.appending(path: "specs")
  }

  /// The package that the tool is part of. It is known by its target: its name is up to who depends on it.
  private static func keywright(for package: Package) throws -> Package {
    let packages = [package] + package.dependencies.map(\.package)
    guard
      let found = packages.first(where: { package in
        package.targets.contains { $0.name == "keywright-generate" }
      })
    else {
      throw PluginFailure("the package '\(package.displayName)' does not depend on Keywright")
    }
    return found
  }

  /// The tool's options that say what is generated. Paths are decoded: a space is a space.
  var arguments: [String] {
    ["--catalogue", catalogue.path] + (list.map { ["--providers", $0.path] } ?? [])
      + specs.map(\.path)
  }
}

/// Why a plugin does not go on.
struct PluginFailure: Error, CustomStringConvertible {
  /// What is wrong and what to do.
  let description: String

  /// Says what is wrong and what to do.
  init(_ description: String) { self.description = description }
}
