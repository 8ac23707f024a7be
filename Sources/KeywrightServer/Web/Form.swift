internal import Hummingbird
internal import KeywrightDefinition

/// What a form of a page carries.
struct Form: Sendable {
  let pairs: [(name: String, value: String)]

  init(_ request: Request) async throws {
    let body = String(decoding: try await request.bytes(upTo: 512 * 1_024), as: UTF8.self)
    guard let pairs = FormText.pairs(body) else {
      throw APIError.invalidBody("the form can't be read")
    }
    self.pairs = pairs
  }

  /// A text that was filled in; nil where it is empty or not there.
  func text(_ name: String) -> String? {
    entry(name).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A text as it was filled in, empty too; nil where it is not there.
  func entry(_ name: String) -> String? { pairs.last { $0.name == name }?.value }

  /// All values of a name.
  func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

  /// What stands under names that begin in some way, by the rest of the name.
  func entries(_ prefix: String) -> [String: String] {
    var entries: [String: String] = [:]
    for pair in pairs where pair.name.hasPrefix(prefix) {
      entries[String(pair.name.dropFirst(prefix.count))] = pair.value
    }
    return entries
  }
}
