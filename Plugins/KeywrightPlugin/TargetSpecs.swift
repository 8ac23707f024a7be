import Foundation
import PackagePlugin

/// What a target has generated for it. Both plugins read this; the other's copy is a link to this file.
struct TargetSpecs {
  /// The specs, `*.provider.yaml`, sorted.
  let specs: [URL]

  /// The file `keywright.providers`, which lists providers of the catalogue; nil where there is none.
  let list: URL?

  /// Where the specs of Keywright's own package lie.
  let catalogue: URL

  /// Whether there is anything to generate.
  var isEmpty: Bool { specs.isEmpty && list == nil }

  /// - Throws: a sentence, where the target has two lists, or Keywright can't be found.
  init(of target: some SourceModuleTarget, in package: Package) throws {
    let files = target.sourceFiles.map(\.url)
    specs = files.filter { $0.lastPathComponent.hasSuffix(".provider.yaml") }
      .sorted { $0.path < $1.path }
    let lists = files.filter { $0.lastPathComponent == "keywright.providers" }
    guard lists.count < 2 else {
      throw Failure(description: "the target '\(target.name)' has \(lists.count) files 'keywright.providers'; wanted one")
    }
    list = lists.first
    catalogue = try Self.keywright(for: package).directoryURL.appending(path: "specs")
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The package that the tool is part of: its name in the graph is up to who depends on it.
  private static func keywright(for package: Package) throws -> Package {
    let packages = [package] + package.dependencies.map(\.package)
    let found = packages.first { $0.targets.contains { $0.name == "keywright-generate" } }
    guard let found else {
      throw Failure(description: "the package '\(package.displayName)' does not depend on keywright")
    }
    return found
  }

  /// The tool's options that say what is generated.
  var arguments: [String] {
    ["--catalogue", catalogue.path] + (list.map { ["--providers", $0.path] } ?? [])
      + specs.map(\.path)
  }
}
