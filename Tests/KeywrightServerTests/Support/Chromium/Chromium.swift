import Foundation
import KeywrightDefinition
import Synchronization
import Testing

/// A real browser without a screen: Chromium, in a session and a profile of its own.
///
/// It reaches this machine alone. Any name under `.test` is this machine, so that pages of several sites can be had.
final class Chromium: Sendable {
  /// How long anything may take.
  static let patience = Duration.seconds(30)
  /// How often is looked.
  static let interval = Duration.milliseconds(50)

  /// What a browser is started with.
  struct Options: Sendable {
    var size = Size.desktop
    var userAgent: String?
    /// Further ones of Chromium's own.
    var arguments: [String] = []
  }

  /// How large a page is shown.
  struct Size: Sendable, Equatable {
    let width: Int
    let height: Int
    /// Whether it is laid out as on a phone, where a page says itself how wide it is.
    let isMobile: Bool

    static let desktop = Size(width: 1_280, height: 900, isMobile: false)
    static let phone = Size(width: 360, height: 740, isMobile: true)
  }

  /// A command that failed, or something waited for that did not come.
  struct Failure: Error, CustomStringConvertible {
    let words: String
    /// WebDriver's own, such as `no such element`.
    let code: String?
    init(_ words: String, code: String? = nil) {
      self.words = words
      self.code = code
    }
    var description: String { (code.map { "\($0): " } ?? "") + words }
  }

  private let driver: ChromeDriver
  private let session: String
  /// What the browser has logged; chromedriver tells each entry once.
  let log = Mutex(BrowserLog())
  private let sizes = Mutex<[String: Size]>([:])

  private init(_ driver: ChromeDriver, session: String) {
    self.driver = driver
    self.session = session
  }

  /// Runs a browser while some work is done. Where that fails, a picture of its page is kept.
  static func with<Result: Sendable>(
    _ options: Options = .init(), _ body: (Chromium) async throws -> Result
  ) async throws -> Result {
    let driver = try await ChromeDriver.running()
    let made = try await driver.command("POST", "/session", capabilities(options, of: driver))
    guard let session = made["sessionId"]?.text else { throw Failure("no session: \(made)") }
    let browser = Chromium(driver, session: session)
    do {
      try await browser.resize(options.size)
      let result = try await body(browser)
      await browser.end()
      return result
    } catch {
      let name = Test.current.map { "\($0.name.prefix { $0 != "(" })" } ?? "unknown"
      _ = try? await browser.screenshot("failed-\(name)")
      await browser.end()
      throw error
    }
  }

  /// Ends also where the test is cancelled, whose own requests are refused then.
  private func end() async {
    await Task { _ = try? await command("DELETE", "") }.value
  }

  /// One command of the session.
  @discardableResult
  func command(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
    try await driver.command(
      method, "/session/\(session)\(path)", body ?? (method == "POST" ? .object([]) : nil))
  }

  /// One command of Chromium's own protocol, for the current window.
  @discardableResult
  func devTools(_ name: String, _ parameters: [JSON.Member] = []) async throws -> JSON {
    try await command(
      "POST", "/goog/cdp/execute",
      .object([.init("cmd", .string(name)), .init("params", .object(parameters))]))
  }

  private static func capabilities(_ options: Options, of driver: ChromeDriver) -> JSON {
    var arguments = [
      "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run",
      "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", "--disable-default-apps", "--disable-extensions", "--disable-breakpad",
      // Else chromedriver logs nothing of frames of other sites.
      "--disable-site-isolation-trials",
      "--no-proxy-server", "--lang=en", "--window-size=1280,900",
      "--host-resolver-rules=MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
    ]
    if let agent = options.userAgent { arguments.append("--user-agent=\(agent)") }
    let chrome = JSON.object([
      .init("binary", .string(driver.program)),
      .init("args", .texts(arguments + options.arguments)),
      // A window that opens without a click stays shut, as people's browsers have it.
      .init("excludeSwitches", .texts(["disable-popup-blocking"])),
      .init("perfLoggingPrefs", .object([.init("enablePage", .boolean(false))])),
    ])
    let milliseconds = JSON.integer(patience.components.seconds * 1_000)
    let wanted = JSON.object([
      .init("browserName", .string("chrome")), .init("goog:chromeOptions", chrome),
      .init("goog:loggingPrefs", .texts(["browser": "ALL", "performance": "ALL"])),
      .init("timeouts", .object([.init("pageLoad", milliseconds), .init("script", milliseconds)])),
      // An alert stays until the test answers it.
      .init("unhandledPromptBehavior", .string("ignore")),
    ])
    return .object([.init("capabilities", .object([.init("alwaysMatch", wanted)]))])
  }

  // MARK: Waiting

  /// Waits until something holds. What fails on the way is looked at again: a page may be about to change.
  func waitUntil(_ what: String, _ condition: () async throws -> Bool) async throws {
    try await waiting(for: what) { try await condition() ? true : nil }
  }

  /// Waits until there is something.
  @discardableResult
  func waiting<Value>(
    for what: String, within patience: Duration = patience, _ look: () async throws -> Value?
  ) async throws -> Value {
    let deadline = ContinuousClock.now + patience
    var failure: Failure?
    while ContinuousClock.now < deadline {
      do {
        if let value = try await look() { return value }
        failure = nil
      } catch let error as Failure {
        failure = error
      }
      try await Task.sleep(for: Self.interval)
    }
    let place = (try? await url) ?? "no page"
    throw Failure("\(what) did not come at \(place)" + (failure.map { " (\($0))" } ?? ""))
  }

  // MARK: How it is shown

  /// The size that the current window's page was given; nil where it is as large as its window.
  var size: Size? {
    get async throws {
      let window = try await window
      return sizes.withLock { $0[window] }
    }
  }

  /// Shows the current window's page in another size, or in its window's own.
  func resize(_ size: Size?) async throws {
    let window = try await window
    if let size {
      try await devTools(
        "Emulation.setDeviceMetricsOverride",
        [
          .init("width", .integer(Int64(size.width))),
          .init("height", .integer(Int64(size.height))),
          .init("deviceScaleFactor", .integer(1)), .init("mobile", .boolean(size.isMobile)),
        ])
    } else {
      try await devTools("Emulation.clearDeviceMetricsOverride")
    }
    sizes.withLock { $0[window] = size }
  }

  /// What a person has told their system about how pages should look.
  func prefer(dark: Bool, reducedMotion: Bool = false) async throws {
    let features = [
      ("prefers-color-scheme", dark ? "dark" : "light"),
      ("prefers-reduced-motion", reducedMotion ? "reduce" : "no-preference"),
    ]
    let list = features.map { JSON.texts(["name": $0.0, "value": $0.1]) }
    try await devTools("Emulation.setEmulatedMedia", [.init("features", .array(list))])
  }

  /// Keeps a picture of the whole page.
  /// - Returns: its path, `.build/screenshots/NAME.png`.
  @discardableResult
  func screenshot(_ name: String) async throws -> String {
    let shot = try await devTools(
      "Page.captureScreenshot", [.init("captureBeyondViewport", .boolean(true))])
    guard let data = shot["data"]?.text.flatMap({ Data(base64Encoded: $0) }) else {
      throw Failure("no picture: \(shot)")
    }
    let folder = Repository.root.appendingPathComponent(".build/screenshots")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("\(name).png")
    try data.write(to: file)
    return file.path
  }
}
