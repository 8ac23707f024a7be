import ArgumentParser
import Foundation
import KeywrightCompiler

/// `keywright new`: a spec to begin with.
struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a commented spec to begin with; 'check' accepts it as it is.",
    discussion: """
      In a checkout of the catalogue it goes to specs/<letter>/<id>.yaml, elsewhere to <id>.provider.yaml: a spec of \
      your own. A file that is there is never replaced.
      """)

  @Argument(help: "The id: lower-case letters and digits, in words joined by '-'.")
  var id: String

  @Option(help: "What the spec begins with: how people authorize.")
  var kind = Kind.oauth2

  @Option(help: "The file to write.")
  var out: String?

  /// The kinds of specs to begin with.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case oauth2
    case clientCredentials = "client_credentials"
    case apiKey = "api_key"
    case basic, custom
  }

  func validate() throws {
    guard SpecFolder.isID(id) else {
      throw ValidationError(
        "'\(id)' is no id; wanted lower-case letters and digits, in words joined by '-', at most 64"
      )
    }
  }

  func run() throws {
    let path = out ?? path
    guard !FileManager.default.fileExists(atPath: path) else {
      throw ValidationError("'\(path)' is there already, and stays as it is")
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let schema = path.hasPrefix("specs/") ? "../schema.json" : nil
    let text = StartingSpec.text(id: id, kind: kind, schema: schema)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
    print("wrote \(path)")
    print("next: keywright check \(path)")
    #if HTTPClient && Server
      print("then: keywright connect \(path) --simulate")
    #else
      print("then: keywright test \(path)")
    #endif
  }

  private var path: String {
    FileManager.default.fileExists(atPath: "specs/categories.yaml")
      ? "specs/\(id.prefix(1))/\(id).yaml" : "\(id).provider.yaml"
  }
}
