import Foundation

/// Virtual environments of Python, with what some requirements pin.
enum PythonEnvironment {
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// The Python of an environment, which is made once for each text of its requirements.
  /// - Parameter alone: without what the requirements require themselves.
  static func python(for requirements: URL, named name: String, alone: Bool = false) throws -> URL {
    let folder = Repository.root.appendingPathComponent(".build/\(name)")
    let python = folder.appendingPathComponent("bin/python")
    let stamp = folder.appendingPathComponent("requirements.txt")
    let wanted = try String(contentsOf: requirements, encoding: .utf8)
    if (try? String(contentsOf: stamp, encoding: .utf8)) == wanted { return python }
    try? FileManager.default.removeItem(at: folder)
    for (program, arguments) in [
      ("python3", ["-m", "venv", folder.path]),
      (
        python.path,
        ["-m", "pip", "install", "--quiet", "-r", requirements.path] + (alone ? ["--no-deps"] : [])
      ),
    ] {
      let outcome = try Command.run(program, arguments)
      guard outcome.status == 0 else {
        throw Failure(description: "\(program) \(arguments): \(outcome.errors)")
      }
    }
    try wanted.write(to: stamp, atomically: true, encoding: .utf8)
    return python
  }

  /// Runs a script of `Tests/Servers/oracles`.
  static func oracle(_ script: String, _ arguments: [String]) throws -> Command.Outcome {
    let folder = Repository.root.appendingPathComponent("Tests/Servers/oracles")
    let python = try python(
      for: folder.appendingPathComponent("requirements.txt"), named: "oracles")
    return try Command.run(
      python.path, [folder.appendingPathComponent(script).path] + arguments)
  }
}
