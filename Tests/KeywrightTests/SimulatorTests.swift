import Foundation
import Keywright
import KeywrightCompiler
import KeywrightDefinition
import KeywrightSimulator
import Testing

/// Every provider of the catalogue, run and not only compiled.
@Suite("The simulator")
struct SimulatorTests {
  static let definitions: [Definition] = {
    let folder = Repository.root.appendingPathComponent("specs").path
    let compilations = (try? SpecFolder([folder], catalogue: folder).compiled()) ?? []
    return compilations.compactMap(\.provider?.definition)
  }()

  static let methods = definitions.flatMap { definition in
    definition.methods.map { "\(definition.id) \($0.id)" }
  }

  @Test("every method connects, signs, renews, verifies and revokes", arguments: methods)
  func rehearsal(_ name: String) async throws {
    let words = name.split(separator: " ").map(String.init)
    let definition = try #require(Self.definitions.first { $0.id == words[0] })
    let method = try #require(definition.method(words[1]))
    for rehearsal in await Rehearsal.all(of: method, in: definition) {
      let told = rehearsal.outcomes.map { "\($0.act): \($0.outcome)" }.joined(separator: "\n")
      let seen = rehearsal.seen.map(\.description).joined(separator: "\n")
      #expect(rehearsal.failure == nil, "\(rehearsal.variant)\n\(told)\n\(seen)")
    }
  }
}
