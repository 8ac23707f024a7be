import Keywright
import KeywrightDefinition
import KeywrightTesting
import KeywrightZ

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// CPU per operation of what every application does; `make bench` prints it beside what peers take for the same.

@main
struct RuntimeBench {
  static let app = OAuthClient(id: "client", secret: Secret("secret"))

  static func main() async throws {
    let desk = Zendesk(subdomain: try HostLabel("acme"))
    let uri = try RedirectURI("https://app.example.com/callback")
    try await measure("authorization request with PKCE and state", 20_000) {
      _ = try desk.oauth.begin(client: app, scopes: [.read, .ticketsWrite], redirectURI: uri)
    }
    try await measure("whole code flow, one at a time", 5_000) { try await flow(desk, uri) }
    try await measure("whole code flow, 64 at a time", 5_120, batch: 64) {
      try await flow(desk, uri)
    }
    let connection = try await connected(desk, uri)
    try await measure("signed request", 50_000) {
      _ = try connection.sign(.get("/api/v2/tickets.json?page=2"))
    }
    let template = try Template(
      reading: "https://$<subdomain>.example.com/users/$<name>?q=$<query>")
    let url = URLTemplate(template)
    let names = [
      "subdomain": Value.text("acme"), "name": .text("Ada Lovelace"), "query": .text("a&b"),
    ]
    try await measure("expanded template", 100_000) {
      _ = try url.expanded(in: names)
    }
  }

  /// Begins, comes back, exchanges the code, reads the account: against a provider that answers at once.
  static func connected(_ desk: Zendesk, _ uri: RedirectURI) async throws -> Connection<Zendesk> {
    let pending = try desk.oauth.begin(client: app, scopes: [.read], redirectURI: uri)
    let state = pending.url.split(separator: "state=")[1].prefix { $0 != "&" }
    let provider = CannedTransport(
      json:
        #"{"access_token":"a1","refresh_token":"r1","expires_in":1800,"scope":"read","token_type":"bearer"}"#,
      #"{"user":{"id":1,"name":"Ada","email":"ada@example.com"}}"#)
    return try await pending.finish(
      callback: "\(uri)?code=c0de&state=\(state)", client: app, over: provider)
  }

  static func flow(_ desk: Zendesk, _ uri: RedirectURI) async throws {
    _ = try await connected(desk, uri)
  }

  /// Prints the CPU of one operation, in microseconds: of all threads, as the system counts it.
  static func measure(
    _ what: String, _ count: Int, batch: Int = 1,
    _ operation: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await operation()
    var least = Double.infinity
    for _ in 0..<3 {
      let start = cpu()
      if batch == 1 {
        for _ in 0..<count { try await operation() }
      } else {
        for _ in 0..<count / batch {
          try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<batch { group.addTask { try await operation() } }
            try await group.waitForAll()
          }
        }
      }
      least = min(least, (cpu() - start) / Double(count))
    }
    print("\(what)\t\(least * 1_000_000)")
  }

  static func cpu() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
