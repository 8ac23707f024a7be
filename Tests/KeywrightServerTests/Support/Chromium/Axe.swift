import Foundation
import KeywrightDefinition

/// axe-core, which finds what keeps people with disabilities out of a page.
enum Axe {
  private static let script = Task {
    let requirements = Repository.root.appendingPathComponent(
      "Tests/Servers/browser/requirements.txt")
    // The package drives a browser with the help of a large one, of which nothing is used here.
    let python = try PythonEnvironment.python(for: requirements, named: "browser", alone: true)
    let found = try Command.run(
      python.path,
      [
        "-c",
        "import sysconfig; print(sysconfig.get_path('purelib') + '/axe_playwright_python/axe.min.js')",
      ])
    let path = found.output.trimmingCharacters(in: .whitespacesAndNewlines)
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  /// What is wrong with the page or frame that a browser is in: the rule, what it wants, and where it is broken.
  static func violations(in browser: Chromium) async throws -> [String] {
    if try await browser.execute("return typeof axe === 'undefined'").truth == true {
      try await browser.execute(try await script.value)
    }
    // Without 'preload' it requests nothing. What moves is judged as it comes to rest.
    let result = try await browser.executeAsync(
      """
      const [done] = arguments
      for (const animation of document.getAnimations()) try { animation.finish() } catch {}
      axe.run(document, { preload: false, resultTypes: ['violations'] }).then(
        (result) => done({ violations: result.violations.map(({ id, help, nodes }) => ({
          id, help, nodes: nodes.map((node) => node.html + ' (' + node.any.concat(node.all, node.none)
            .map((check) => check.message).join('; ') + ')') })) }),
        (error) => done({ error: String(error) }))
      """)
    if let error = result["error"]?.text { throw Chromium.Failure("axe failed: \(error)") }
    return (result["violations"]?.elements ?? []).map { violation in
      let nodes = (violation["nodes"]?.textList ?? []).map { "\n    \($0)" }
      return "axe \(violation["id"]?.text ?? ""): \(violation["help"]?.text ?? "")\(nodes.joined())"
    }
  }
}
