package import Foundation
internal import Keywright
internal import KeywrightCrypto

/// What is done to an installation's store without its server: a password, an environment, a key.
package struct AdminDesk: Sendable {
  private let environments: Environments
  private let administrator: Administrator
  /// The path of the key's file, where one was made.
  package let keyMadeAt: String?

  /// Opens a store.
  ///
  /// - Parameter makesStore: whether one is made where none is, with the key that the server would make. A server
  ///   listens to others than its own machine once it has an administrator, and in a container nobody else reaches it.
  package init(
    in folder: URL, key: Vault.KeySource, makesStore: Bool = false
  ) async throws {
    let path = folder.appendingPathComponent("keywright.sqlite").path
    let isThere = FileManager.default.fileExists(atPath: path)
    guard isThere || makesStore else {
      throw StoreFailure(
        "'\(folder.path)' holds no server's data; start the server there first, or name another folder with --data"
      )
    }
    try await Vault.examine(folder, by: key)
    // No server starts in the folder while its store is made.
    let lock = isThere ? nil : try FolderLock(folder)
    defer { withExtendedLifetime(lock) {} }
    let store = try Store(in: folder)
    let (vault, madeAt) = try await Vault.opening(store, by: key)
    keyMadeAt = madeAt
    let random = Random(bytes: { try KeywrightCrypto.randomBytes($0) })
    let now: @Sendable () -> Int64 = { Surroundings.system.now().seconds }
    environments = Environments(store: store, vault: vault, random: random, now: now)
    administrator = Administrator(store: store, random: random, now: now)
  }

  /// Looks whether a password is one that can be set, before anything is made for it.
  package static func check(password: String) throws { try Administrator.check(password) }

  /// Sets the administrator's password.
  package func setPassword(_ password: String) async throws {
    try await administrator.setPassword(password)
  }

  /// Makes an environment.
  /// - Returns: its public key.
  package func makeEnvironment(_ name: String) async throws -> String {
    try await environments.create(name).publicKey
  }

  /// Makes a secret key.
  /// - Returns: its text, which is shown now and never again.
  package func makeKey(_ name: String, in environment: String) async throws -> String {
    try await environments.makeKey(name, in: environments.named(environment)).text
  }
}

/// What a first start has made.
package struct FirstEnvironments: Sendable {
  /// The environment whose keys these are.
  package let name: String
  /// For browsers.
  package let publicKey: String
  /// For backends.
  package let secretKey: String
}

extension Broker {
  /// Makes `dev` and `prod` where there is no environment yet, and a key to begin with.
  /// - Returns: nil where there is one.
  package func prepareFirstEnvironments() async throws -> FirstEnvironments? {
    guard try await environments.all().isEmpty else { return nil }
    let dev = try await environments.create("dev")
    _ = try await environments.create("prod")
    let (_, text) = try await environments.makeKey("first", in: dev)
    return FirstEnvironments(name: dev.name, publicKey: dev.publicKey, secretKey: text)
  }
}

extension Broker {
  /// The public keys of all environments, by name: what browsers are given is no secret.
  package func publicKeys() async throws -> [(name: String, key: String)] {
    try await environments.all().map { ($0.name, $0.publicKey) }
  }
}

extension Store {
  /// Whether somebody has set a password.
  package func hasAdministrator() async throws -> Bool {
    try await setting("admin_password") != nil
  }
}
