import Foundation

/// A copy of `Examples/Consumer`, in a folder whose path needs escapes, that depends on this checkout.
///
/// What was built of it stays, so that only its first build takes long. The catalogue's specs are a copy as well: a
/// test may change them.
struct ConsumerPackage {
  /// Above both packages.
  static let home = Repository.root.appendingPathComponent(".build/build-steps/My Äpp (1)")

  /// The consumer.
  let folder = home.appendingPathComponent("consumer")
  /// The folder of its only target.
  let sources = home.appendingPathComponent("consumer/Sources/Consumer")
  /// The catalogue's specs.
  let specs = home.appendingPathComponent("keywright/specs")
  /// What the build-tool plugin wrote.
  let generated = home.appendingPathComponent(
    "consumer/.build/plugins/outputs/consumer/Consumer/destination/KeywrightPlugin")

  /// The consumer as it is committed. Files that are as they should be keep their dates.
  init() throws {
    let manager = FileManager.default
    let keywright = Self.home.appendingPathComponent("keywright")
    try manager.createDirectory(at: keywright, withIntermediateDirectories: true)
    for name in ["Package.swift", "Plugins", "Sources", "Generated", "Examples", "Tests"] {
      let link = keywright.appendingPathComponent(name)
      if (try? manager.destinationOfSymbolicLink(atPath: link.path)) == nil {
        try manager.createSymbolicLink(
          at: link, withDestinationURL: Repository.root.appendingPathComponent(name))
      }
    }
    let isSame = try Self.mirror(Repository.root.appendingPathComponent("specs"), specs)
    let example = Repository.root.appendingPathComponent("Examples/Consumer")
    try Self.mirror(
      example.appendingPathComponent("Sources"), folder.appendingPathComponent("Sources"))
    let manifest = try String(
      contentsOf: example.appendingPathComponent("Package.swift"), encoding: .utf8)
    try Self.write(
      Data(manifest.replacing("\"../..\"", with: "\"../keywright\"").utf8),
      folder.appendingPathComponent("Package.swift"))
    if isSame { return }
    // SwiftPM plans a build again where files of the package itself come or go, not where files of another do.
    try manager.setAttributes(
      [.modificationDate: Date()],
      ofItemAtPath: folder.appendingPathComponent("Package.swift").path)
  }

  /// Builds it, as a person does.
  func build() throws -> Command.Outcome {
    try Command.run("swift", ["build", "--disable-sandbox"], in: folder)
  }

  /// Runs the command plugin.
  func command(_ arguments: String...) throws -> Command.Outcome {
    try Command.run(
      "swift",
      ["package", "--disable-sandbox", "--allow-writing-to-package-directory", "keywright"]
        + arguments,
      in: folder)
  }

  /// Writes one of its sources or specs.
  func write(_ text: String, to name: String) throws {
    try Self.write(Data(text.utf8), sources.appendingPathComponent(name))
  }

  /// The text of what the build-tool plugin wrote; nil where there is no such file.
  func generated(_ name: String) -> String? {
    try? String(contentsOf: generated.appendingPathComponent(name), encoding: .utf8)
  }

  /// Makes one folder like another; false where a file had to go.
  @discardableResult
  private static func mirror(_ origin: URL, _ copy: URL) throws -> Bool {
    let manager = FileManager.default
    try manager.createDirectory(at: copy, withIntermediateDirectories: true)
    let wanted = try manager.subpathsOfDirectory(atPath: origin.path)
    let strays = try manager.subpathsOfDirectory(atPath: copy.path).filter { !wanted.contains($0) }
    for path in strays { try? manager.removeItem(at: copy.appendingPathComponent(path)) }
    for path in wanted {
      let (from, to) = (origin.appendingPathComponent(path), copy.appendingPathComponent(path))
      var isFolder: ObjCBool = false
      _ = manager.fileExists(atPath: from.path, isDirectory: &isFolder)
      if isFolder.boolValue {
        try manager.createDirectory(at: to, withIntermediateDirectories: true)
      } else {
        try write(try Data(contentsOf: from), to)
      }
    }
    return strays.isEmpty
  }

  private static func write(_ data: Data, _ file: URL) throws {
    if (try? Data(contentsOf: file)) == data { return }
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }
}
