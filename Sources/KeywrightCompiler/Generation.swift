import Foundation
import KeywrightDefinition

/// One run of the generator: specs in, files out. Both command-line tools run this.
package struct Generation {
  /// What is generated.
  package let target: Target

  /// The folder that the files lie in; nil where specs are only checked.
  ///
  /// Generated files that no spec makes are removed from it, and nothing else is.
  package let out: String?

  /// Whether files are only compared.
  package let isCheck: Bool

  /// The name of the file that holds the providers of a list.
  package static let listedFile = "CatalogueProviders.swift"

  /// Names a run.
  package init(_ target: Target, out: String?, isCheck: Bool) {
    self.target = target
    self.out = out
    self.isCheck = isCheck
  }

  /// How a run ended; the number is the program's exit code.
  package enum Ending: Int32, Sendable {
    case upToDate = 0
    /// A spec is wrong, or a file could not be read or written.
    case failed = 1
    /// `--check`, and files are not what the specs say.
    case stale = 3
  }

  /// Runs, and says on `say` what changed and on `complain` what is wrong.
  package func run(say: (String) -> Void, complain: (String) -> Void) -> Ending {
    do {
      guard let providers = try providers(complain) else { return .failed }
      guard let out else {
        say("\(providers.count) \(providers.count == 1 ? "spec" : "specs"): no errors")
        return .upToDate
      }
      let output = output(of: providers)
      let folder = URL(fileURLWithPath: out)
      if isCheck { return report(output.changes(in: folder), in: out, complain) }
      let changes = try output.write(to: folder)
      for path in changes.written { say("wrote \(out)/\(path)") }
      for path in changes.removed { say("removed \(out)/\(path)") }
      if changes.isEmpty { say("\(out) is up to date: \(output.files.count) files") }
      return .upToDate
    } catch let failure as ProviderList.Failure {
      complain(failure.description)
      return .failed
    } catch {
      complain("error: \(error)")
      return .failed
    }
  }

  private func report(
    _ changes: Output.Changes, in out: String, _ complain: (String) -> Void
  ) -> Ending {
    for path in changes.written { complain("\(out)/\(path): error: not what its spec says") }
    for path in changes.removed { complain("\(out)/\(path): error: no spec makes this file") }
    if changes.isEmpty { return .upToDate }
    complain("run the same command without --check to bring \(out) up to date")
    return .stale
  }

  /// A provider, and whether it is one of the list's.
  private typealias Found = (provider: EmittedProvider, isListed: Bool)

  /// The providers of all specs; nil where something is wrong with one.
  private func providers(_ complain: (String) -> Void) throws -> [Found]? {
    let (folder, listed) = try specs()
    let isCatalogue = if case .catalogue = target { true } else { false }
    let found = try folder.compiled { compilation, file in
      let isListed = listed.contains(file.path)
      let origin =
        isCatalogue || isListed ? "specs/\(file.id.prefix(1))/\(file.id).yaml" : file.name
      return (
        compilation.diagnostics,
        compilation.provider.map { provider in
          let emitted = EmittedProvider(provider, origin: origin, isListed: isCatalogue) {
            guard let out, !isListed, let place = place(of: $0, $1) else { return nil }
            return "\(out)/\(place)"
          }
          return (emitted, isListed)
        }
      )
    }
    var known: Set<Diagnostic> = []
    // What is wrong with a spec that others extend is told once.
    for diagnostic in found.flatMap(\.0) where known.insert(diagnostic).inserted {
      complain(diagnostic.description)
    }
    let providers: [Found] = found.compactMap(\.1)
    if providers.count < found.count { return nil }
    if let clash = Self.clash(of: providers.map(\.provider)) {
      complain(clash)
      return nil
    }
    return providers
  }

  /// The specs, and the paths of those that a list names.
  private func specs() throws -> (SpecFolder, listed: Set<String>) {
    switch target {
    case .catalogue(let specs): return (try SpecFolder([specs]), [])
    case .chosen(let chosen):
      guard let list = chosen.list else {
        return (try SpecFolder(chosen.specs, catalogue: chosen.catalogue), [])
      }
      guard let bytes = readFile(list) else {
        throw SpecFolder.Failure("'\(list)' can't be read")
      }
      let listed = try ProviderList(
        SourceText(name: list, bytes: bytes), catalogue: chosen.catalogue ?? "specs"
      ).files.map(\.path)
      let folder = try SpecFolder(chosen.specs + listed, catalogue: chosen.catalogue)
      return (folder, Set(listed))
    }
  }

  private func output(of found: [Found]) -> Output {
    let providers = found.map(\.provider)
    guard case .chosen(let chosen) = target else { return .catalogue(of: providers) }
    let list = chosen.list?.split(separator: "/").last.map(String.init)
    let own = found.filter { !$0.isListed }.map(\.provider)
    if case .single(let name) = chosen.layout {
      let origins = list.map { [$0] } ?? []
      let origin = (origins + own.map(\.origin)).joined(separator: ", ")
      return Output(
        files: [name: Output.joined(providers, origin: origin)], ownsFolder: false)
    }
    var files: [String: Output.Content] = [:]
    for provider in own {
      if let place = place(of: provider.id, provider.swiftName) { files[place] = provider.file }
    }
    if let list {
      let listed = found.filter(\.isListed).map(\.provider)
      files[Self.listedFile] = Output.joined(listed, origin: list)
    }
    return Output(files: files)
  }

  /// Where a provider's own file lies below the folder; nil where all are one file.
  private func place(of id: String, _ swiftName: String) -> String? {
    guard case .chosen(let chosen) = target else { return Output.place(of: id, swiftName) }
    switch chosen.layout {
    case .single: return nil
    case .types: return "\(swiftName).swift"
    // Named after its spec: a build step knows the name before the spec is read.
    case .ids: return "\(id).provider.swift"
    }
  }

  /// Two providers whose Swift types have one name would be one file.
  private static func clash(of providers: [EmittedProvider]) -> String? {
    var seen: [String: String] = [:]
    for provider in providers {
      let key = provider.swiftName.lowercased()
      if let other = seen[key] {
        return "error: the providers '\(other)' and '\(provider.id)' are both "
          + "'\(provider.swiftName)' in Swift; give one of them 'swift:' [swift-collision]"
      }
      seen[key] = provider.id
    }
    return nil
  }
}
