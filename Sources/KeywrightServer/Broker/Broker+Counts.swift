internal import GRDB
internal import KeywrightDefinition

extension Broker {
  /// How many connections each integration of an environment has, and how many of them are broken, by its row's id.
  func connectionCounts(
    in environment: DeploymentEnvironment
  ) async throws -> [String: (all: Int, broken: Int)] {
    try await store.read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT integration, count(*) AS number, sum(state = 'broken') AS broken FROM connection
          WHERE environment = ? GROUP BY integration
          """, arguments: [environment.id])
      return Dictionary(
        uniqueKeysWithValues: rows.map { row in
          (row["integration"] as String, (all: row["number"] as Int, broken: row["broken"] as Int))
        })
    }
  }

  /// The same as pages call it; nil where nothing is missing.
  func missingTitles(of integration: Integration, _ method: Method) throws -> String? {
    let titles = try missingSetup(of: integration, method).map { field in
      field.title ?? Wording.word(field.name)
    }
    return titles.isEmpty ? nil : titles.joined(separator: ", ")
  }

  /// What an integration still needs before anybody can connect.
  func missingSetup(of integration: Integration, _ method: Method) throws -> [Field] {
    let setup = try integrations.setup(of: integration)
    return method.setup.filter {
      !$0.isGenerated && !$0.mayBeAbsent && $0.standard == nil && setup[$0.name] == nil
    }
  }
}
