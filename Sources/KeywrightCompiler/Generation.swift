import Foundation
import KeywrightDefinition

/// One run of the generator: specs in, files out. Both command-line tools run this.
package struct Generation {
  /// What is generated.
  package enum Target {
    /// The catalogue: a module for each letter, and the catalogue as data.
    case catalogue(specs: String)
    /// A Swift file for each of some specs of one's own.
    case files([String])
  }

  /// What is generated.
  package let target: Target

  /// The folder that the files lie in. Generated files that no spec makes are removed from it, and nothing else is.
  package let out: String

  /// Whether files are only compared.
  package let isCheck: Bool

  /// Names a run.
  package init(_ target: Target, out: String, isCheck: Bool) {
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
      guard let output = try output(complain) else { return .failed }
      let folder = URL(fileURLWithPath: out)
      if isCheck { return report(output.changes(in: folder), complain) }
      let changes = try output.write(to: folder)
      for path in changes.written { say("wrote \(out)/\(path)") }
      for path in changes.removed { say("removed \(out)/\(path)") }
      if changes.isEmpty { say("\(out) is up to date: \(output.files.count) files") }
      return .upToDate
    } catch {
      complain("error: \(error)")
      return .failed
    }
  }

  private func report(_ changes: Output.Changes, _ complain: (String) -> Void) -> Ending {
    for path in changes.written { complain("\(out)/\(path): error: not what its spec says") }
    for path in changes.removed { complain("\(out)/\(path): error: no spec makes this file") }
    if changes.isEmpty { return .upToDate }
    complain("run the same command without --check to bring \(out) up to date")
    return .stale
  }

  private func output(_ complain: (String) -> Void) throws -> Output? {
    let paths: [String] =
      switch target {
      case .catalogue(let specs): [specs]
      case .files(let paths): paths
      }
    let isCatalogue = if case .catalogue = target { true } else { false }
    let folder = try SpecFolder(paths)
    let found = try folder.compiled { compilation, file in
      let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
      let origin = isCatalogue ? "specs/\(file.id.prefix(1))/\(file.id).yaml" : name
      return (
        compilation.diagnostics,
        compilation.provider.map { EmittedProvider($0, origin: origin, isListed: isCatalogue) }
      )
    }
    for diagnostic in found.flatMap(\.0) { complain(diagnostic.description) }
    let providers = found.compactMap(\.1)
    if providers.count < found.count { return nil }
    if let clash = Self.clash(of: providers) {
      complain(clash)
      return nil
    }
    return isCatalogue ? .catalogue(of: providers) : .loose(providers)
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
