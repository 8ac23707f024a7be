internal import HTTPTypes
internal import Hummingbird
internal import KeywrightCrypto
internal import KeywrightDefinition

/// A log-in to the dashboard: the administrator's token in a cookie, and what its forms have to bring along.
struct LogIn: Sendable {
  let token: String

  /// What forms carry, so that no other page's form counts.
  var csrf: String { String(Encoding.hex(fingerprint("csrf:" + token)).prefix(32)) }

  /// Whether what a form carries is of this log-in.
  func made(_ mark: String) -> Bool {
    isEqualInConstantTime(Array(mark.utf8), Array(csrf.utf8))
  }

  /// What the cookie is called. Browsers give all servers of a machine the same cookies, whatever their ports.
  private static func name(at url: PublicURL) -> String {
    let port = url.origin.utf8.split(separator: UInt8(ascii: ":")).dropFirst(2).first
    return "kw_admin" + (port.map { "_\(Substring($0))" } ?? "")
  }

  /// The log-in that a request comes with; nil where there is none that is good.
  init?(_ request: Request, _ broker: Broker) async throws {
    let name = Self.name(at: broker.publicURL)
    guard let token = request.cookies(name).first(where: { $0.name == name })?.value,
      try await broker.administrator.isLoggedIn(token)
    else { return nil }
    self.token = token
  }

  /// The header that keeps a token in the browser, or takes it away.
  static func cookie(_ token: String?, at url: PublicURL) -> String {
    let path = url.prefix.isEmpty ? "/" : url.prefix
    return
      "\(name(at: url))=\(token ?? ""); Path=\(path); HttpOnly; SameSite=Lax; Max-Age=\(token == nil ? 0 : 12 * 3_600)"
      + (url.isSecure ? "; Secure" : "")
  }
}

/// Somebody who is logged in and looks at a page of one environment.
struct Visit: Sendable {
  let broker: Broker
  let request: Request
  let context: ServerContext
  let logIn: LogIn
  let environment: DeploymentEnvironment
  let environments: [DeploymentEnvironment]
  let isSimulated: Bool

  var root: String { broker.publicURL.prefix }
  /// What the addresses of the environment's pages begin with.
  var home: String { "\(root)/dashboard/\(environment.name)" }

  func parameter(_ name: String) throws -> String {
    let text = try context.parameters.require(name)
    guard let decoded = FormText.pairs("x=" + text.replacing("+", with: "%2B"))?.first?.value else {
      throw APIError(400, "invalid_uri_params", "the address is not percent-encoded UTF-8")
    }
    return decoded
  }

  /// The tabs of the dashboard.
  enum Tab: String { case integrations, connections, activity, settings }

  /// What has been done, by the short word that stands in an address.
  private static let notices = [
    "created": "Created.", "saved": "Saved.", "deleted": "Deleted.", "renewed": "Renewed.",
    "verified": "The credential is good.", "revoked": "Revoked.", "connected": "Connected.",
  ]

  func view(
    _ name: String, _ tab: Tab, title: String, _ values: Shown, problem: String? = nil
  ) -> View {
    var values = values
    let notice = ((try? request.query.value("done")) ?? nil).flatMap { Self.notices[$0] }
    values.merge(
      facts([
        "title": title, "home": home, "environment": environment.name, "csrf": logIn.csrf,
        "environments": environments.map {
          ["name": $0.name, "current": $0.name == environment.name] as Shown
        },
        "on" + Wording.word(tab.rawValue): true, "simulated": isSimulated,
        "notice": problem == nil ? notice : nil, "problem": problem.map(Page.sentence),
      ])
    ) { own, _ in own }
    return View(name, values, root: root)
  }

  /// Goes to another page, which says what was done.
  func redirect(to address: String, done: String? = nil) -> Response {
    let mark = done.map { "\(address.contains("?") ? "&" : "?")done=\($0)" } ?? ""
    return Response(
      status: .seeOther, headers: [.location: address + mark, .cacheControl: "no-store"])
  }

  /// A part of an address.
  static func part(_ text: String) -> String { Encoding.percent(text) }
}
