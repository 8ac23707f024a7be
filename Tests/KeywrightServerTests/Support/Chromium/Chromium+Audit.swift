import KeywrightDefinition
import Synchronization
import Testing

/// What every page of ours must pass.
extension Chromium {
  /// Looks at the current window's page in light, in dark and as on a phone, and expects nothing to be wrong.
  ///
  /// Pictures are `NAME-light.png`, `NAME-dark.png` and `NAME-phone.png`.
  ///
  /// - Parameters:
  ///   - origins: what it may ask besides its own origin.
  ///   - status: what the server answered with the page.
  func audit(
    _ name: String, origins: [String] = [], status: Int = 200,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let faults = try await faults(name, origins: origins, status: status)
    if faults.isEmpty { return }
    let place = try await url
    Issue.record(
      "\(name) at \(place):\n\(faults.map { "- \($0)" }.joined(separator: "\n"))",
      sourceLocation: sourceLocation)
  }

  /// What is wrong with the current window's page.
  func faults(_ name: String, origins: [String] = [], status: Int = 200) async throws -> [String] {
    let before = try await size
    var faults: [String] = []
    for (look, isDark) in [("light", false), ("dark", true)] {
      try await prefer(dark: isDark, reducedMotion: true)
      try await settle()
      try await screenshot("\(name)-\(look)")
      faults += try await Axe.violations(in: self).map { "\(look): \($0)" }
    }
    try await prefer(dark: false)
    try await resize(.phone)
    try await settle()
    try await screenshot("\(name)-phone")
    if let fault = try await widthFault() { faults.append(fault) }
    try await resize(before)
    try await readLogs()
    return try await loadFaults(origins: origins, status: status) + faults
  }

  /// Waits until what has changed is drawn, and fonts are there.
  private func settle() async throws {
    try await executeAsync(
      """
      const [done] = arguments
      document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done())))
      """)
  }

  private func widthFault() async throws -> String? {
    let phone = Int64(Size.phone.width)
    let found = try await execute(
      """
      const width = document.documentElement.scrollWidth
      const wide = [...document.querySelectorAll('body *')].filter(
        (one) => one.getBoundingClientRect().right > arguments[0])
      return { width, wide: wide.slice(-3).map((one) => one.cloneNode().outerHTML) }
      """, [.integer(phone)])
    guard let width = found["width"]?.integerValue, width > phone else { return nil }
    let wide = (found["wide"]?.textList ?? []).map { "\n    \($0)" }.joined()
    return "on a phone it is \(width) wide instead of \(phone), and scrolls sideways:\(wide)"
  }

  /// Takes over what the browser has logged since.
  private func readLogs() async throws {
    func entries(_ kind: String) async throws -> [JSON] {
      try await command("POST", "/se/log", .texts(["type": kind])).elements ?? []
    }
    let (console, events) = (try await entries("browser"), try await entries("performance"))
    log.withLock {
      $0.addConsole(console)
      $0.addEvents(events)
    }
  }

  private func loadFaults(origins: [String], status: Int) async throws -> [String] {
    let window = try await window
    let log = log.withLock { $0 }
    // Of several, the others were redirects to it.
    guard let start = log.requests.lastIndex(where: { $0.isPage && $0.window == window }),
      let answer = log.answers.last(where: { $0.isPage && $0.window == window })
    else { return ["it was not loaded from a server"] }
    let page = log.requests[start]
    let allowed = try await [execute("return location.origin").text ?? ""] + origins
    var faults: [String] = []
    for request in log.requests[start...]
    where request.window == window {
      guard !Self.isLocal(request.url), !allowed.contains(where: { Self.is(request.url, of: $0) })
      else { continue }
      faults.append("it asks somebody else: \(request.url)")
    }
    if answer.status != status {
      faults.append("its status is \(answer.status ?? 0), not \(status)")
    }
    faults += Self.policyFaults(answer.headers)
    for line in log.lines where line.level == "SEVERE" && line.time >= page.time {
      // Chromium tells so of every page whose status is an error.
      if status >= 400, line.text.hasPrefix("\(answer.url) - Failed to load resource") { continue }
      faults.append("the console says: \(line.text)")
    }
    return faults
  }

  /// Whether a URL asks no server.
  private static func isLocal(_ url: String) -> Bool {
    ["data:", "blob:", "about:", "chrome:"].contains { url.hasPrefix($0) }
  }

  private static func `is`(_ url: String, of origin: String) -> Bool {
    url == origin || url.hasPrefix(origin + "/")
  }

  private static func policyFaults(_ headers: [(name: String, value: String)]) -> [String] {
    let text = headers.filter { $0.name.lowercased() == "content-security-policy" }
      .map(\.value).joined(separator: ",")
    if text.isEmpty { return ["it has no Content-Security-Policy"] }
    var faults = ["'unsafe-inline'", "'unsafe-eval'"].filter { text.contains($0) }
      .map { "its Content-Security-Policy has \($0)" }
    let directives = text.split { $0 == ";" || $0 == "," || $0 == "\n" }
      .map { $0.split(separator: " ") }
    if !directives.contains(where: {
      $0 == ["default-src", "'none'"] || $0 == ["default-src", "'self'"]
    }) {
      faults.append(
        "its Content-Security-Policy does not begin with default-src 'none' or 'self': \(text)")
    }
    return faults
  }
}
