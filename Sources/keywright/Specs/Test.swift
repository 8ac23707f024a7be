import ArgumentParser
import Foundation
import KeywrightCompiler
import KeywrightDefinition
import KeywrightSimulator

/// `keywright test`: every method, run from end to end with a simulated provider.
struct Test: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract:
      "Run each method with its provider simulated: connect, account, sign, renew, verify, revoke.",
    discussion: """
      A method is run once for each way in which its form can be filled in. It shows that a spec hangs together, not
      that its facts are right: those are in its transcripts, which are written by hand out of the provider's own
      documentation and compared with what is sent.
      Exit codes: 0 all went well, 1 something failed, 64 wrong usage.
      """)

  @Argument(help: "Ids, or paths of specs or folders of them; all providers where none is named.")
  var ids: [String] = []

  @Flag(name: .shortAndLong, help: "Tell each request that the provider saw.")
  var verbose = false

  @Option(
    help:
      "The folder of transcripts, <provider>.<method>.yaml; Tests/Transcripts where there is one.")
  var transcripts: String?

  @OptionGroup var specs: SpecOptions

  func run() async throws {
    let chosen =
      ids.isEmpty
      ? try specs.catalogue().entries.map { ($0.definition, isOwn: false) }
      : try ids.flatMap { id in
        let isOwn = try isOwn(id)
        return try specs.entries(id).map { ($0.definition, isOwn: isOwn) }
      }
    var (methods, runs, documented, failures) = (0, 0, 0, 0)
    for (definition, isOwn) in chosen {
      for method in definition.methods {
        methods += 1
        for rehearsal in await Rehearsal.all(of: method, in: definition) {
          runs += 1
          if rehearsal.failure != nil { failures += 1 }
          tell(rehearsal, of: "\(definition.id) \(method.id)")
        }
        // A spec of one's own may have the id of one of the catalogue.
        if isOwn, transcripts == nil { continue }
        switch await compared(method, of: definition) {
        case true?: documented += 1
        case false?: failures += 1
        case nil: break
        }
      }
    }
    say(
      "\(chosen.count) \(chosen.count == 1 ? "provider" : "providers"), \(methods) "
        + "\(methods == 1 ? "method" : "methods"), \(runs) \(runs == 1 ? "run" : "runs"), \(documented) as documented: "
        + (failures == 0 ? "all went well" : "\(failures) failed"))
    if failures > 0 { throw ExitCode(1) }
  }

  /// Whether a path is that of a spec, or of a folder of them, outside the catalogue.
  private func isOwn(_ id: String) throws -> Bool {
    let catalogue = specs.folder ?? "specs"
    return try !specs.isKnown(id) && !"\(id)/".hasPrefix("\(catalogue)/")
  }

  /// Compares a method with its transcript; nil where it has none.
  private func compared(_ method: Method, of definition: Definition) async -> Bool? {
    let name = "\(definition.id).\(method.id)"
    let path = "\(transcripts ?? "Tests/Transcripts")/\(name).yaml"
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    let differences: [String]
    do {
      let tree = try readTree(SourceText(name: path, bytes: Array(bytes))).get()
      differences = try await Transcript(tree, named: name).differences(from: definition)
    } catch {
      differences = ["\(path): error: \(error)"]
    }
    if differences.isEmpty { return true }
    say("FAIL \(definition.id) \(method.id): not as \(path) says")
    for difference in differences { say(difference) }
    return false
  }

  private func tell(_ rehearsal: Rehearsal, of method: String) {
    let variant = rehearsal.variant.isEmpty ? "" : " (\(rehearsal.variant))"
    let acts = rehearsal.outcomes.compactMap { act, outcome in
      outcome == .passed ? act.rawValue : nil
    }
    say(
      "\(rehearsal.failure == nil ? "ok  " : "FAIL") \(method)\(variant): \(acts.joined(separator: " "))"
    )
    if let failure = rehearsal.failure {
      say("     \(failure.act.rawValue): \(failure.reason)")
    }
    if verbose || rehearsal.failure != nil {
      for exchange in rehearsal.seen { say("     \(exchange)") }
    }
  }
}
