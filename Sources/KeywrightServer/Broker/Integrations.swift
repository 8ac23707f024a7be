internal import Foundation
internal import GRDB
internal import Keywright
internal import KeywrightDefinition

/// A provider's method as one environment offers it: with its client, its scopes, under a name of its own.
struct Integration: Sendable {
  let id: String
  let environment: String
  /// What callers name it by (`provider_config_key`).
  let key: String
  let displayName: String?
  let provider: String
  let method: String
  /// What is asked for where a caller names nothing; nil is what the spec says.
  let scopes: [String]?
  /// Values of what the method asks that nobody who connects is asked for.
  let filled: [String: String]
  let version: Int64
  let createdAt: Int64
  let updatedAt: Int64
  fileprivate let sealed: Data?
}

extension Integration: FetchableRecord {
  init(row: Row) {
    let (scopes, filled): (String?, String?) = (row["scopes"], row["filled"])
    let name: String? = row["display_name"]
    self.init(
      id: row["id"], environment: row["environment"], key: row["key"],
      displayName: name?.isEmpty == false ? name : nil, provider: row["provider"],
      method: row["method"],
      scopes: scopes.flatMap { (try? JSON(reading: $0))?.textList },
      filled: filled.flatMap { (try? JSON(reading: $0))?.texts } ?? [:], version: row["version"],
      createdAt: row["created_at"], updatedAt: row["updated_at"], sealed: row["setup_sealed"])
  }

  /// Where its secrets stand.
  fileprivate static func place(_ environment: String, _ id: String, _ version: Int64) -> Place {
    Place(environment: environment, row: id, field: "setup", version: version)
  }
}

/// The integrations of all environments.
final class Integrations: Sendable {
  private let store: Store
  private let vault: Vault
  private let providers: Providers
  private let random: Random
  private let now: @Sendable () -> Int64

  init(
    store: Store, vault: Vault, providers: Providers, random: Random,
    now: @escaping @Sendable () -> Int64
  ) {
    self.store = store
    self.vault = vault
    self.providers = providers
    self.random = random
    self.now = now
  }

  // MARK: Reading

  func all(in environment: DeploymentEnvironment) async throws -> [Integration] {
    try await store.read {
      try Integration.fetchAll(
        $0, sql: "SELECT * FROM integration WHERE environment = ? ORDER BY key",
        arguments: [environment.id])
    }
  }

  func withID(_ id: String) async throws -> Integration? {
    try await store.read {
      try Integration.fetchOne($0, sql: "SELECT * FROM integration WHERE id = ?", arguments: [id])
    }
  }

  /// The integration that a caller names.
  func named(_ key: String, in environment: DeploymentEnvironment) async throws -> Integration {
    let found = try await store.read {
      try Integration.fetchOne(
        $0, sql: "SELECT * FROM integration WHERE environment = ? AND key = ?",
        arguments: [environment.id, key])
    }
    if let found { return found }
    let known = try await all(in: environment).map(\.key)
    throw APIError(
      404, "unknown_provider_config",
      "the environment '\(environment.name)' has no integration '\(key)'"
        + didYouMean(key, among: known))
  }

  /// What the integrator filled in: an input of each step, and nothing that is shown.
  func client(of integration: Integration) throws -> AnyClient {
    AnyClient(try setup(of: integration))
  }

  func setup(of integration: Integration) throws -> [String: String] {
    guard let sealed = integration.sealed else { return [:] }
    let place = Integration.place(integration.environment, integration.id, integration.version)
    return try JSON(reading: vault.open(sealed, in: place)).texts ?? [:]
  }

  // MARK: Changing

  /// What an integration is made of, or changed to; what is nil is the spec's, or stays as it is.
  struct Wish: Sendable {
    var key: String?
    var provider: String?
    var method: String?
    var displayName: String?
    var scopes: [String]?
    /// Values of `setup` by the spec's names; an empty text takes one away.
    var setup: [String: String]?
  }

  func create(_ wish: Wish, in environment: DeploymentEnvironment) async throws -> Integration {
    guard let provider = wish.provider else {
      throw APIError.invalidBody(
        "'provider' is missing: the id of an API, such as GET /providers lists it", at: ["provider"]
      )
    }
    let (entry, chosen) = try providers.chosen(provider)
    let method = try method(wish.method ?? chosen?.method, of: entry.definition)
    if let chosen, method.id != chosen.method {
      throw APIError.invalidBody(
        "'\(provider)' is the method '\(chosen.method)' of '\(entry.definition.id)'; leave 'method' out, or name the provider by its id",
        at: ["method"])
    }
    let key = wish.key ?? provider
    try Self.check(key: key)
    let setup = try checked(wish.setup ?? [:], for: method, of: entry.definition.id)
      .merging(Self.values(chosen, of: method.setup)) { given, _ in given }
    let values = try Self.values(chosen, of: method.ask)
    let filled = values.isEmpty ? nil : JSON.texts(values).compactText
    try Self.check(scopes: wish.scopes, of: method)
    let (id, time, version) = (try random.uuid(), now(), Int64(1))
    let sealed = try seal(setup, Integration.place(environment.id, id, version))
    let scopes = wish.scopes.map { JSON.texts($0).compactText }
    let (display, providerID, methodID) = (wish.displayName, entry.definition.id, method.id)
    do {
      try await store.write { database in
        try database.execute(
          sql: """
            INSERT INTO integration
              (id, environment, key, display_name, provider, method, scopes, setup_sealed, filled, version, created_at,
               updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            id, environment.id, key, display, providerID, methodID, scopes, sealed, filled, version,
            time, time,
          ])
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      throw Self.exists(key)
    }
    return try await named(key, in: environment)
  }

  private static func exists(_ key: String) -> APIError {
    APIError(
      409, "integration_exists",
      "there is an integration '\(key)' already; give 'unique_key' another name")
  }

  func change(_ key: String, _ wish: Wish, in environment: DeploymentEnvironment) async throws
    -> Integration
  {
    let old = try await named(key, in: environment)
    let method = try providers.method(old.method, of: old.provider)
    if let new = wish.key { try Self.check(key: new) }
    try Self.check(scopes: wish.scopes, of: method)
    var setup = try self.setup(of: old)
    setup.merge(try checked(wish.setup ?? [:], for: method, of: old.provider)) { $1 }
    setup = setup.filter { !$0.value.isEmpty }
    let version = old.version + 1
    let sealed = try seal(setup, Integration.place(environment.id, old.id, version))
    let scopes = (wish.scopes ?? old.scopes).map { JSON.texts($0).compactText }
    let (newKey, display, time) = (
      wish.key ?? old.key, wish.displayName.map { $0.isEmpty ? nil : $0 } ?? old.displayName, now()
    )
    let isChanged: Bool
    do {
      isChanged = try await store.write { database in
        // Two changes at once: the one that read what is no longer there is told so.
        try database.execute(
          sql: """
            UPDATE integration SET key = ?, display_name = ?, scopes = ?, setup_sealed = ?, version = ?, updated_at = ?
            WHERE id = ? AND version = ?
            """,
          arguments: [newKey, display, scopes, sealed, version, time, old.id, old.version])
        return database.changesCount == 1
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      throw Self.exists(newKey)
    }
    guard isChanged else {
      throw APIError(
        409, "changed_meanwhile",
        "somebody else has changed the integration just now; look at it again")
    }
    return try await named(newKey, in: environment)
  }

  func remove(_ integration: Integration) async throws {
    try await store.write {
      try $0.execute(sql: "DELETE FROM integration WHERE id = ?", arguments: [integration.id])
    }
  }

  // MARK: Checks

  private func method(_ id: String?, of definition: Definition) throws(APIError) -> Method {
    guard let method = id.map(definition.method) ?? definition.methods.first else {
      let known = definition.methods.map(\.id)
      throw APIError.invalidBody(
        "'\(definition.id)' has no method '\(id ?? "")'" + didYouMean(id ?? "", among: known)
          + "; it has \(known.joined(separator: ", "))", at: ["method"])
    }
    return method
  }

  private func seal(_ setup: [String: String], _ place: Place) throws -> Data? {
    setup.isEmpty ? nil : try vault.seal(JSON.texts(setup).compactText, in: place)
  }

  /// Values of `setup`, by their declared types; all may still be missing, and are asked for when they are needed.
  private func checked(
    _ given: [String: String], for method: Method, of provider: String
  ) throws -> [String: String] {
    let values: [String: String]
    do throws(FieldNames.Clash) {
      values = try FieldNames(method.setup, providers.nangoKeys(of: method.id, provider))
        .resolved(given)
    } catch { throw APIError.invalidBody(error.message, at: ["credentials", error.name]) }
    var result: [String: String] = [:]
    for (name, value) in values {
      guard let field = method.setup.first(where: { $0.name == name && !$0.isGenerated }) else {
        let known = method.setup.filter { !$0.isGenerated }.map(\.name)
        throw APIError.invalidBody(
          "there is no setup value '\(name)'" + didYouMean(name, among: known)
            + (known.isEmpty
              ? "; this method needs none" : "; known are \(known.joined(separator: ", "))"),
          at: ["credentials", name])
      }
      do {
        result[name] = value.isEmpty ? "" : try field.canonical(value)
      } catch {
        throw APIError.invalidBody("'\(name)': \(error.reason)", at: ["credentials", name])
      }
    }
    return result
  }

  /// What a key from Nango fills in of some fields.
  private static func values(
    _ key: Providers.NangoKey?, of fields: [Field]
  ) throws(FieldFailure) -> [String: String] {
    var result: [String: String] = [:]
    for field in fields {
      if let text = key?.set[field.name] { result[field.name] = try field.canonical(text) }
    }
    return result
  }

  /// A name that stands in URLs and in digests.
  static func check(key: String) throws(APIError) {
    let isFit =
      (1...255).contains(key.utf8.count)
      && key.utf8.allSatisfy { $0.isLetterDigitHyphen || "_.~".utf8.contains($0) }
    guard isFit, key != ".", key != ".." else {
      throw APIError.invalidBody(
        "an integration's key has 1 to 255 letters, digits, '-', '_', '.', '~'", at: ["unique_key"])
    }
  }

  private static func check(scopes: [String]?, of method: Method) throws(APIError) {
    do { _ = try method.scopes.checked(scopes) } catch {
      throw APIError.invalidBody(error.message, at: ["scopes"])
    }
  }
}
