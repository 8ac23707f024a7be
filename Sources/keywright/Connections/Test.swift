import ArgumentParser
import Foundation
import KeywrightCompiler
import KeywrightDefinition
import KeywrightSimulator

/// `keywright test`: every method, run from end to end with a simulated provider.
struct Test: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Run each method with its provider simulated: connect, account, sign, renew, verify, revoke.",
    discussion: """
      A method is run once for each way in which its form can be filled in. It shows that a spec hangs together, not
      that its facts are right: those come from the provider's own documentation.
      Exit codes: 0 all went well, 1 something failed, 64 wrong usage.
      """)

  @Argument(help: "Ids or paths of specs; all providers where none is named.")
  var ids: [String] = []

  @Flag(name: .shortAndLong, help: "Tell each request that the provider saw.")
  var verbose = false

  @OptionGroup var specs: SpecOptions

  func run() async throws {
    let definitions =
      ids.isEmpty ? try specs.catalogue().entries.map(\.definition) : try ids.map(specs.definition)
    var (methods, runs, failures) = (0, 0, 0)
    for definition in definitions {
      for method in definition.methods {
        methods += 1
        for rehearsal in await Rehearsal.all(of: method, in: definition) {
          runs += 1
          if rehearsal.failure != nil { failures += 1 }
          tell(rehearsal, of: "\(definition.id) \(method.id)")
        }
      }
    }
    say(
      "\(definitions.count) \(definitions.count == 1 ? "provider" : "providers"), \(methods) "
        + "\(methods == 1 ? "method" : "methods"), \(runs) \(runs == 1 ? "run" : "runs"): "
        + (failures == 0 ? "all went well" : "\(failures) failed"))
    if failures > 0 { throw ExitCode(1) }
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
      complain("     \(failure.act.rawValue): \(failure.reason)")
    }
    if verbose || rehearsal.failure != nil {
      for exchange in rehearsal.seen { complain("     \(exchange)") }
    }
  }
}
