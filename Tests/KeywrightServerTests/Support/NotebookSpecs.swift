import Foundation

/// A folder with a spec of the user's own: that of the provider which Authlib plays.
enum NotebookSpecs {
  static func with(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kw-specs-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Repository.root.appendingPathComponent("Tests/Fixtures/notebook.provider.yaml"),
      to: folder.appendingPathComponent("notebook.yaml"))
    try await body(folder)
  }
}
