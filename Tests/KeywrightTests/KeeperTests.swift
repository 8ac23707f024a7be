import Foundation
import Keywright
import KeywrightTesting
import KeywrightZ
import Synchronization
import Testing

/// A provider that rotates refresh tokens and counts: each works once, and for a while after that.
final class RotatingProvider: Transport {
  /// How a token request ends.
  enum End: Sendable {
    case answers, lostBeforeCommit, lostAfterCommit, fails(Int), silentFor(Int64)
  }

  private struct State {
    var current = "r1"
    var previous: String?
    var count = 0
    var apiCalls: [String] = []
    var ends: [End] = []
    var lifetime = 1_800
    var waits = false
  }

  private let state = Mutex(State())
  private let takesPrevious: Bool

  init(ends: [End] = [], lifetime: Int = 1_800, takesPrevious: Bool = true, waits: Bool = false) {
    self.takesPrevious = takesPrevious
    state.withLock {
      $0.ends = ends
      $0.lifetime = lifetime
      $0.waits = waits
    }
  }

  var tokenRequests: Int { state.withLock { $0.count } }
  var apiCalls: [String] { state.withLock { $0.apiCalls } }
  var current: String { state.withLock { $0.current } }

  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    guard request.path == "/oauth/tokens" else {
      let token = request.headerFields[.authorization] ?? ""
      let isGood = state.withLock { state in
        state.apiCalls.append(token)
        return token == "Bearer a\(state.current.dropFirst())"
      }
      return .json("{}", status: isGood ? 200 : 401)
    }
    if state.withLock({ $0.waits }) { try? await Task.sleep(for: .milliseconds(2)) }
    let sent = parameter("refresh_token", sentIn: String(decoding: body ?? [], as: UTF8.self))
    let (end, answer): (End, TransportAnswer) = state.withLock { state in
      state.count += 1
      let end = state.ends.isEmpty ? .answers : state.ends.removeFirst()
      switch end {
      case .fails(let status): return (end, .json("", status: status))
      case .silentFor(let seconds):
        return (
          end,
          TransportAnswer(
            status: 429, headers: [.retryAfter: String(seconds)], body: Array("{}".utf8))
        )
      case .lostBeforeCommit: return (end, .json(""))
      case .answers, .lostAfterCommit:
        guard sent == state.current || (takesPrevious && sent == state.previous) else {
          return (.answers, .json(#"{"error":"invalid_grant"}"#, status: 400))
        }
        if sent == state.current {
          state.previous = state.current
          state.current = "r\((Int(state.current.dropFirst()) ?? 0) + 1)"
        }
        let number = state.current.dropFirst()
        return (
          end,
          .json(
            #"{"access_token":"a\#(number)","refresh_token":"\#(state.current)","expires_in":\#(state.lifetime)}"#
          )
        )
      }
    }
    if case .lostBeforeCommit = end { throw TransportError(.interrupted, "the connection ended") }
    if case .lostAfterCommit = end { throw TransportError(.interrupted, "the connection ended") }
    return answer
  }
}

@Suite("The keeper of connections")
struct KeeperTests {
  static let app = Flow.client
  private let clock = ManualClock(at: 1_700_000_060)

  private func connection(_ token: String = ConnectionTests.token) async throws
    -> Connection<Zendesk>
  { try await Flow().finish(token: .json(token)) }

  private func keeper(
    _ store: any ConnectionStore = InMemoryStore(), over provider: any Transport
  ) -> ConnectionKeeper {
    ConnectionKeeper(
      store: store, providers: [Zendesk.self], over: provider, in: clock.surroundings)
  }

  private func expired(
    _ store: any ConnectionStore = InMemoryStore(), over provider: any Transport
  ) async throws -> ConnectionKeeper {
    let keeper = keeper(store, over: provider)
    try await keeper.keep(connection(), as: "acme")
    clock.advance(by: 3_600)
    return keeper
  }

  @Test(
    "200 tasks that ask for a credential that has ended make one token request, a hundred times over"
  )
  func singleFlight() async throws {
    for _ in 0..<100 {
      let clock = ManualClock(at: 1_700_000_060)
      let provider = RotatingProvider(waits: true)
      let keeper = ConnectionKeeper(
        store: InMemoryStore(), providers: [Zendesk.self], over: provider, in: clock.surroundings)
      try await keeper.keep(connection(), as: "acme")
      clock.advance(by: 3_600)
      let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
        for _ in 0..<200 {
          group.addTask {
            try await keeper.connection("acme", client: Self.app).credential?.accessToken?.reveal()
          }
        }
        return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
      }
      #expect(tokens == ["a2"])
      #expect(provider.tokenRequests == 1)
    }
  }

  @Test("what is good is handed out as it is, and what is due is renewed and kept")
  func due() async throws {
    let (store, provider) = (InMemoryStore(), RotatingProvider())
    let keeper = keeper(store, over: provider)
    try await keeper.keep(connection(), as: "acme")
    #expect(
      try await keeper.connection("acme", client: Self.app).credential?.accessToken?.reveal()
        == "a1")
    #expect(provider.tokenRequests == 0)
    clock.advance(by: 1_700)
    #expect(
      try await keeper.connection("acme", client: Self.app).credential?.accessToken?.reveal()
        == "a2")
    let other = self.keeper(store, over: UnreachableTransport())
    #expect(
      try await other.connection("acme", client: Self.app).credential?.refreshToken?.reveal()
        == "r2")
  }

  @Test("an answer that was lost is asked for at once with the same refresh token")
  func ambiguous() async throws {
    let provider = RotatingProvider(ends: [.lostAfterCommit, .fails(502)])
    let keeper = try await expired(over: provider)
    let connection = try await keeper.connection("acme", client: Self.app)
    #expect(connection.credential?.refreshToken?.reveal() == provider.current)
    #expect(provider.tokenRequests == 3)
  }

  @Test(
    "where the provider takes a token once and the answer was lost, that is what the error says")
  func lost() async throws {
    let provider = RotatingProvider(
      ends: [.lostAfterCommit, .lostBeforeCommit, .lostBeforeCommit, .lostBeforeCommit],
      takesPrevious: false)
    let store = InMemoryStore()
    let keeper = try await expired(store, over: provider)
    let first = await #expect(throws: AuthorizationError.self) {
      try await keeper.connection("acme", client: Self.app)
    }
    #expect(first?.outcome == .ambiguous)
    // Another process, later: it knows of the attempt by the mark in the store.
    let error = await #expect(throws: AuthorizationError.self) {
      try await self.keeper(store, over: provider).connection("acme", client: Self.app)
    }
    #expect(error?.code == .lostRotation)
  }

  @Test("a refusal is asked for once, whoever asks")
  func refused() async throws {
    let provider = RotatingProvider(takesPrevious: false)
    let keeper = keeper(over: provider)
    let token = ConnectionTests.token.replacing("r1", with: "stolen")
    try await keeper.keep(connection(token), as: "acme")
    clock.advance(by: 3_600)
    for _ in 0..<5 {
      let error = await #expect(throws: AuthorizationError.self) {
        try await keeper.connection("acme", client: Self.app)
      }
      #expect(error?.code == .invalidGrant)
    }
    #expect(provider.tokenRequests == 1)
  }

  @Test(
    "while a credential is good, a renewal that fails is no error, and is not asked for at every read"
  )
  func failing() async throws {
    let provider = RotatingProvider(ends: Array(repeating: .fails(503), count: 9))
    let keeper = keeper(over: provider)
    try await keeper.keep(connection(), as: "acme")
    clock.advance(by: 1_700)
    for _ in 0..<20 {
      let token = try await keeper.connection("acme", client: Self.app).credential?.accessToken
      #expect(token?.reveal() == "a1")
    }
    // One renewal, with its three further attempts.
    #expect(provider.tokenRequests == 4)
  }

  @Test("a provider that asks for rest gets it", arguments: [(5, 5), (99_999, 3_600)])
  func retryAfter(_ asked: Int64, _ wait: Int64) async throws {
    let provider = RotatingProvider(ends: [.silentFor(asked)])
    let keeper = try await expired(over: provider)
    for _ in 0..<3 {
      let error = await #expect(throws: AuthorizationError.self) {
        try await keeper.connection("acme", client: Self.app)
      }
      #expect(error?.retryAfter == wait)
    }
    #expect(provider.tokenRequests == 1)
    clock.advance(by: wait)
    #expect(
      try await keeper.connection("acme", client: Self.app).credential?.accessToken?.reveal()
        == "a2")
  }

  @Test("C2 a lifetime of 0 makes one renewal for twenty reads, and the token is served")
  func zero() async throws {
    let provider = RotatingProvider(lifetime: 0)
    let keeper = try await expired(over: provider)
    for _ in 0..<20 {
      let token = try await keeper.connection("acme", client: Self.app).credential?.accessToken
      #expect(token?.reveal() == "a2")
    }
    #expect(provider.tokenRequests == 1)
  }

  @Test("C14 who signs in again without a new refresh token keeps the old one, of the same account")
  func reconnect() async throws {
    let provider = RotatingProvider()
    let keeper = keeper(over: provider)
    try await keeper.keep(connection(), as: "acme")
    try await keeper.keep(
      connection(#"{"access_token":"b1","expires_in":1800}"#), as: "acme")
    clock.advance(by: 3_600)
    let renewed = try await keeper.connection("acme", client: Self.app)
    #expect(renewed.credential?.refreshToken?.reveal() == "r2")
  }

  @Test("C14 another account does not take the place of the one that is kept")
  func otherAccount() async throws {
    let keeper = keeper(over: UnreachableTransport())
    try await keeper.keep(connection(), as: "acme")
    let other = try await Flow().finish(
      token: .json(ConnectionTests.token), account: #"{"user":{"id":2}}"#)
    let error = await #expect(throws: AuthorizationError.self) {
      try await keeper.keep(other, as: "acme")
    }
    #expect(error?.code == .accountMismatch)
    #expect(try await keeper.connection("acme", client: Self.app).account?.id == "1")
  }

  @Test("a request is signed anew and sent once more after a 401, and no oftener")
  func sends() async throws {
    let provider = RotatingProvider()
    let keeper = keeper(over: provider)
    try await keeper.keep(
      connection(ConnectionTests.token.replacing("\"a1\"", with: "\"old\"")), as: "acme")
    let answer = try await keeper.send(.get("/api/v2/me.json"), as: "acme", client: Self.app)
    #expect(answer.status == 200)
    #expect(provider.apiCalls == ["Bearer old", "Bearer a2"])
    #expect(provider.tokenRequests == 1)
  }

  @Test("a store that fails loses nothing: the new token is served, and offered to it again")
  func storeFails() async throws {
    let (store, provider) = (FailingStore(), RotatingProvider())
    let keeper = try await expired(store, over: provider)
    store.refuses.withLock { $0 = 1 }
    #expect(
      try await keeper.connection("acme", client: Self.app).credential?.refreshToken?.reveal()
        == "r2")
    clock.advance(by: 3_600)
    #expect(
      try await keeper.connection("acme", client: Self.app).credential?.refreshToken?.reveal()
        == "r3")
    let kept = await store.inner.load("acme")
    #expect(kept != nil)
    #expect(provider.tokenRequests == 2)
  }

  @Test("an answer that is lost and then refused is lost, in the same breath and ever after")
  func lostAtOnce() async throws {
    let (store, provider) = (
      InMemoryStore(), RotatingProvider(ends: [.lostAfterCommit], takesPrevious: false)
    )
    let keepers = [try await expired(store, over: provider), keeper(store, over: provider)]
    for keeper in keepers {
      let error = await #expect(throws: AuthorizationError.self) {
        try await keeper.connection("acme", client: Self.app)
      }
      #expect(error?.code == .lostRotation)
    }
  }

  @Test("who connects anew while a renewal is under way wins over it")
  func newerGrant() async throws {
    let (store, provider) = (InMemoryStore(), GatedTransport(RotatingProvider()))
    let keeper = try await expired(store, over: provider)
    let newer = try await connection(ConnectionTests.token.replacing("r1", with: "r9"))
    let renewing = Task { try await keeper.connection("acme", client: Self.app) }
    await provider.arrival()
    let keeping = Task { try await keeper.keep(newer, as: "acme") }
    // Long enough for whoever would not wait.
    try await Task.sleep(for: .milliseconds(50))
    provider.open()
    _ = try await renewing.value
    try await keeping.value
    let kept = try #require(await store.load("acme"))
    #expect(try AnyConnectionView(kept).refreshToken == "r9")
  }

  @Test("a renewal that is refused is one refusal for all who ask at once")
  func sharedRefusal() async throws {
    let provider = GatedTransport(
      CannedTransport(
        (0..<50).map { _ in .json(#"{"error":"invalid_client"}"#, status: 401) }))
    let keeper = try await expired(over: provider)
    let asking = (0..<50).map { _ in
      Task { try await keeper.connection("acme", client: Self.app) }
    }
    await provider.arrival()
    try await Task.sleep(for: .milliseconds(50))
    provider.open()
    for task in asking {
      let error = await #expect(throws: AuthorizationError.self) { try await task.value }
      #expect(error?.code == .invalidClient)
    }
    #expect(provider.count == 1)
  }

  @Test("what the store could not take survives another who finds it good")
  func unsavedSurvives() async throws {
    let (store, provider) = (FailingStore(), RotatingProvider())
    let keeper = try await expired(store, over: provider)
    store.refuses.withLock { $0 = 100 }
    for _ in 0..<3 {
      let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
        for _ in 0..<20 {
          group.addTask {
            try await keeper.connection("acme", client: Self.app).credential?.refreshToken?.reveal()
          }
        }
        return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
      }
      #expect(tokens == ["r2"])
    }
    #expect(provider.tokenRequests == 1)
    store.refuses.withLock { $0 = 0 }
    _ = try await keeper.connection("acme", client: Self.app)
    let kept = try #require(await store.inner.load("acme"))
    #expect(try AnyConnectionView(kept).refreshToken == "r2")
  }

  @Test("a client that is refused is tried again later, since it may have been mended")
  func refusedClient() async throws {
    let provider = CannedTransport([
      .json(#"{"error":"invalid_client"}"#, status: 401), .json(ConnectionTests.token),
    ])
    let keeper = try await expired(over: provider)
    for _ in 0..<2 {
      let error = await #expect(throws: AuthorizationError.self) {
        try await keeper.connection("acme", client: Self.app)
      }
      #expect(error?.code == .invalidClient)
    }
    #expect(provider.seen.count == 1)
    clock.advance(by: 60)
    _ = try await keeper.connection("acme", client: Self.app)
    #expect(provider.seen.count == 2)
  }

  @Test("who asked may go away: the renewal goes on, and what came is kept")
  func cancelled() async throws {
    let provider = RotatingProvider(waits: true)
    let keeper = try await expired(over: provider)
    let asking = Task { try await keeper.connection("acme", client: Self.app) }
    await Task.yield()
    asking.cancel()
    _ = try? await asking.value
    let token = try await keeper.connection("acme", client: Self.app).credential?.accessToken
    #expect(token?.reveal() == "a2")
    #expect(provider.tokenRequests == 1)
  }

  @Test("what was sealed under a key that is gone is replaced by whoever connects anew")
  func changedKey() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("keywright-key-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let old = keeper(
      FileStore(at: folder, key: try SealingKey.random()), over: UnreachableTransport())
    try await old.keep(connection(), as: "acme")
    let new = keeper(
      FileStore(at: folder, key: try SealingKey.random()), over: UnreachableTransport())
    let error = await #expect(throws: AuthorizationError.self) {
      try await new.connection("acme", client: Self.app)
    }
    #expect(error?.code == .unreadableConnection)
    try await new.keep(connection(), as: "acme")
    #expect(try await new.connection("acme", client: Self.app).account?.id == "1")
  }

  @Test("a renewal without the client that it needs says what is missing, and sends nothing")
  func missingClient() async throws {
    let provider = RotatingProvider()
    let keeper = try await expired(over: provider)
    let error = await #expect(throws: AuthorizationError.self) {
      try await keeper.connection("acme")
    }
    #expect(error?.code == .incompleteSetup)
    #expect(provider.tokenRequests == 0)
    // It is not held against who passes the client next.
    let connection = try await keeper.connection("acme", client: Self.app)
    #expect(connection.credential?.accessToken?.reveal() == "a2")
  }

  @Test("a typed connection is the one that was kept, and no other provider's")
  func typed() async throws {
    let keeper = keeper(over: UnreachableTransport())
    try await keeper.keep(connection(), as: "acme")
    let typed = try await keeper.connection("acme", of: Zendesk.self, client: Self.app)
    #expect(typed.provider.subdomain.text == "acme")
    #expect(try await keeper.ids() == ["acme"])
    let error = await #expect(throws: AuthorizationError.self) {
      try await keeper.connection("nobody", client: Self.app)
    }
    #expect(error?.code == .unknownConnection)
  }
}

/// A provider whose answers are held back until a test lets them go.
final class GatedTransport: Transport {
  private let inner: any Transport
  private let state = Mutex((count: 0, isOpen: false))

  init(_ inner: any Transport) { self.inner = inner }

  /// How many requests came.
  var count: Int { state.withLock { $0.count } }

  /// Waits until the first request is there.
  func arrival() async { while count == 0 { await Task.yield() } }

  func open() { state.withLock { $0.isOpen = true } }

  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    state.withLock { $0.count += 1 }
    while !state.withLock({ $0.isOpen }) { try? await Task.sleep(for: .milliseconds(1)) }
    return try await inner.send(request, body: body)
  }
}

/// A store that refuses to keep a renewal so many times.
final class FailingStore: ConnectionStore {
  let inner = InMemoryStore()
  let refuses = Mutex(0)

  struct Full: Error {}

  func load(_ id: String) async throws -> KeptConnection? { await inner.load(id) }
  func remove(_ id: String) async throws { await inner.remove(id) }
  func ids() async throws -> [String] { await inner.ids() }

  func save(_ connection: KeptConnection, as id: String) async throws {
    // The mark before the request is kept; what the provider gave is not.
    let hasNew = try AnyConnectionView(connection).refreshToken != "r1"
    let isRefused = refuses.withLock { left in
      guard hasNew, left > 0 else { return false }
      left -= 1
      return true
    }
    if isRefused { throw Full() }
    await inner.save(connection, as: id)
  }
}

/// What a test sees of a kept connection: by opening what it seals.
struct AnyConnectionView {
  let refreshToken: String?

  init(_ kept: KeptConnection) throws {
    refreshToken = kept.record.credentials[""]?.parts["refresh_token"]
  }
}

@Suite("The store of files")
struct FileStoreTests {
  private func folder() -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("keywright-store-\(UUID().uuidString)").path
  }

  private func connection() async throws -> AnyConnection {
    try await Flow().finish(token: .json(PrintingTests.token)).any
  }

  private func keeper(_ store: FileStore) -> ConnectionKeeper {
    ConnectionKeeper(
      store: store, providers: [Zendesk.self], over: UnreachableTransport(),
      in: ManualClock(at: 1_700_000_060).surroundings)
  }

  @Test("what is kept is sealed, for its owner alone, and comes back in another process's hands")
  func keeps() async throws {
    let (folder, key) = (folder(), try SealingKey.random())
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await keeper(FileStore(at: folder, key: key)).keep(connection(), as: "../äcme/1")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { !$0.hasSuffix(".lock") }
    #expect(names.count == 1)
    let path = "\(folder)/\(names[0])"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!text.contains("CANARY") && !text.contains("subdomain"))
    #expect(try mode(path) == 0o600)
    #expect(try mode(folder) == 0o700)
    let again = keeper(FileStore(at: folder, key: key))
    #expect(try await again.ids() == ["../äcme/1"])
    let back = try await again.connection("../äcme/1", client: Flow.client)
    #expect(back.credential?.refreshToken?.reveal() == "CANARY-refresh")
  }

  @Test("another key opens nothing, and a file that was moved to another id is no connection")
  func bound() async throws {
    let (folder, key) = (folder(), try SealingKey.random())
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = FileStore(at: folder, key: key)
    try await keeper(store).keep(connection(), as: "a")
    #expect(throws: AuthorizationError.self) {
      try FileStore(at: folder, key: SealingKey.random()).load("a")
    }
    let file = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".connection") })
    try FileManager.default.copyItem(
      atPath: "\(folder)/\(file)", toPath: "\(folder)/Yg.connection")
    #expect(try store.ids() == ["a", "b"])
    #expect(throws: AuthorizationError.self) { try store.load("b") }
  }

  @Test(
    "an id that is no file name is refused by name",
    arguments: ["", String(repeating: "x", count: 400)])
  func ids(_ id: String) async throws {
    let store = FileStore(at: folder(), key: try SealingKey.random())
    #expect(throws: FileStore.Failure.self) { try store.load(id) }
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? Int) ?? 0
  }
}
